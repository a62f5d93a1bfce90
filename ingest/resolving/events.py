"""Which event is meant: by its id, by what calendars call it, or by its file's key for it."""

from collections import defaultdict
from collections.abc import Sequence

from graph.intake.names import KnownNames
from graph.spelling import folded
from ingest.report import Doubt, Refusal
from ingest.resolving.ids import Wanted, file_identifier, new_ids, slug_of
from ingest.resolving.people import aliases
from ingest.resolving.things import Things, grouped
from ingest.resolving.told import Told

__all__ = ["resolve_events"]


def resolve_events(rows: Sequence[Told], known: KnownNames, *, own: KnownNames) -> Things:
    """Which event each row is: by id or identifier, else by the file's key with the title. A title alone says nothing.

    A row without a title mentions an event that another file, or the graph, tells of.
    """
    found = Things()
    by_identifier: dict[str, str] = {}
    titles: dict[str, set[str]] = defaultdict(set)
    for event in (*known.events, *own.events):
        by_identifier.update(dict.fromkeys(event.identifiers, event.id))
        titles[event.id].add(folded(event.title))
        found.labels.add(event.title, event.id)
    wanted: dict[int, Wanted] = {}
    ids: dict[int, str] = {}
    groups = grouped(rows, aliases(rows))
    for number, (group, identifiers) in enumerate(groups):
        explicit = {id for told in group if (id := told.text("id")) is not None}
        identified = {by_identifier[one] for one in identifiers if one in by_identifier}
        before = {
            id
            for told in group
            if (id := by_identifier.get(file_identifier(told.file, told.row.key))) is not None
            and folded(told.text("title") or "") in titles[id]
        }
        is_known = sorted(explicit or identified or before)
        if is_known:
            ids[number] = is_known[0]
            if len(is_known) > 1:
                found.doubts += [_several(told, is_known) for told in group[:1]]
        elif any(told.text("title") for told in group):
            wanted[number] = _wanted(group, identifiers)
        else:
            found.refusals.update({told: _unknown(told) for told in group})
    taken = {event.id for event in (*known.events, *own.events)} | {told.text("id") or "" for told in rows}
    ids.update(new_ids(wanted, taken, otherwise="event"))
    for number, id in ids.items():
        group, identifiers = groups[number]
        for told in group:
            found.ids[told] = told.text("id") or id
            found.labels.add(told.text("title") or "", found.ids[told])
            if told.text("id") is None and not identifiers and told.row.key:
                found.given[told] = [file_identifier(told.file, told.row.key)]
    return found


def _wanted(group: Sequence[Told], identifiers: frozenset[str]) -> Wanted:
    """The id that an event is to have: its title with its day, as many events have the same title."""
    named = [(told.text("title") or "", told.text("starts_at") or "") for told in group if told.text("title")]
    first = min(named, key=lambda one: (not one[1], one))  # what calls it off may not say when it was to start
    own = min(identifiers, default="") or min(f"{told.file}\0{told.row.key}\0{first[0]}" for told in group)
    return Wanted(f"{slug_of(first[0], otherwise='event')} {first[1][:10]}", own)


def _several(told: Told, ids: Sequence[str]) -> Doubt:
    return told.doubt(
        "identifiers",
        ids[0],
        reason=f"several events have what it is known by ({', '.join(ids)}), and the first was taken",
        remedy="correct the identifiers of the others",
    )


def _unknown(told: Told) -> Refusal:
    code = next(iter(told.all("identifiers")), told.row.key)
    return told.refusal(
        None,
        code,
        reason=f"it names an event only by '{code}', and none is known by that",
        remedy="put the file that has the event's title beside it, such as event.json of the same conference, or write "
        "it into the mapping file of this one, such as 'title: TITLE'",
    )
