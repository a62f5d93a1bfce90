"""Who is who: which of the people that files tell of are one person, and which id that person has.

Somebody is the same person when an id, an ORCID, an identifier or an e-mail address says so, or when the same file
told of them before. A name alone never does. What contradicts itself is a doubt, and keeps people apart.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from graph.intake.names import KnownNames
from graph.people.spelling import Writing, folded, may_be_one, share_a_word, writings
from ingest.report import Doubt, Refusal
from ingest.resolving.ids import Joined, Wanted, file_identifier, in_file, new_ids
from ingest.resolving.told import Told

__all__ = ["People", "aliases", "resolve_people"]


@dataclass(slots=True)
class People:
    """Whom each row means; rows that mean nobody are refused."""

    ids: dict[Told, str] = field(default_factory=dict)
    given: dict[Told, list[str]] = field(default_factory=dict)
    """Identifiers to keep with what a row says, so that the same file's next telling is recognised."""
    refusals: dict[Told, Refusal] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    doubted: set[frozenset[str]] = field(default_factory=set)
    """Pairs of people on whom there is a doubt already."""


@dataclass(frozen=True, slots=True)
class _Member:
    """Somebody as one place tells of them: a row of a file, or all that the network knows under an id."""

    told: Told | None
    ids: frozenset[str]
    names: tuple[str, ...]
    emails: frozenset[str]
    orcids: frozenset[str]
    identifiers: frozenset[str]

    @property
    def called(self) -> str:
        """Who it is, for a sentence."""
        if self.told is None:
            return f"'{min(self.ids)}'"
        return (
            f"'{self.names[0]}' ({self.told.where})" if self.names else f"somebody without a name ({self.told.where})"
        )


@dataclass(frozen=True, slots=True)
class _Contradiction:
    """That something says that members are one, and something else that they are not."""

    column: str
    value: str
    members: tuple[int, ...]
    reason: str


def resolve_people(rows: Sequence[Told], known: KnownNames, *, own: KnownNames) -> People:
    """The person whom each row of ``experts`` means."""
    return _Resolving(rows, known, own).people()


def aliases(rows: Iterable[Told]) -> Mapping[tuple[str, str], str]:
    """By folder and short identifier ("pretalx:CODE") the long one with its host, where one host alone has that code.

    Exports of pretalx do not all say which server they come from.
    """
    long: dict[tuple[str, str], set[str]] = defaultdict(set)
    for told in rows:
        for identifier in told.all("identifiers"):
            found = re.fullmatch(r"pretalx:[^/]+/(.+)", identifier)
            if found is not None:
                long[told.folder, f"pretalx:{found[1]}"].add(identifier)
    return {short: next(iter(found)) for short, found in long.items() if len(found) == 1}


class _Resolving:
    def __init__(self, rows: Sequence[Told], known: KnownNames, own: KnownNames) -> None:
        self._merged = known.merged
        self._own, self._known = own, known
        short = aliases(rows)
        self._members = [*self._fixed(), *(self._row(told, short) for told in rows)]
        self._joined = Joined(len(self._members))
        self._contradictions: list[_Contradiction] = []
        self._shared: set[str] = set()
        self._result = People()

    def _final(self, id: str) -> str:
        return self._merged.get(id, id)

    def _fixed(self) -> Iterator[_Member]:
        """Everybody in the graph and in the network's own files, once each."""
        by_id: dict[str, list[_Member]] = defaultdict(list)
        for one in (*self._own.people, *self._known.people):
            member = _Member(
                None,
                frozenset({self._final(one.id)}),
                (one.name, *one.other_names),
                frozenset({one.email.casefold()} if one.email else ()),
                frozenset({one.orcid} if one.orcid else ()),
                frozenset(one.identifiers),
            )
            by_id[self._final(one.id)].append(member)
        for id, found in sorted(by_id.items()):
            yield _Member(
                None,
                frozenset({id}),
                tuple(dict.fromkeys(name for one in found for name in one.names)),
                frozenset().union(*(one.emails for one in found)),
                # The network's own files have the word over what the graph took from elsewhere.
                next((one.orcids for one in found if one.orcids), frozenset()),
                frozenset().union(*(one.identifiers for one in found)),
            )

    def _row(self, told: Told, short: Mapping[tuple[str, str], str]) -> _Member:
        id, email, orcid = told.text("id"), told.text("email"), told.text("orcid")
        identifiers = told.all("identifiers")
        name = told.text("name")
        return _Member(
            told,
            frozenset({self._final(id)} if id else ()),
            (*((name,) if name else ()), *told.all("other_names")),
            frozenset({email.casefold()} if email else ()),
            frozenset({orcid} if orcid else ()),
            frozenset(short.get((told.folder, one), one) for one in identifiers),
        )

    def people(self) -> People:
        """Whom each row means."""
        self._join("id", lambda member: member.ids)
        self._join("key", self._key)
        self._join("orcid", lambda member: member.orcids)
        self._join("identifiers", lambda member: member.identifiers)
        self._join("key", self._found_before())
        self._find_shared_mailboxes()
        self._join("email", lambda member: member.emails - self._shared)
        self._give_ids()
        self._tell()
        return self._result

    @staticmethod
    def _key(member: _Member) -> Iterator[str]:
        """What a file names under one key it means as one person."""
        if member.told is not None and member.told.row.key:
            yield "#".join(member.told.spot)

    # Who is one

    def _join(self, column: str, says: Callable[[_Member], Iterable[str]]) -> None:
        """Join all of whom something says that they are one, unless that contradicts what is known of them."""
        holders: dict[str, set[int]] = defaultdict(set)
        for number, member in enumerate(self._members):
            for value in says(member):
                holders[value].add(number)
        apart = {
            value: held
            for value, numbers in holders.items()
            if len(numbers) > 1 and len(held := {self._joined.root(number) for number in numbers}) > 1
        }
        groups = self._groups(frozenset().union(*apart.values()))
        local = Joined(len(self._members))
        for first, *others in map(sorted, apart.values()):
            for other in others:
                local.join(first, other)
        together: dict[int, list[int]] = defaultdict(list)
        for root in groups:
            together[local.root(root)].append(root)
        contradicted: dict[int, str] = {}
        for where, roots in together.items():
            reason = self._contradiction([groups[root] for root in roots], column)
            if reason is not None:
                contradicted[where] = reason
            else:
                for root in roots[1:]:
                    self._joined.join(roots[0], root)
        for value in sorted(apart):
            where = local.root(min(apart[value]))
            if where in contradicted:
                members = tuple(sorted(holders[value]))
                self._contradictions.append(_Contradiction(column, value, members, contradicted[where]))

    def _groups(self, roots: Collection[int]) -> dict[int, list[int]]:
        """The members of these groups."""
        found: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._members)) if roots else ():
            if (root := self._joined.root(number)) in roots:
                found[root].append(number)
        return found

    def _by_root(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._members)):
            found[self._joined.root(number)].append(number)
        return found

    def _contradiction(self, groups: Sequence[Sequence[int]], column: str) -> str | None:
        """Why these groups cannot all be one person, if they cannot."""
        everybody = [self._members[number] for group in groups for number in group]
        if len(frozenset().union(*(one.ids for one in everybody))) > 1:
            return "has another id"
        orcids = [frozenset().union(*(self._members[number].orcids for number in group)) for group in groups]
        # Whoever has one id is one person, even if somebody mistyped the ORCID.
        if column != "id" and any(one.isdisjoint(other) for one, other in combinations(filter(None, orcids), 2)):
            return "has another ORCID"
        if column == "email":
            names = [{name for number in group for name in self._members[number].names} for group in groups]
            for one, other in combinations([found for found in names if found], 2):
                if not any(share_a_word(a, b) for a in one for b in other):
                    return "has quite another name"
        return None

    def _found_before(self) -> Callable[[_Member], Iterable[str]]:
        """By what the same file's earlier telling is recognised: its key with a name like it, else its name alone."""
        known: dict[str, _Member] = {}
        named: dict[str, set[str]] = defaultdict(set)
        now: dict[tuple[str, str], set[int]] = defaultdict(set)
        for number, member in enumerate(self._members):
            if member.told is not None:
                for name in member.names[:1]:
                    now[in_file(member.told.file), folded(name)].add(self._joined.root(number))
                continue
            for identifier in member.identifiers:
                if identifier.startswith("file:"):
                    known[identifier] = member
                    for name in member.names:
                        named[f"{identifier.partition('#')[0]}#{folded(name)}"].update(member.ids)
        claimed = {
            min(known[own].ids)
            for member in self._members
            if member.told is not None
            and (own := file_identifier(member.told.file, member.told.row.key)) in known
            and self._may_be(member, known[own])
        }

        def before(member: _Member) -> Iterable[str]:
            if member.told is None:
                return member.ids
            own = file_identifier(member.told.file, member.told.row.key)
            if own in known and self._may_be(member, known[own]):
                return known[own].ids
            for name in member.names[:1]:
                file = in_file(member.told.file)
                found = named[f"{file}{folded(name)}"]
                if len(found) == 1 and len(now[file, folded(name)]) == 1 and not found & claimed:
                    return found
            return ()

        return before

    @staticmethod
    def _may_be(one: _Member, other: _Member) -> bool:
        return any(may_be_one(a, b) for a in one.names for b in other.names)

    def _find_shared_mailboxes(self) -> None:
        """One address for several different names within a file is an office's, and says nothing of anybody."""
        by_file: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, member in enumerate(self._members):
            if member.told is not None:
                for email in member.emails:
                    by_file[member.told.file, email].append(number)
        for (_, email), numbers in sorted(by_file.items()):
            named = [number for number in numbers if self._members[number].names]
            strangers = [
                pair
                for pair in combinations(named, 2)
                if self._joined.root(pair[0]) != self._joined.root(pair[1])
                and not self._may_be(self._members[pair[0]], self._members[pair[1]])
            ]
            if strangers:
                self._shared.add(email)
                members = tuple(sorted({number for pair in strangers for number in pair}))
                self._contradictions.append(_Contradiction("email", email, members, "has another name"))

    # Their ids

    def _give_ids(self) -> None:
        new: dict[int, Wanted] = {}
        taken = {id for member in self._members for id in member.ids}
        taken.update(self._merged, self._merged.values())
        found: dict[int, str] = {}
        for root, numbers in self._by_root().items():
            members = [self._members[number] for number in numbers]
            told = [member.told for member in members if member.told is not None]
            ids = sorted(frozenset().union(*(member.ids for member in members)))
            names = [name for member in members for name in member.names[:1]]
            if ids:
                found[root] = ids[0]
            elif names:
                own = min("\0".join((one.file, one.row.key, one.text("name") or "")) for one in told)
                new[root] = Wanted(_readable(names), own)
            else:
                self._refuse_nameless(told)
        found.update(new_ids(new, taken, otherwise="person"))
        for number, member in enumerate(self._members):
            root = self._joined.root(number)
            row = member.told
            if row is not None and root in found:
                self._result.ids[row] = found[root]
                if not member.ids and row.row.key:
                    self._result.given[row] = [file_identifier(row.file, row.row.key)]

    def _refuse_nameless(self, told: Iterable[Told]) -> None:
        for one in told:
            code = next(iter(one.all("identifiers")), "") or one.text("email") or one.text("orcid") or one.row.key
            self._result.refusals[one] = one.refusal(
                None,
                code,
                reason=f"it names a person only by '{code}', and nobody is known by that",
                remedy="put the file that has their name beside it, such as speakers.json of the same conference",
            )

    # What is doubtful

    def _tell(self) -> None:
        for numbers in self._by_root().values():
            self._tell_of_orcids(numbers)
        for one in self._contradictions:
            for number in one.members:
                told = self._members[number].told
                others = [other for other in one.members if self._joined.root(other) != self._joined.root(number)]
                if told is not None and others and told in self._result.ids:
                    # Of all others, what the network knows is named first.
                    other = self._members[others[0]]
                    self._result.doubts.append(self._doubt(one, told, other))

    def _tell_of_orcids(self, numbers: Sequence[int]) -> None:
        """A doubt on every row whose ORCID is another than that which came first for the same id."""
        having = [self._members[number] for number in numbers if self._members[number].orcids]
        for member in having[1:]:
            if member.orcids != having[0].orcids and member.told is not None:
                self._result.doubts.append(
                    member.told.doubt(
                        "orcid",
                        min(member.orcids),
                        reason=f"{having[0].called} has another ORCID, {min(having[0].orcids)}, and the same id",
                        remedy="correct one of the two, or give one of them an id of their own",
                    )
                )

    def _doubt(self, one: _Contradiction, told: Told, other: _Member) -> Doubt:
        id = self._result.ids[told]
        other_id = self._result.ids[other.told] if other.told in self._result.ids else min(other.ids, default="")
        self._result.doubted.add(frozenset({id, other_id}))
        thing = {"email": "e-mail address", "orcid": "ORCID", "key": "place in the file"}.get(one.column, "identifier")
        return told.doubt(
            one.column if one.column != "key" else None,
            one.value if one.column != "key" else id,
            reason=f"the {thing} is also that of {other.called}, who {one.reason}, so the two were kept apart",
            remedy=f"correct one of them, or run 'knowwho people merge {id} {other_id}' if they are one",
        )


def _readable(names: Iterable[str]) -> str:
    """The name to make an id from: one in Latin letters, if there is one."""

    def order(name: str) -> tuple[bool, str]:
        return not any(one.writing is Writing.LATIN for one in writings(name)), name

    return min(names, key=order)
