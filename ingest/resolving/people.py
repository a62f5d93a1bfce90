"""Who is who: which of the people that files tell of are one person, and which id that person has.

Somebody is the same person when an id, an ORCID, an identifier or an e-mail address says so, or when the same file
told of them before. A name alone never does. What contradicts itself is a doubt, and keeps people apart.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.intake.names import KnownNames
from graph.spelling import Writing, writings
from ingest.report import Doubt, Refusal
from ingest.resolving.before import join_told_before
from ingest.resolving.ids import IN_FILES, Joined, Wanted, address_identifier, file_identifier, new_ids
from ingest.resolving.members import Contradiction, Member, are_strangers, contradiction, first_with_all
from ingest.resolving.told import Told

__all__ = ["People", "aliases", "resolve_people"]

PLACES = frozenset({"key", "place"})
THINGS = {
    "": "identifier",
    "email": "e-mail address",
    "orcid": "ORCID",
    "key": "place in the file",
    "place": "place in the file",
}


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
    shared: set[str] = field(default_factory=set)
    """E-mail addresses, in lower case, that several strangers of a file have."""


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
        self._contradictions: list[Contradiction] = []
        self._result = People()

    def _final(self, id: str) -> str:
        return self._merged.get(id, id)

    def _fixed(self) -> Iterator[Member]:
        """Everybody in the graph and in the network's own files, once each."""
        by_id: dict[str, list[Member]] = defaultdict(list)
        for one in (*self._own.people, *self._known.people):
            member = Member(
                None,
                frozenset({self._final(one.id)}),
                (one.name, *one.other_names),
                frozenset({one.email.casefold()} if one.email else ()),
                frozenset({one.orcid} if one.orcid else ()),
                frozenset(found for found in one.identifiers if not found.startswith(IN_FILES)),
                frozenset(found for found in one.identifiers if found.startswith(IN_FILES)),
            )
            by_id[self._final(one.id)].append(member)
        for id, found in sorted(by_id.items()):
            yield Member(
                None,
                frozenset({id}),
                tuple(dict.fromkeys(name for one in found for name in one.names)),
                frozenset().union(*(one.emails for one in found)),
                # The network's own files have the word over what the graph took from elsewhere.
                next((one.orcids for one in found if one.orcids), frozenset()),
                frozenset().union(*(one.identifiers for one in found)),
                frozenset().union(*(one.in_files for one in found)),
            )

    def _row(self, told: Told, short: Mapping[tuple[str, str], str]) -> Member:
        id, email, orcid = told.text("id"), told.text("email"), told.text("orcid")
        identifiers = told.all("identifiers")
        name = told.text("name")
        return Member(
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
        self._join_by_address()
        self._give_ids()
        self._tell()
        return self._result

    @staticmethod
    def _key(member: Member) -> Iterator[str]:
        """What a file names under one key it means as one person."""
        if member.told is not None and member.told.row.key:
            yield "#".join(member.told.spot)

    # Who is one

    def _join(self, column: str, says: Callable[[Member], Iterable[str]]) -> None:
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
            reason = contradiction([[self._members[number] for number in groups[root]] for root in roots], column)
            if reason is not None:
                contradicted[where] = reason
            else:
                for root in roots[1:]:
                    self._joined.join(roots[0], root)
        for value in sorted(apart):
            where = local.root(min(apart[value]))
            if where in contradicted:
                members = tuple(sorted(holders[value]))
                self._contradictions.append(Contradiction(column, value, members, contradicted[where]))

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

    def _join_by_address(self) -> None:
        """Join by e-mail addresses, first with whom the network knows by one, or knew by one in the same file.

        Between the two comes what a file told before: whom rows are known to be goes before what joins them only among
        themselves.
        """
        self._find_shared_mailboxes()
        holders = Counter(email for member in self._members if member.told is None for email in member.emails)
        self._join("email", lambda member: (member.emails & holders.keys()) - self._shared)
        self._join("email", self._address_in_file())
        nobodys = self._shared | {email for email, count in holders.items() if count > 1}
        self._contradictions += join_told_before(self._members, self._joined, nobodys=nobodys)
        self._join("email", lambda member: member.emails - holders.keys() - self._shared)

    def _address_in_file(self) -> Callable[[Member], Iterable[str]]:
        """The addresses that a file gave somebody before, whichever address is shown of them now."""
        often = Counter(one for member in self._members if member.told is None for one in member.in_files)
        unclear = self._unclear

        def address(member: Member) -> Iterable[str]:
            if member.told is None:
                return member.in_files
            file = member.told.file
            return [found for email in member.emails - unclear if often[found := address_identifier(file, email)] == 1]

        return address

    def _find_shared_mailboxes(self) -> None:
        """One address for several different names within a file is an office's, and says nothing of anybody."""
        by_file: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, member in enumerate(self._members):
            if member.told is not None and member.names:
                for email in member.emails:
                    by_file[member.told.file, email].append(number)
        for (_, email), numbers in sorted(by_file.items()):
            if any(
                self._joined.root(one) != self._joined.root(other)
                and are_strangers(self._members[one], self._members[other])
                for one, other in first_with_all(numbers)
            ):
                self._result.shared.add(email)
                self._contradictions.append(Contradiction("email", email, tuple(numbers), "has another name"))

    @property
    def _shared(self) -> set[str]:
        return self._result.shared

    @property
    def _unclear(self) -> set[str]:
        """Addresses of which it is not clear whose they are."""
        return self._shared | {one.value for one in self._contradictions if one.column == "email"}

    # Their ids

    def _give_ids(self) -> None:
        unclear = self._unclear
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
                given: list[str] = []
                if not member.ids and row.row.key:
                    addresses = [address_identifier(row.file, email) for email in sorted(member.emails - unclear)]
                    given = self._result.given[row] = [file_identifier(row.file, row.row.key), *addresses]
                self._result.ids[row] = self._told_as(member, given, found[root])

    def _told_as(self, member: Member, given: Sequence[str], id: str) -> str:
        """The id under which a row tells of somebody: their own, also when they are somebody else now."""
        if member.ids:
            return id
        for identifier in (*given, *sorted(member.identifiers)):
            before = self._known.merged_by_identifier.get(identifier)
            if before is not None and self._final(before) == id:
                return before
        return id

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
            first: dict[int, int] = {}
            for number in one.members:
                first.setdefault(self._joined.root(number), number)
            if len(first) == 2:
                for number in one.members:
                    # Of the others, what the network knows is named first.
                    other = next(there for root, there in first.items() if root != self._joined.root(number))
                    self._tell_of(one, number, other)
            elif len(first) > 2:
                self._tell_of_many(one, list(first.values()))

    def _tell_of(self, one: Contradiction, number: int, other: int) -> None:
        told = self._members[number].told
        if told is not None and told in self._result.ids:
            self._result.doubts.append(self._doubt(one, told, self._members[other]))

    def _tell_of_many(self, one: Contradiction, numbers: Sequence[int]) -> None:
        """One doubt on all of them: of each two would be the square of it."""
        there = [
            (number, told)
            for number in numbers
            if (told := self._members[number].told) is not None and told in self._result.ids
        ]
        if not there:
            return
        number, told = there[0]
        other = self._members[next(each for each in numbers if each != number)]
        remedy = "give each an address of their own, and leave out an office's" if one.column == "email" else ""
        thing = THINGS.get(one.column, THINGS[""])
        self._result.doubts.append(
            told.doubt(
                one.column if one.column not in PLACES else None,
                self._value(one, told),
                reason=f"the {thing} is also that of {other.called}, who {one.reason}, "
                f"and of {len(numbers) - 2} more, so all were kept apart",
                remedy=remedy or "correct them",
            )
        )

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

    def _doubt(self, one: Contradiction, told: Told, other: Member) -> Doubt:
        id = self._result.ids[told]
        other_id = self._result.ids[other.told] if other.told in self._result.ids else min(other.ids, default="")
        self._result.doubted.add(frozenset({id, other_id}))
        ids = (other_id, id) if one.column == "place" else (id, other_id)
        thing, called = THINGS.get(one.column, THINGS[""]), other.called
        return told.doubt(
            one.column if one.column not in PLACES else None,
            self._value(one, told),
            reason=f"the {thing} was that of {called}, who {one.reason}, so the two were kept apart"
            if one.column == "place"
            else f"the {thing} is also that of {called}, who {one.reason}, so the two were kept apart",
            remedy=f"correct one of them, or run 'knowwho people merge {' '.join(ids)}' if they are one",
        )

    def _value(self, one: Contradiction, told: Told) -> str:
        if one.column in PLACES:
            return self._result.ids[told]
        return (told.text("email") if one.column == "email" else None) or one.value


def _readable(names: Iterable[str]) -> str:
    """The name to make an id from: one in Latin letters, if there is one."""

    def order(name: str) -> tuple[bool, str]:
        return not any(one.writing is Writing.LATIN for one in writings(name)), name

    return min(names, key=order)
