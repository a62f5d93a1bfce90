"""The map of the world: a projection that keeps areas, and shapes that are cut where the map ends."""

from itertools import pairwise
from math import radians, sin
from pathlib import Path

import pytest

from api import web
from api.pages.world import World, cut, equal_earth, world
from graph.settings import GraphSettings

RUSSIA = [(170.0, 60.0), (-170.0, 60.0), (-170.0, 70.0), (170.0, 70.0), (170.0, 60.0)]
"""A square of twenty degrees across the antimeridian."""


@pytest.fixture(scope="module")
def drawn() -> World:
    settings = GraphSettings(neo4j_uri=None)
    web.install(settings)
    return world(web.folder(settings))


def area(ring: list[tuple[float, float]]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]]))) / 2


@pytest.mark.parametrize("south", [-90, -45, 0, 30, 80])
def test_the_projection_keeps_areas(south: int) -> None:
    steps = [south + step / 50 for step in range(501)]
    piece = [equal_earth(0, step) for step in steps] + [equal_earth(10, step) for step in reversed(steps)]

    on_the_sphere = radians(10) * (sin(radians(south + 10)) - sin(radians(south)))

    assert area(piece) == pytest.approx(on_the_sphere, rel=1e-4)


def test_it_has_the_width_that_its_authors_tell() -> None:
    assert equal_earth(180, 0)[0] == pytest.approx(2.7066, abs=1e-3)
    assert equal_earth(0, 90)[1] == pytest.approx(1.3173, abs=1e-3)


@pytest.mark.parametrize("ring", [RUSSIA, RUSSIA[1:-1] + RUSSIA[:2]], ids=["from-the-west", "from-the-east"])
def test_a_shape_over_the_antimeridian_is_cut_in_two(ring: list[tuple[float, float]]) -> None:
    pieces = cut(ring)

    assert sorted((min(x for x, _ in piece), max(x for x, _ in piece)) for piece in pieces) == [
        (-180, -170),
        (170, 180),
    ]
    assert [area(list(piece)) for piece in pieces] == [100, 100]


def test_a_shape_elsewhere_stays_as_it_is() -> None:
    square = [(10.0, 0.0), (20.0, 0.0), (20.0, 10.0), (10.0, 10.0), (10.0, 0.0)]

    (piece,) = cut(square)

    assert list(dict.fromkeys(piece)) == square[:-1]


def test_every_country_of_natural_earth_is_drawn_within_the_map(drawn: World) -> None:
    assert len(drawn.paths) == 173
    assert {"RU", "FJ", "US", "TN"} <= drawn.paths.keys()
    assert "AQ" not in drawn.paths
    assert len(drawn.unclaimed) == 3
    for path in (*drawn.paths.values(), *drawn.unclaimed):
        assert path.startswith("M")
        for x, y in positions(path):
            assert -1 <= x <= drawn.width + 1
            assert -1 <= y <= drawn.height + 1


def test_russia_and_fiji_lie_on_both_edges_and_no_line_crosses_the_map(drawn: World) -> None:
    for code in ("RU", "FJ"):
        across = [x for x, _ in positions(drawn.paths[code])]
        assert min(across) < drawn.width / 3
        assert max(across) > drawn.width * 2 / 3
    for path in drawn.paths.values():
        assert all(abs(int(step)) < drawn.width / 4 for ring in path.split("M")[1:] for step in steps(ring))


def test_without_the_file_there_is_no_map(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        world(tmp_path)


def steps(ring: str) -> list[str]:
    return ring.split("l")[1].rstrip("z").replace("-", " -").split()


def positions(path: str) -> list[tuple[int, int]]:
    """The points that a path goes through."""
    found = []
    for ring in path.split("M")[1:]:
        x, y = map(int, ring.split("l")[0].split())
        found.append((x, y))
        told = list(map(int, steps(ring)))
        for dx, dy in zip(told[::2], told[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found
