"""Which resource is meant: by its id, by what registers call it, else by its title; and which activity."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from graph.spelling import folded
from ingest.report import Doubt
from ingest.resolving.ids import Wanted, digest, new_ids, slug_of
from ingest.resolving.labels import Labels
from ingest.resolving.things import Things, grouped, nameless
from ingest.resolving.told import Told

__all__ = ["resolve_activities", "resolve_resources"]

Group = tuple[Sequence[Told], frozenset[str]]


def resolve_resources(rows: Sequence[Told], there: Mapping[str, str], by_identifier: Mapping[str, str]) -> Things:
    """Which resource each row is. ``there`` has the titles by id, of the graph and of the network's own files.

    The id of a new one with an identifier ends in that identifier's digest, by which it is recognised again: titles
    such as "Editorial" are many resources'.
    """
    found = Things(labels=Labels((title, id) for id, title in there.items()))
    groups = grouped(rows, {})
    often = Counter(title for group, identifiers in groups if identifiers for title in map(folded, _titles(group)))
    untitled: dict[str, list[Group]] = defaultdict(list)
    for group, identifiers in sorted(groups, key=lambda one: not one[1]):
        titles = _titles(group)
        explicit = sorted({id for told in group if (id := told.text("id")) is not None})
        own = sorted(_id_of(title, one) for title in titles for one in identifiers)
        called = {
            id for title in titles if not identifiers or often[folded(title)] == 1 for id in found.labels.ids(title)
        }
        if identifiers:
            called = {id for id in called if not any(_is_derived(id, title) for title in titles)}
        identified = sorted({by_identifier[one] for one in identifiers if one in by_identifier})
        known = (
            explicit or identified or [id for id in own if id in there] or (sorted(called) if len(called) == 1 else [])
        )
        if known or own:
            _take(found, group, known[0] if known else _id_of(titles[0], min(identifiers)))
        elif called:
            found.left_out.update(group)
            found.doubts += [_several(told, titles[0], sorted(called)) for told in group]
        elif titles:
            untitled[folded(titles[0])].append((group, identifiers))
        else:
            found.refusals.update({told: nameless(told, "title", "resource") for told in group})
    wanted = {title: Wanted(min(_titles(group)[0] for group, _ in groups), title) for title, groups in untitled.items()}
    taken = {*there, *found.ids.values()}
    for title, id in new_ids(wanted, taken, otherwise="resource").items():
        for group, _ in untitled[title]:
            _take(found, group, id)
    return found


def _titles(group: Sequence[Told]) -> list[str]:
    return sorted({title for told in group if (title := told.text("title")) is not None})


def _several(told: Told, title: str, ids: Sequence[str]) -> Doubt:
    return told.doubt(
        "title",
        title,
        reason=f"several resources are called '{title}' ({', '.join(ids)}), so none was taken",
        remedy="write the id of the one that is meant",
    )


def _take(found: Things, group: Sequence[Told], id: str) -> None:
    for told in group:
        found.ids[told] = told.text("id") or id
        found.labels.add(told.text("title") or "", found.ids[told])


def _id_of(title: str, identifier: str) -> str:
    return f"{slug_of(title, otherwise='resource')}-{digest(identifier)[:6]}"


def _is_derived(id: str, title: str) -> bool:
    """Whether an id was made of a title and an identifier, so that it is another identifier's."""
    return re.fullmatch(rf"{slug_of(title, otherwise='resource')}-[0-9a-f]{{6}}", id) is not None


def resolve_activities(rows: Sequence[Told]) -> Things:
    """Which activity each row is: by id, else by its title and the file's key for it."""
    found = Things()
    for told in rows:
        id, title = told.text("id"), told.text("title")
        if id is None and title is None:
            found.refusals[told] = nameless(told, "title", "activity")
        else:
            found.ids[told] = id or _id_of(title or "", f"{told.file}\0{told.row.key or title}")
    return found
