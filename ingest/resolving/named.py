"""Which organisation, series or project is meant: what is called the same is the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from graph.spelling import folded
from ingest.report import Doubt
from ingest.resolving.ids import Wanted, new_ids
from ingest.resolving.labels import Labels
from ingest.resolving.things import Things, nameless
from ingest.resolving.told import Told

__all__ = ["resolve_named"]


def resolve_named(
    rows: Sequence[Told], mentions: Mapping[str, Told], there: Mapping[str, str], *, column: str, noun: str
) -> Things:
    """Which organisation, series or project each row is, and each name in ``mentions`` (with a row that names it).

    What is called nearly the same is new, with a doubt. ``there`` has the names by id, of the graph and of the
    network's own files; ``column`` holds the name.
    """
    found = Things(labels=Labels((name, id) for id, name in there.items()))
    taken = set(there)
    unknown: dict[str, list[Told]] = defaultdict(list)
    names: dict[str, list[str]] = defaultdict(list)
    for told in rows:
        id, name = told.text("id"), told.text(column)
        if id is not None:
            found.ids[told] = id
            found.labels.add(name or "", id)
            taken.add(id)
        elif name is not None:
            unknown[_key(name)].append(told)
            names[_key(name)].append(name)
        else:
            found.refusals[told] = nameless(told, column, noun)
    naming = {_key(name): told for name, told in sorted(mentions.items())}
    for name in sorted(mentions):
        names[_key(name)].append(name)
    wanted: dict[str, Wanted] = {}
    for key, written in names.items():
        exact = found.labels.ids(written[0])
        if not exact:
            wanted[key] = Wanted(min(written), key)
        elif len(exact) == 1:
            found.ids.update(dict.fromkeys(unknown[key], exact[0]))
        else:
            found.left_out.update(unknown[key])
            found.doubts += [_several(told, column, written[0], noun, exact) for told in unknown[key]]
    near = {key: found.labels.near(one.name) for key, one in wanted.items()}
    for key, id in new_ids(wanted, taken, otherwise=noun).items():
        found.ids.update(dict.fromkeys(unknown[key], id))
        found.labels.add(wanted[key].name, id)
        if (likely := near[key]) is not None:
            told = min(unknown[key], key=lambda one: one.spot) if unknown[key] else naming[key]
            found.doubts.append(_near(told, wanted[key].name, noun, likely, id))
    return found


def _key(name: str) -> str:
    return folded(name) or name


def _several(told: Told, column: str | None, name: str, noun: str, ids: Sequence[str]) -> Doubt:
    return told.doubt(
        column,
        name,
        reason=f"several could be meant by the {noun} '{name}' ({', '.join(ids)}), so none was taken",
        remedy="write the id of the one that is meant, or give them different names",
    )


def _near(told: Told, name: str, noun: str, likely: tuple[str, str], id: str) -> Doubt:
    return told.doubt(
        None,
        name,
        reason=f"the {noun} '{name}' was taken as a new one ({id}), though there is '{likely[0]}' ({likely[1]})",
        remedy=f"write the name as in '{likely[0]}' if it is the same",
    )
