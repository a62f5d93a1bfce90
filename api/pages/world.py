"""The world as one drawing: Natural Earth's countries, from TopoJSON to the paths of an SVG.

The projection is Equal Earth, which keeps areas in proportion: Bojan Šavrič, Tom Patterson and Bernhard Jenny, "The
Equal Earth map projection", International Journal of Geographical Information Science 33 (2019), 454-465. Of TopoJSON
the arcs are quantized: each point is told as how far it is from the one before, in steps of the file's "transform".
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, pairwise
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any, Final

import pycountry

__all__ = ["FILE", "World", "equal_earth", "world"]

FILE: Final = "countries-110m.json"
"""Of npm's world-atlas, among the files of set-up."""

WIDTH: Final = 1000
"""Of the drawing, in its own units; coordinates are whole numbers of them."""

NOT_DRAWN: Final = frozenset({"010"})
"""Antarctica, by its number of ISO 3166-1: nobody lives there, and it would take a fifth of the drawing."""

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796

Point = tuple[float, float]
"""Degrees of longitude and latitude; or, once projected, across and down."""
Ring = Sequence[Point]


@dataclass(frozen=True, slots=True)
class World:
    """A drawing of ``width`` by ``height``: the path of each country by its two letters of ISO 3166-1.

    ``unclaimed`` are the paths of what Natural Earth draws by itself and ISO 3166 has no code for.
    """

    width: int
    height: int
    paths: Mapping[str, str]
    unclaimed: tuple[str, ...]


def equal_earth(longitude: float, latitude: float) -> Point:
    """A point in degrees on a plane of the unit sphere: right of Greenwich, and up from the equator."""
    slant = asin(sqrt(3) / 2 * sin(radians(latitude)))
    squared = slant**2
    sixth = squared**3
    stretch = 9 * A4 * sixth * squared + 7 * A3 * sixth + 3 * A2 * squared + A1
    return (
        2 * sqrt(3) * radians(longitude) * cos(slant) / (3 * stretch),
        slant * (A4 * sixth * squared + A3 * sixth + A2 * squared + A1),
    )


@cache
def world(folder: Path) -> World:
    """The world, drawn from the file in the folder of set-up; some tenths of a second of a processor, once.

    Raises:
        FileNotFoundError: the file is not there.
    """
    topology = json.loads((folder / FILE).read_bytes())
    arcs = [_positions(arc, topology["transform"]) for arc in topology["arcs"]]
    shapes = [
        (_letters(shape.get("id", "")), [_projected(part) for ring in _rings(shape, arcs) for part in cut(ring)])
        for shape in topology["objects"]["countries"]["geometries"]
        if shape.get("id") not in NOT_DRAWN
    ]
    points = [point for _, rings in shapes for ring in rings for point in ring]
    top, bottom = max(up for _, up in points), min(up for _, up in points)
    edge = equal_earth(180, 0)[0]
    unit = WIDTH / (2 * edge)
    drawn = [
        (letters, "".join(_path([((x + edge) * unit, (top - y) * unit) for x, y in ring]) for ring in rings))
        for letters, rings in shapes
    ]
    return World(
        WIDTH,
        round((top - bottom) * unit),
        {letters: path for letters, path in drawn if letters},
        tuple(path for letters, path in drawn if not letters),
    )


def cut(ring: Ring) -> list[Ring]:
    """A ring in the pieces that it falls into on a map from 180° west to 180° east.

    Its points go round the globe as they come: where two that follow each other are more than half of it apart, the way
    between them leads over the antimeridian.
    """
    turns = accumulate(
        (-360 if (b[0] - a[0]) > 180 else 360 if (b[0] - a[0]) < -180 else 0 for a, b in pairwise(ring)), initial=0
    )
    unrolled = [(x + turn, y) for (x, y), turn in zip(ring, turns, strict=True)]
    west, east = (outermost([x for x, _ in unrolled]) for outermost in (min, max))
    pieces = (
        _beside(_beside([(x - 360 * times, y) for x, y in unrolled], -180, 1), 180, -1)
        for times in range(int((west + 180) // 360), int((east + 180) // 360) + 1)
    )
    return [piece for piece in pieces if piece]


def _beside(ring: Ring, meridian: float, side: int) -> Ring:
    """What of a ring is east (``side`` 1) or west (-1) of a meridian (Sutherland and Hodgman's clipping)."""
    kept: list[Point] = []
    for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        is_in, goes_in = ((point[0] - meridian) * side >= 0 for point in (a, b))
        if is_in:
            kept.append(a)
        if is_in != goes_in:
            kept.append((meridian, a[1] + (b[1] - a[1]) * (meridian - a[0]) / (b[0] - a[0])))
    return kept if len({x for x, _ in kept}) > 1 else []


def _positions(arc: Sequence[Sequence[int]], transform: Mapping[str, Any]) -> Ring:
    """An arc's points in degrees."""
    (across, up), (west, south) = transform["scale"], transform["translate"]
    steps = zip(accumulate(x for x, _ in arc), accumulate(y for _, y in arc), strict=True)
    return [(west + x * across, south + y * up) for x, y in steps]


def _rings(shape: Mapping[str, Any], arcs: Sequence[Ring]) -> Iterator[Ring]:
    """The closed rings of a shape, which names its arcs by number: ``~number`` is one that is walked backwards."""
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    for numbers in chain.from_iterable(polygons):
        walked = [arcs[one] if one >= 0 else arcs[~one][::-1] for one in numbers]
        yield [*walked[0], *chain.from_iterable(arc[1:] for arc in walked[1:])]


def _projected(ring: Ring) -> Ring:
    return [equal_earth(*point) for point in ring]


def _path(ring: Ring) -> str:
    """A ring as SVG tells it, in whole numbers, each point as how far it is from the one before."""
    whole = [(round(x), round(y)) for x, y in ring]
    steps = [(c - a, d - b) for (a, b), (c, d) in pairwise(whole) if (a, b) != (c, d)]
    if len(steps) < 2:
        return ""
    told = " ".join(f"{number}" for step in _merged(steps) for number in step).replace(" -", "-")
    return f"M{whole[0][0]} {whole[0][1]}l{told}z"


def _merged(steps: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Steps along one straight line as one."""
    x, y = steps[0]
    for dx, dy in steps[1:]:
        if x * dy == y * dx and x * dx + y * dy > 0:
            x, y = x + dx, y + dy
        else:
            yield x, y
            x, y = dx, dy
    yield x, y


def _letters(number: str) -> str:
    country = pycountry.countries.get(numeric=number)
    return f"{country.alpha_2}" if country else ""
