import socket
from pathlib import Path

import pytest

from graph.engine import Address, supervisor


def test_log_keeps_its_newest_output_in_two_files(tmp_path: Path) -> None:
    log = supervisor._BoundedLog(tmp_path / "engine.log")

    for number in range(30):
        log.write(f"{number:09}\n".encode() * 10_000)

    assert (tmp_path / "engine.log").stat().st_size <= 1_100_000
    assert (tmp_path / "engine.log.1").stat().st_size <= 1_100_000
    assert (tmp_path / "engine.log").read_text(encoding="ascii").endswith("000000029\n")
    assert len(list(tmp_path.iterdir())) == 2


def test_log_goes_on_after_an_older_run(tmp_path: Path) -> None:
    (tmp_path / "engine.log").write_text("older\n", encoding="ascii")

    supervisor._BoundedLog(tmp_path / "engine.log").write(b"newer\n")

    assert (tmp_path / "engine.log").read_text(encoding="ascii") == "older\nnewer\n"


def test_reserved_port_is_refused_to_others_but_not_to_who_listens_on_it() -> None:
    reservation = supervisor._reserved_port()
    port = reservation.getsockname()[1]

    with socket.socket() as stranger, pytest.raises(OSError, match="Address already in use"):
        stranger.bind(("127.0.0.1", port))

    with socket.socket() as engine:
        engine.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        engine.bind(("127.0.0.1", port))
        engine.listen()
    reservation.close()


def test_engineanswers_bolt(engine_address: Address) -> None:
    port = int(engine_address.uri.rpartition(":")[2])

    assert supervisor.answers_bolt(port)


def test_port_that_is_only_reserved_does_not_answer() -> None:
    with supervisor._reserved_port() as reservation:
        assert not supervisor.answers_bolt(reservation.getsockname()[1])


def test_listener_that_says_nothing_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        assert not supervisor.answers_bolt(port)
