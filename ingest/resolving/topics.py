"""Which topic is meant: by its IRI, else by what it is called in any language."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.intake.names import KnownNames
from graph.spelling import folded
from ingest.report import Doubt
from ingest.resolving.ids import Joined, Wanted, new_ids, slug_of
from ingest.resolving.labels import Labels
from ingest.resolving.told import Told

__all__ = ["Topics", "resolve_topics"]


@dataclass(slots=True)
class Topics:
    """Which topic each row is, and what topics are called."""

    ids: dict[Told, str] = field(default_factory=dict)
    told_elsewhere: set[Told] = field(default_factory=set)
    """Rows of what the network's own topics or a thesaurus describe: they say nothing more."""
    left_out: set[Told] = field(default_factory=set)
    """Rows that may mean a topic which they do not name exactly."""
    labels: Labels = field(default_factory=Labels)
    by_iri: dict[str, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    matches: dict[str, str] = field(default_factory=dict)
    """By topic the one that stands for all that are matched exactly with it."""
    order: dict[str, tuple[bool, str, str]] = field(default_factory=dict)
    """By topic: whether it is deprecated, its scheme, its id."""

    def named(self, label: str) -> list[str]:
        """Every topic that is called so; of topics that match exactly, the first that is not deprecated."""
        if label in self.by_iri:
            return [self.by_iri[label]]
        found = self.labels.ids(label)
        stands = {self.matches.get(id, id) for id in found}
        if len(found) > 1 and len(stands) == 1:
            return [self._preferred(found)]
        return found

    def _preferred(self, ids: Sequence[str]) -> str:
        return min(ids, key=lambda id: self.order.get(id, (False, "", id)))


def resolve_topics(rows: Sequence[Told], known: KnownNames, *, own: KnownNames) -> Topics:
    """Which topic each row of ``topics`` is.

    A row with an ``iri`` is the topic of that IRI; its ``id`` is then a proposal. A row with an ``id`` alone is that
    topic. Any other (a track, a tag) is the topic that is called so, or a new one.
    """
    topics = Topics(by_iri={**known.topics_by_iri, **own.topics_by_iri})
    described = [told for told in rows if told.text("iri")]
    fixed = [told for told in rows if told.text("id") and not told.text("iri")]
    called = [told for told in rows if not told.text("id") and not told.text("iri")]
    taken = {*known.topics, *own.topics, *topics.by_iri.values(), *(told.text("id") or "" for told in fixed)}
    for told in fixed:
        topics.ids[told] = told.text("id") or ""
    _described(described, topics, taken)
    told_elsewhere = {*own.topics, *(topics.ids[told] for told in (*described, *fixed))}
    for told in (*described, *fixed):
        id = topics.ids[told]
        topics.order[id] = (told.text("deprecated") == "true", told.text("scheme") or "", id)
    for id, labels in (*known.topics.items(), *own.topics.items()):
        for label in labels:
            topics.labels.add(label, id)
    for told in (*described, *fixed):
        for label in _labels(told):
            topics.labels.add(label, topics.ids[told])
    _match(rows, topics)
    _called(called, topics, {*taken, *topics.ids.values()}, told_elsewhere)
    return topics


def _labels(told: Told) -> Iterator[str]:
    """All that a row says its topic is called, preferred names first, in any language."""
    columns = sorted(told.row.cells, key=lambda column: (column.startswith("other_"), column != "label_en", column))
    for column in columns:
        if column.startswith(("label_", "other_labels_")):
            yield from told.all(column)


def _name(told: Told) -> str:
    return next(_labels(told), told.row.key)


def _described(rows: Sequence[Told], topics: Topics, taken: set[str]) -> None:
    by_iri: dict[str, list[Told]] = defaultdict(list)
    for told in rows:
        by_iri[told.text("iri") or ""].append(told)
    wanted = {
        iri: Wanted(min(told.text("id") or _name(told) for told in by_iri[iri]), iri)
        for iri in by_iri
        if iri not in topics.by_iri
    }
    topics.by_iri.update(new_ids(wanted, taken, otherwise="topic"))
    for iri, found in by_iri.items():
        for told in found:
            topics.ids[told] = topics.by_iri[iri]


def _match(rows: Sequence[Told], topics: Topics) -> None:
    """Put topics together of which a thesaurus says that they match exactly."""
    ids = sorted({*topics.ids.values(), *topics.by_iri.values()})
    numbers = {id: number for number, id in enumerate(ids)}
    joined = Joined(len(ids))
    for told in rows:
        for match in told.all("exact_match"):
            other = topics.by_iri.get(match, match)
            if told in topics.ids and other in numbers:
                joined.join(numbers[topics.ids[told]], numbers[other])
    topics.matches.update({id: ids[joined.root(number)] for id, number in numbers.items()})


def _called(rows: Sequence[Told], topics: Topics, taken: set[str], told_elsewhere: set[str]) -> None:
    """What tracks and tags mean: what is called so, or a new topic for all that are called the same."""
    groups = _same_labels(rows)
    wanted: dict[int, Wanted] = {}
    near: dict[int, tuple[str, str]] = {}
    for number, group in groups.items():
        labels = list(dict.fromkeys(label for told in group for label in _labels(told)))
        name = min(_name(told) for told in group)
        own = min(map(folded, labels), default=name)
        exact = sorted({id for label in labels for id in topics.named(label)})
        if len(exact) == 1:
            _is(group, exact[0], topics, told_elsewhere, Wanted(name, own))
        elif exact:
            for told in group:
                topics.left_out.add(told)
                topics.doubts.append(_several(told, _name(told), exact))
        elif (likely := next((found for label in labels if (found := topics.labels.near(label))), None)) is not None:
            near[number] = likely
        else:
            wanted[number] = Wanted(name, own)
    for number, likely in near.items():
        for told in groups[number]:
            topics.left_out.add(told)
            topics.doubts.append(_near(told, _name(told), *likely))
    for number, id in new_ids(wanted, taken, otherwise="topic").items():
        for told in groups[number]:
            topics.ids[told] = id
            for label in _labels(told):
                topics.labels.add(label, id)


def _is(group: Sequence[Told], id: str, topics: Topics, told_elsewhere: set[str], wanted: Wanted) -> None:
    """Take down that these rows mean a topic that is there.

    What the same rows brought in earlier they must say again, or it would be gone: its id tells, being made of their
    name. What somebody else brought in is described there.
    """
    base = slug_of(wanted.name, otherwise="topic")
    is_own = id not in told_elsewhere and id in {base, *new_ids({0: wanted}, {base}, otherwise="topic").values()}
    for told in group:
        topics.ids[told] = id
        if not is_own:
            topics.told_elsewhere.add(told)


def _same_labels(rows: Sequence[Told]) -> Mapping[int, list[Told]]:
    """Rows that have a label in common, together."""
    joined = Joined(len(rows))
    first: dict[str, int] = {}
    for number, told in enumerate(rows):
        for label in _labels(told):
            joined.join(first.setdefault(folded(label), number), number)
    groups: dict[int, list[Told]] = defaultdict(list)
    for number, told in enumerate(rows):
        groups[joined.root(number)].append(told)
    return groups


def _several(told: Told, label: str, ids: Sequence[str]) -> Doubt:
    return told.doubt(
        None,
        label,
        reason=f"several topics are called '{label}' ({', '.join(ids)}), so none was taken",
        remedy="give one of them another name in topics.csv, or say in the thesaurus that they match exactly",
    )


def _near(told: Told, label: str, likely: str, id: str) -> Doubt:
    return told.doubt(
        None,
        label,
        reason=f"no topic is called '{label}', though one is called '{likely}' ({id}), so none was taken",
        remedy=f"add it to the other labels of {id} in topics.csv if it is the same, or make it a topic of its own",
    )
