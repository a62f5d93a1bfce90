"""A load from its preview to its end, by the real command on a real graph; and each way in which it is ended."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from api.loading import Load, Loads, NoSuchLoad, NotNow, Step, UnfitUpload, Upload, loads
from graph import accounts, changes
from graph.accounts import Account, AccountId
from graph.engine import Address
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import Role
from tests.api.loading.test_files import upload
from tests.door import KEEPER

EXPERTS = "id,name,country\nana,Ana,ES\nbo,Bo,Spain\nCy,Cy,FR\n"
PEOPLE = "MATCH (e:Expert) RETURN e.id AS id ORDER BY id"


@pytest.fixture
async def keeper(graph: Graph) -> Account:
    return await accounts.create(graph, KEEPER, email="keeper@example.org", role=Role.ADMINISTRATOR)


@pytest.fixture
def told() -> list[str]:
    """Filled when something was stored."""
    return []


@pytest.fixture
async def own(
    graph: Graph, graph_settings: GraphSettings, engine_address: Address, told: list[str]
) -> AsyncIterator[Loads]:
    made = Loads(graph_settings, upload_mb=10, loaded=lambda: told.append("loaded"))
    yield made
    await made.close()
    shutil.rmtree(graph_settings.home / "loads", ignore_errors=True)


async def previewed(own: Loads, account: AccountId) -> Load:
    begun = await own.begin(account, [upload("experts.csv", EXPERTS.encode())])
    await own.done(begun.id)
    return own.find(account, begun.id)


async def taken_in(own: Loads, account: AccountId) -> Load:
    """A load of which the command was ended before it began."""
    begun = await own.begin(account, [upload("experts.csv", EXPERTS.encode())])
    await own.close()
    return own.find(account, begun.id)


async def working(own: Loads, load: Load) -> psutil.Process:
    """The command at work on a load."""
    async with asyncio.timeout(60):
        while True:
            now = own.find(load.account, load.id)
            assert now.process is not None
            if now.process[0] != os.getpid():
                return psutil.Process(now.process[0])
            await asyncio.sleep(0.01)


def has_ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


async def test_from_a_preview_through_mended_rows_to_the_graph(
    own: Loads, keeper: Account, graph: Graph, told: list[str]
) -> None:
    load = await previewed(own, keeper.id)
    report = own.told(load)

    assert report is not None
    assert load.step is Step.PREVIEWED
    assert await graph.read(PEOPLE) == []
    assert [(count.kind, count.created, count.refused) for count in report.kinds] == [("experts", 1, 2)]
    assert [(row.row, row.cells, row.problems_of(2), row.elsewhere) for row in report.rows[1:]] == [
        (4, ("Cy", "Cy", "FR"), [], [])
    ]
    (wrong,) = report.rows[0].problems_of(2)
    assert (wrong.place, wrong.value, wrong.remedy) == ("row 3", "Spain", "write ES")

    mended = [
        {"file": "experts.csv", "row": 3, "cells": ["bo", "Bo", "ES"]},
        {"file": "experts.csv", "row": 4, "cells": []},
    ]
    await own.preview(keeper.id, load.id, mended=mended)
    await own.done(load.id)
    report = own.told(load)
    assert report is not None
    assert (report.refused, report.stored, report.rows) == (0, 2, [])
    assert await graph.read(PEOPLE) == []

    await asyncio.gather(own.load(keeper.id, load.id), own.load(keeper.id, load.id))
    await own.done(load.id)
    again = await own.load(keeper.id, load.id)

    assert again.step is Step.LOADED
    assert [row["id"] for row in await graph.read(PEOPLE)] == ["ana", "bo"]
    log = [one for _, one in (await changes.page(graph, KEEPER, first=9, subjects=["experts"])).entries]
    assert [(one.actor, one.after) for one in log] == [(f"account:{keeper.id}", {"count": 2})]
    assert told == ["loaded"]
    assert own.files(again) == []


async def test_nothing_is_loaded_that_was_not_looked_at(own: Loads, keeper: Account, graph: Graph) -> None:
    begun = await own.begin(keeper.id, [upload("experts.csv", EXPERTS.encode())])

    with pytest.raises(NotNow, match="it is being worked on"):
        await own.load(keeper.id, begun.id)
    with pytest.raises(NotNow, match="it is being worked on"):
        await own.put_in_place(keeper.id, begun.id, file="experts.csv", upload=upload("x.csv"))
    await own.close()
    with pytest.raises(NotNow, match="nobody has looked yet"):
        await own.load(keeper.id, begun.id)

    assert await graph.read(PEOPLE) == []


async def test_a_load_is_there_for_its_own_account_alone(own: Loads, keeper: Account) -> None:
    load = await taken_in(own, keeper.id)
    other = AccountId("another")

    for attempt in (own.preview(other, load.id), own.load(other, load.id), own.remove(other, load.id)):
        with pytest.raises(NoSuchLoad):
            await attempt
    for id in (load.id, "x", "../" * 7 + "x", f"{load.id}/..", ""):
        with pytest.raises(NoSuchLoad):
            own.find(other, id)

    assert own.of(other) == []
    assert [one.id for one in own.of(keeper.id)] == [load.id]


async def test_its_folder_is_for_nobody_else_on_the_machine(
    own: Loads, keeper: Account, graph_settings: GraphSettings
) -> None:
    load = await taken_in(own, keeper.id)

    folder = graph_settings.home / "loads"
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / load.id)} == {0o700}


async def test_what_cannot_be_taken_in_leaves_nothing_behind(
    own: Loads, keeper: Account, graph_settings: GraphSettings
) -> None:
    with pytest.raises(UnfitUpload):
        await own.begin(keeper.id, [upload("x.csv"), upload("X.csv")])

    assert own.of(keeper.id) == []
    assert [*(graph_settings.home / "loads").iterdir()] == []


async def test_what_the_command_cannot_do_is_said_without_a_folder_of_the_server(own: Loads, keeper: Account) -> None:
    begun = await own.begin(keeper.id, [upload("expert.csv", EXPERTS.encode())])
    await own.done(begun.id)

    found = own.find(keeper.id, begun.id)
    assert (found.step, found.is_running, found.may_load) == (Step.PREVIEWING, False, False)
    assert found.problem is not None
    assert found.problem.startswith("What was sent holds no file of a network, such as experts.csv")
    assert own.told(found) is None


async def test_a_load_that_is_removed_ends_its_command_and_takes_its_files_along(
    own: Loads, keeper: Account, graph_settings: GraphSettings
) -> None:
    begun = await own.begin(keeper.id, [upload("experts.csv", EXPERTS.encode())])
    process = await working(own, begun)

    await own.remove(keeper.id, begun.id)

    assert has_ended(process)
    assert not (graph_settings.home / "loads" / begun.id).exists()


async def test_a_server_that_stops_ends_its_commands_and_says_so(own: Loads, keeper: Account) -> None:
    async with own.at_work():
        begun = await own.begin(keeper.id, [upload("experts.csv", EXPERTS.encode())])
        process = await working(own, begun)

    found = own.find(keeper.id, begun.id)
    assert has_ended(process)
    assert (found.is_running, found.may_load, found.problem) == (False, False, loads.Trouble.INTERRUPTED.value)


async def test_a_preview_that_nobody_looks_at_is_ended(
    own: Loads, keeper: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loads, "LEFT_S", -1.0)
    monkeypatch.setattr(loads, "LOOKED_AFTER_EVERY_S", 0.01)

    begun = await own.begin(keeper.id, [upload("experts.csv", EXPERTS.encode())])
    await own.done(begun.id)

    assert own.find(keeper.id, begun.id).problem == loads.Trouble.LEFT.value


async def test_what_takes_too_long_is_ended(own: Loads, keeper: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loads, "PREVIEW_S", 0.0)
    monkeypatch.setattr(loads, "LOOKED_AFTER_EVERY_S", 0.01)

    begun = await own.begin(keeper.id, [upload("experts.csv", EXPERTS.encode())])
    await own.done(begun.id)

    assert own.find(keeper.id, begun.id).problem == loads.Trouble.TOOK_TOO_LONG.value


async def test_what_was_begun_by_a_server_that_is_gone_can_be_done_again(
    own: Loads, keeper: Account, graph_settings: GraphSettings
) -> None:
    load = await taken_in(own, keeper.id)
    state = graph_settings.home / "loads" / load.id / "state.json"
    state.write_text(json.dumps(json.loads(state.read_text()) | {"step": "loading", "process": [os.getpid(), 1.0]}))

    found = own.find(keeper.id, load.id)

    assert (found.is_running, found.may_load, found.problem) == (False, True, loads.Trouble.INTERRUPTED.value)


async def test_old_loads_are_forgotten_and_of_many_the_oldest(
    own: Loads, keeper: Account, graph_settings: GraphSettings
) -> None:
    made = [(await taken_in(own, keeper.id)).id for _ in range(loads.MOST_OF_ACCOUNT + 1)]

    assert [one.id for one in own.of(keeper.id)] == made[:0:-1]

    for name in ("", "seen"):
        os.utime(graph_settings.home / "loads" / made[1] / name, (1, 1))
    await asyncio.to_thread(own._sweep)
    assert [one.id for one in own.of(keeper.id)] == made[:1:-1]


async def test_of_many_loads_what_is_being_worked_on_stays(
    own: Loads, keeper: Account, graph_settings: GraphSettings
) -> None:
    made = [(await taken_in(own, keeper.id)).id for _ in range(loads.MOST_OF_ACCOUNT)]
    me = psutil.Process()
    at_work = {"step": "loading", "process": [me.pid, me.create_time()]}

    def put_to_work(id: str) -> None:
        state = graph_settings.home / "loads" / id / "state.json"
        state.write_text(json.dumps(json.loads(state.read_text()) | at_work))

    put_to_work(made[0])
    made.append((await taken_in(own, keeper.id)).id)

    assert {one.id for one in own.of(keeper.id)} == {made[0], *made[2:]}
    for id in made[2:]:
        put_to_work(id)
    with pytest.raises(NotNow, match="5 loads of yours are being worked on; wait until one is done, or end it"):
        await own.begin(keeper.id, [upload("experts.csv", EXPERTS.encode())])
    assert len(own.of(keeper.id)) == loads.MOST_OF_ACCOUNT


async def test_while_a_file_is_put_in_place_nothing_is_loaded_that_nobody_looked_at(
    own: Loads, keeper: Account, graph: Graph
) -> None:
    load = await previewed(own, keeper.id)
    arriving, sending = os.pipe()

    with os.fdopen(arriving, "rb") as arrived:
        with os.fdopen(sending, "wb") as rest:
            slow = Upload("experts.csv", arrived)
            placing = asyncio.create_task(own.put_in_place(keeper.id, load.id, file="experts.csv", upload=slow))
            await asyncio.sleep(0)  # it copies now, and waits for the rest
            with pytest.raises(NotNow, match="it is being worked on"):
                await own.load(keeper.id, load.id)
            rest.write(EXPERTS.encode())
        await placing
    await own.done(load.id)

    assert own.find(keeper.id, load.id).step is Step.PREVIEWED
    assert await graph.read(PEOPLE) == []


def test_nothing_is_there_before_the_first(tmp_path: Path) -> None:
    own = Loads(GraphSettings(home=tmp_path / "new", neo4j_uri=None), upload_mb=1, loaded=lambda: None)

    own._sweep()
    assert own.of(AccountId("a")) == []


async def test_what_tells_of_somebody_is_forgotten_at_once_or_when_it_ends(own: Loads, keeper: Account) -> None:
    done = await previewed(own, keeper.id)
    others = await own.begin(keeper.id, [upload("topics.csv", b"id,name\nsoil,Soil\n")])
    await own.done(others.id)
    running = await own.begin(keeper.id, [upload("experts.csv", EXPERTS.encode())])

    own.forget(["ana", "Ana"])
    left = {load.id for load in own.of(keeper.id)}
    await own.done(running.id)

    assert left == {others.id, running.id}
    assert [load.id for load in own.of(keeper.id)] == [others.id]
    assert not (own.settings.home / "loads" / done.id).exists()


async def test_what_was_to_be_forgotten_is_swept_if_its_server_stopped(own: Loads, keeper: Account) -> None:
    load = await taken_in(own, keeper.id)
    (own.settings.home / "loads" / load.id / "to-remove").touch()

    async with own.at_work():
        await own.begin(keeper.id, [upload("topics.csv", b"id,name\nsoil,Soil\n")])

    assert load.id not in [one.id for one in own.of(keeper.id)]
