"""Letters to speakers: they wait in the graph from the transaction of their step on, until a server has taken them.

A letter holds for what it is, the organisers' words and how far it came; never an address or a text. Those are read
when it leaves, so it says what is so by then, and who hid their address, or withdrew, is not written to.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Final, LiteralString, NewType

from graph.errors import GraphError
from graph.fields import InvalidFields, Problem, Unfit, utc, zone_of
from graph.graph import Graph, Row, Transaction
from graph.intake.records import identity_of
from graph.invitations import UnfitText, fit_text
from graph.permissions import may_read_candidacies, may_shortlist, refuse_unless
from graph.speaking.candidacies import WHO, CandidacyId, NoSuchCandidacy
from graph.speaking.occasions import EventTold, Occasion
from graph.speaking.states import EventNotPublished
from graph.values import UN_LANGUAGES, EventId, LanguageLevel, moment
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = [
    "ADDRESSEE",
    "LONGEST_WORDS",
    "AnswerTooLate",
    "Correspondence",
    "GivenAnswer",
    "Letter",
    "LetterId",
    "LetterState",
    "NotReachable",
    "Prepared",
    "Wanted",
    "address_of",
    "correspondence",
    "digest_of",
    "event_told",
    "fit_deadline",
    "letter_from",
    "preview",
    "refuse_untimely",
    "was_written_to",
    "write",
]

LetterId = NewType("LetterId", str)

LONGEST_WORDS: Final = 4_000
LAST_YEAR: Final = 2_300
"""Until its end an answer can be waited for."""


class LetterState(StrEnum):
    """How far a letter came."""

    WAITING = "waiting"
    """It has not left yet."""
    SENT = "sent"
    """The mail server has taken it."""
    FAILED = "failed"
    """The mail server refused it for good, or could not be reached for three days."""
    OUTDATED = "outdated"
    """It did not leave, for by then it was no longer so, or they could no longer be written to."""
    BOUNCED = "bounced"
    """It came back."""
    UNWANTED = "unwanted"
    """Whoever got it complained, and is written to no more."""


class NotReachable(GraphError):
    """Somebody was to be written to whose address organisers do not see, or who has none."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "They show organisers no address to write to, or do not agree to be contacted, so nothing "
                "was changed; leave the letter out and ask them another way."
            )
        )


class AnswerTooLate(InvalidFields):
    """A letter would ask for an answer that comes once the event has begun."""

    def __init__(self) -> None:
        said = Wording(
            "The letter would ask for an answer only after the event has begun; choose a day before the event, or none."
        )
        super().__init__([Problem(("answer_by",), said)])


@dataclass(frozen=True, slots=True)
class Wanted:
    """That a letter is to go out with a step: the organisers' own words, and its language if not the person's."""

    note: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to somebody who is considered. ``fault`` says in words of the mail why it did not go well, or ''.

    ``left_at`` is when the mail server took it, None until then; ``next_at`` when it is tried again, while it waits.
    """

    id: LetterId
    occasion: Occasion
    language: str
    note: str
    state: LetterState
    made_at: datetime
    by: str
    left_at: datetime | None
    next_at: datetime | None
    attempts: int
    fault: str


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What somebody answered by the link of a letter: accept, decline, other_time or withdraw, in their words.

    ``suggestion`` is who else could speak, as they wrote it.
    """

    answer: str
    reason: str
    suggestion: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Letters to somebody who is considered and what they answered by their links, each the oldest first."""

    letters: tuple[Letter, ...]
    replies: tuple[GivenAnswer, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the text of a letter is made of."""

    event: EventTold
    name: str
    language: str
    answer_by: datetime | None


ADDRESSEE: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {id: $id}) WHERE SEES(e.listing)
MATCH (v:Event {id: c.event})
RETURN PERSON(e) AS person, c.answer_by AS answer_by,
  COLLECT {
    MATCH (e)-[s:SPEAKS]->(l:Language) WHERE SEES(e.languages)
    RETURN {language: l.id, level: s.level} ORDER BY l.id
  } AS languages,
  v {.id, .title, .kind, .format, .starts_at, .ends_at, .time_zone, .place, .url, .description,
     country: head(COLLECT { MATCH (v)-[:HELD_IN]->(country:Country) RETURN country.id }),
     languages: COLLECT { MATCH (v)-[:IN_LANGUAGE]->(l:Language) RETURN l.id ORDER BY l.id },
     is_cancelled: coalesce(v.status, '') = 'cancelled'} AS event
""")

DRAFT_OF: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {id: $id}) WHERE SEES(e.listing)
MATCH (d:Draft {id: c.event})
RETURN d.id AS draft
""")

WRITE: LiteralString = """
MATCH (c:Candidacy {id: $candidacy})
CREATE (c)-[:LETTER]->(:Letter {
  id: $id, candidacy: $candidacy, occasion: $occasion, language: $language, note: $note, state: 'waiting',
  made_at: $at, next_at: $at, by: $by, attempts: 0, fault: '', number: c.version,
  sequence: COUNT { (c)-[:LETTER]->(:Letter) }
})
WITH c
MATCH (c)-[:LETTER]->(l:Letter {id: $id})
RETURN l {.*} AS letter
"""

# Of two people who were found to be one, the letters of both.
LETTERS_OF: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy) WHERE c.id IN $candidacies AND SEES(e.listing)
RETURN c.id AS candidacy,
  COLLECT {
    MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(one:Candidacy {event: c.event})-[:LETTER]->(l:Letter)
    RETURN l {.*} ORDER BY l.made_at, l.sequence, l.id
  } AS letters,
  COLLECT {
    MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(one:Candidacy {event: c.event})-[:REPLY]->(r:Reply)
    RETURN r {.*} ORDER BY r.at, r.id
  } AS replies
""")

WRITTEN_TO: LiteralString = """
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {id: $id})
RETURN EXISTS {
  (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(:Candidacy {event: c.event})-[:LETTER]->
    (l:Letter WHERE l.state IN ['sent', 'waiting'])
} AS is_written_to
"""


async def write(
    tx: Transaction, viewer: Viewer, *, id: CandidacyId, occasion: Occasion, wanted: Wanted, at: datetime
) -> Letter:
    """Have a letter wait for whoever sends, within the transaction of the step that it is for.

    Raises:
        NotReachable: the viewer sees no address of theirs.
        UnfitText: the words are too long, or hold what no text needs; or the network writes no letters in that
            language.
    """
    prepared, address = await addressed(tx, viewer, id=id, wanted=wanted)
    if address is None:
        raise NotReachable
    (row,) = await tx.run(
        WRITE,
        candidacy=id,
        id=uuid.uuid4().hex,
        occasion=occasion.value,
        language=prepared.language,
        note=fit_text("note", wanted.note, LONGEST_WORDS),
        at=at,
        by=viewer.actor,
    )
    return letter_from(row["letter"])


async def was_written_to(tx: Transaction, *, id: CandidacyId) -> bool:
    """Whether a letter to somebody who is considered has left, or waits to."""
    (row,) = await tx.run(WRITTEN_TO, id=id)
    return bool(row["is_written_to"])


async def preview(
    graph: Graph, viewer: Viewer, *, id: CandidacyId, wanted: Wanted, answer_by: datetime | date | None = None
) -> Prepared:
    """What a letter to somebody who is considered would be made of, before it is asked for.

    ``answer_by`` is as for :func:`fit_deadline`.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchCandidacy: there is none of this id that the viewer may know of.
        EventNotPublished: the event is a draft, of which nobody is told.
        NotReachable, UnfitText: as for :func:`write`.
        InvalidFields: ``answer_by`` says no offset, is past, or after the event begins.
    """
    refuse_unless(may_shortlist(viewer), "write to speakers", who=WHO)
    fit_text("note", wanted.note, LONGEST_WORDS)

    async def work(tx: Transaction) -> Prepared:
        prepared, address = await addressed(tx, viewer, id=id, wanted=wanted)
        until = fit_deadline(answer_by, prepared.event.time_zone)
        refuse_untimely(until, prepared.event.starts_at)
        if address is None:
            raise NotReachable
        return prepared if until is None else replace(prepared, answer_by=until)

    return await graph.transact(work)


async def correspondence(
    graph: Graph, viewer: Viewer, *, candidacies: Sequence[CandidacyId]
) -> Mapping[CandidacyId, Correspondence]:
    """Letters and answers of candidacies, by id; whom the viewer does not see is left out.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
    """
    refuse_unless(may_read_candidacies(viewer), "see letters to speakers", who=WHO)
    rows = await graph.read(LETTERS_OF, **viewer.sight, candidacies=list(candidacies))
    return {
        CandidacyId(row["candidacy"]): Correspondence(
            tuple(map(letter_from, row["letters"])),
            tuple(
                GivenAnswer(one["answer"], one["reason"], one["suggestion"], one["at"].to_native())
                for one in row["replies"]
            ),
        )
        for row in rows
    }


async def addressed(tx: Transaction, viewer: Viewer, *, id: CandidacyId, wanted: Wanted) -> tuple[Prepared, str | None]:
    """What a letter would be made of, and the address that the viewer sees.

    Raises:
        NoSuchCandidacy: there is none of this id that the viewer may know of.
        EventNotPublished: they are considered for a draft.
    """
    rows = await tx.run(ADDRESSEE, **viewer.sight, id=id)
    if not rows:
        for draft in await tx.run(DRAFT_OF, **viewer.sight, id=id):
            raise EventNotPublished(draft["draft"])
        raise NoSuchCandidacy
    (row,) = rows
    event = event_told(row["event"])
    language = _language(row["languages"], event.languages) if wanted.language is None else _fit(wanted.language)
    prepared = Prepared(event, row["person"]["name"], language, moment(row["answer_by"]))
    return prepared, address_of(row)


def address_of(told: Row) -> str | None:
    """Where they can be written to, as far as it is seen."""
    contact = told["person"]["contact"] or {}
    return (contact.get("email") or "").strip() or None


def _fit(language: str) -> str:
    if language not in UN_LANGUAGES:
        said = Wording("The language is none that letters are written in; use %(languages)s.", languages=UN_LANGUAGES)
        raise UnfitText("language", said)
    return language


def _language(spoken: Sequence[Mapping[str, str]], of_event: Sequence[str]) -> str:
    """The language that somebody reads best among those of letters; of two, one of the event's; English otherwise."""
    levels = list(LanguageLevel)
    known = [
        (levels.index(LanguageLevel(one["level"])), tag not in of_event, UN_LANGUAGES.index(tag), tag)
        for one in spoken
        for tag in (one["language"].split("-")[0],)
        if tag in UN_LANGUAGES and one["level"]
    ]
    return min(known)[-1] if known else "en"


def fit_deadline(answer_by: datetime | date | None, zone: str | None) -> datetime | None:
    """Until when an answer is waited for, in UTC; of a day, until its last second by the clocks of a time zone.

    Raises:
        InvalidFields: it says no offset, or is after so many years that nobody can mean it.
    """
    if answer_by is not None and answer_by.year > LAST_YEAR:
        said = Wording(
            "Nobody waits for an answer until after the year %(year)s; choose an earlier day.", year=str(LAST_YEAR)
        )
        raise InvalidFields([Problem(("answer_by",), said)])
    if answer_by is not None and not isinstance(answer_by, datetime):
        answer_by = datetime.combine(answer_by, time(23, 59, 59), tzinfo=zone_of(zone))
    try:
        return None if answer_by is None else utc(answer_by)
    except Unfit as unfit:
        raise InvalidFields([Problem(("answer_by",), unfit.sentence)]) from None


def refuse_untimely(until: datetime | None, starts_at: datetime | None) -> None:
    """A letter asks for an answer while it helps; an invitation that was made elsewhere may tell of any time.

    Raises:
        InvalidFields: the time is past.
        AnswerTooLate: it is after the event begins.
    """
    if until is None:
        return
    if until < datetime.now(UTC):
        said = Wording("The letter would ask for an answer by a time that is past; choose a later one, or none.")
        raise InvalidFields([Problem(("answer_by",), said)])
    if starts_at is not None and until > starts_at:
        raise AnswerTooLate


def event_told(told: Mapping[str, Any]) -> EventTold:
    """From an event's properties, with its country and languages by id."""
    return EventTold(
        EventId(told["id"]),
        told["title"],
        told["kind"],
        told["format"],
        moment(told["starts_at"]),
        moment(told["ends_at"]),
        told["time_zone"],
        told["place"],
        told["country"],
        told["url"],
        told["description"],
        tuple(told["languages"]),
    )


def letter_from(told: Mapping[str, Any]) -> Letter:
    """From a letter's properties."""
    made_at = moment(told["made_at"])
    assert made_at is not None  # noqa: S101 -- every letter is written with its time
    return Letter(
        LetterId(told["id"]),
        Occasion(told["occasion"]),
        told["language"],
        told["note"],
        LetterState(told["state"]),
        made_at,
        told["by"],
        moment(told.get("left_at")),
        moment(told.get("next_at")),
        told["attempts"],
        told["fault"],
    )


def digest_of(event: EventTold) -> str:
    """What every letter tells of an event, to know whether somebody knows it."""
    return identity_of([str(value) for name, value in asdict(event).items() if name != "description"])
