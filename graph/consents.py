"""What people agreed to: for each purpose a text with versions, and every decision that a person took on it.

A decision is never changed; the newest one of a purpose is in force. Whoever took none is in the network because the
keeper of its roster answers for it. Withdrawing is in force when its transaction ends, in every search and every page:
graph.passages stamps it. What may be found again after consent is given once more has no vector yet; that is written by
:func:`graph.vectors.embed_waiting`, and until then full text finds it.
"""

import tomllib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import LiteralString, Self

from graph.changes import record
from graph.errors import GraphError, NoSuchExpert
from graph.graph import Graph, Row, Transaction
from graph.passages import hold_stamps, restamp
from graph.permissions import may_read_choices, may_record_consent, may_set_network, refuse_unless
from graph.values import UN_LANGUAGES, ExpertId, Names, Purpose, moment
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = [
    "Consent",
    "ConsentText",
    "How",
    "Purpose",
    "UnfitConsentText",
    "decide",
    "history_of",
    "record_consent",
    "set_text",
    "texts",
    "undecided",
    "withdraw_by_complaint",
]

FIRST_TEXTS = Path(__file__).parent / "consent_texts.toml"
LONGEST_TEXT = 5_000


class How(StrEnum):
    """On which way a decision came."""

    PAGE = "page"
    API = "api"
    PAPER = "paper"
    INVITATION = "invitation"
    COMPLAINT = "complaint"
    """They complained of a letter, and are written to no more."""
    MERGE = "merge"
    """Two people were found to be one, and one of them had withdrawn what the other had agreed to."""


class UnfitConsentText(GraphError):
    """A text of consent cannot be used."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What a purpose's text says, in one version; ``since`` is None for the one that came with the product."""

    purpose: Purpose
    version: int
    texts: Names
    since: datetime | None

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """From a row with ``text`` (properties)."""
        text = row["text"]
        return cls(Purpose(text["purpose"]), text["version"], Names.from_row(text, "text"), moment(text["since"]))


@dataclass(frozen=True, slots=True)
class Consent:
    """One decision of a person: given or withdrawn, on which version of the text, when, how and taken down by whom."""

    id: str
    purpose: Purpose
    given: bool
    version: int
    at: datetime
    how: How
    by: str

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """From a row with ``consent`` (properties)."""
        consent = row["consent"]
        at = moment(consent["at"])
        assert at is not None  # noqa: S101 -- every decision is written with its time
        return cls(
            consent["id"],
            Purpose(consent["purpose"]),
            consent["decision"] == "given",
            consent["version"],
            at,
            How(consent["how"]),
            consent["by"],
        )


TEXTS: LiteralString = """
MATCH (c:ConsentText)
WITH c ORDER BY c.version DESC
WITH c.purpose AS purpose, collect(c {.*})[0] AS text
RETURN text
"""

# The words that somebody decided on are kept, whatever a later release ships as its first version. Writing the first
# version locks it, so that two new versions at once get two numbers.
KEEP_FIRST_TEXT: LiteralString = """
MERGE (first:ConsentText {id: $purpose + ' 1'})
ON CREATE SET first.purpose = $purpose, first.since = datetime(), first += $texts
SET first.version = 1
WITH first
MATCH (c:ConsentText {purpose: $purpose})
RETURN max(c.version) AS version
"""

IN_FORCE: LiteralString = """
MATCH (e:Expert {id: $expert})
OPTIONAL MATCH (e)-[:GAVE]->(c:Consent {purpose: $purpose})
WITH c ORDER BY c.at DESC, c.id LIMIT 1
RETURN c {.*} AS consent
"""

DECIDE: LiteralString = """
MATCH (e:Expert {id: $expert})
CREATE (e)-[:GAVE]->(c:Consent {id: $id, purpose: $purpose, version: $version, at: $at, how: $how, by: $by,
                                decision: CASE WHEN $given THEN 'given' ELSE 'withdrawn' END})
SET e.withdrawn =
  [purpose IN coalesce(e.withdrawn, []) WHERE purpose <> $purpose] + CASE WHEN $given THEN [] ELSE [$purpose] END
RETURN c {.*} AS consent
"""

HISTORY: LiteralString = """
MATCH (:Expert {id: $expert})-[:GAVE]->(c:Consent)
RETURN c {.*} AS consent
ORDER BY c.at DESC, c.id
"""

TEXTS_AGREED_TO: LiteralString = """
MATCH (:Expert {id: $expert})-[:GAVE]->(c:Consent)
MATCH (t:ConsentText {purpose: c.purpose, version: c.version})
RETURN DISTINCT t {.*} AS text
"""

UNDECIDED: LiteralString = seen("""
UNWIND $purposes AS purpose
MATCH (e:Expert) WHERE SEES(e.listing) AND NOT EXISTS { (e)-[:GAVE]->(:Consent {purpose: purpose}) }
RETURN purpose, count(e) AS people
""")

SET_TEXT: LiteralString = """
CREATE (c:ConsentText {id: $purpose + ' ' + toString($version + 1), purpose: $purpose, version: $version + 1,
                       since: datetime()})
SET c += $texts
RETURN c {.*} AS text
"""


async def texts(graph: Graph, viewer: Viewer) -> Mapping[Purpose, ConsentText]:
    """The texts in force, by purpose: the newest version that the network set, else the first, which is shipped."""
    stored = {text.purpose: text for text in map(ConsentText.from_row, await graph.read(TEXTS))}
    return {purpose: stored.get(purpose, first) for purpose, first in first_texts().items()}


async def record_consent(
    tx: Transaction, viewer: Viewer, *, expert: ExpertId, purpose: Purpose, given: bool, how: How
) -> Consent:
    """Take down what a person decided on the text in force, in a transaction that does more; what is in force then.

    It is in force for every search and page when the transaction ends. The same decision on the same text once more is
    not taken down again. To be called after everything but changes: the change log is written here.

    Raises:
        NotAllowed: the viewer is neither the person nor an administrator who takes down what came on paper.
        NoSuchExpert: there is no such person.
    """
    refuse_unless(
        may_record_consent(viewer, expert), "give or withdraw this consent", who="the person and administrators"
    )
    refuse_unless(
        viewer.person == expert or how is How.PAPER,
        "give or withdraw consent for somebody else, unless they did so on paper",
        who="that person",
    )
    return await _recorded(tx, viewer, expert=expert, purpose=purpose, given=given, how=how)


async def withdraw_by_complaint(tx: Transaction, viewer: Viewer, *, expert: ExpertId) -> None:
    """Take down that a person who complained of a letter is to be written to no more, whoever was told so.

    Within a transaction, as :func:`record_consent`; only the person, or paper of theirs, agrees to it again.
    """
    await _recorded(tx, viewer, expert=expert, purpose=Purpose.CONTACTED, given=False, how=How.COMPLAINT)


async def _recorded(
    tx: Transaction, viewer: Viewer, *, expert: ExpertId, purpose: Purpose, given: bool, how: How
) -> Consent:
    await hold_stamps(tx)
    (row,) = await tx.run(KEEP_FIRST_TEXT, purpose=purpose, texts=_properties(first_texts()[purpose].texts.by_language))
    version = int(row["version"])
    rows = await tx.run(IN_FORCE, expert=expert, purpose=purpose)
    if not rows:
        raise NoSuchExpert(expert)
    before = Consent.from_row(rows[0]) if rows[0]["consent"] else None
    if before is not None and (before.given, before.version) == (given, version):
        return before
    (decided,) = await tx.run(
        DECIDE,
        expert=expert,
        id=uuid.uuid4().hex,
        purpose=purpose,
        given=given,
        version=version,
        at=datetime.now(UTC),
        how=how,
        by=viewer.actor,
    )
    await restamp(tx, experts=[expert])
    await record(
        tx,
        viewer,
        verb="consent given" if given else "consent withdrawn",
        subject=f"expert:{expert}",
        fields=[purpose],
        before={purpose: None if before is None else _decision(given=before.given)},
        after={purpose: _decision(given=given), "version": version, "how": how},
    )
    return Consent.from_row(decided)


async def decide(graph: Graph, viewer: Viewer, *, expert: ExpertId, purpose: Purpose, given: bool, how: How) -> Consent:
    """As :func:`record_consent`, in a transaction of its own."""

    async def work(tx: Transaction) -> Consent:
        return await record_consent(tx, viewer, expert=expert, purpose=purpose, given=given, how=how)

    return await graph.transact(work)


async def history_of(
    graph: Graph, viewer: Viewer, *, expert: ExpertId
) -> tuple[Sequence[Consent], Mapping[tuple[Purpose, int], ConsentText]]:
    """Every decision of a person, newest first, and the texts that they were about, by purpose and version.

    Raises:
        NotAllowed: the viewer is neither the person nor an administrator.
    """
    refuse_unless(may_read_choices(viewer, expert), "read what this person agreed to", who="the person")
    consents = [Consent.from_row(row) for row in await graph.read(HISTORY, expert=expert)]
    found = [ConsentText.from_row(row) for row in await graph.read(TEXTS_AGREED_TO, expert=expert)]
    return consents, {(text.purpose, text.version): text for text in found}


async def undecided(graph: Graph, viewer: Viewer) -> Mapping[Purpose, int]:
    """How many of the people whom the viewer sees decided nothing yet, by purpose.

    Raises:
        NotAllowed: the viewer is no administrator.
    """
    refuse_unless(may_set_network(viewer), "count who decided nothing yet", who="administrators")
    rows = await graph.read(UNDECIDED, **viewer.sight, purposes=list(Purpose))
    counted = {row["purpose"]: int(row["people"]) for row in rows}
    return {purpose: counted.get(purpose, 0) for purpose in Purpose}


async def set_text(graph: Graph, viewer: Viewer, *, purpose: Purpose, by_language: Mapping[str, str]) -> ConsentText:
    """Put a new version of a purpose's text in force. What people decided on earlier versions stays in force as well.

    Raises:
        NotAllowed: the viewer is no administrator.
        UnfitConsentText: it is empty, too long, not in English too, or in a language that the network does not speak.
    """
    refuse_unless(may_set_network(viewer), "set the texts of consent", who="administrators")
    _ensure_fit(by_language)

    async def work(tx: Transaction) -> ConsentText:
        first = _properties(first_texts()[purpose].texts.by_language)
        (kept,) = await tx.run(KEEP_FIRST_TEXT, purpose=purpose, texts=first)
        version = int(kept["version"])
        (row,) = await tx.run(SET_TEXT, purpose=purpose, version=version, texts=_properties(by_language))
        await record(
            tx,
            viewer,
            verb="consent text set",
            subject="network",
            fields=[purpose],
            before={"version": version},
            after={"version": version + 1},
        )
        return ConsentText.from_row(row)

    return await graph.transact(work)


@cache
def first_texts() -> Mapping[Purpose, ConsentText]:
    """The texts that the product ships, by purpose in their order."""
    shipped = tomllib.loads(FIRST_TEXTS.read_text(encoding="utf-8"))
    return {purpose: ConsentText(purpose, 1, Names(shipped[purpose]), None) for purpose in Purpose}


def _ensure_fit(by_language: Mapping[str, str]) -> None:
    for language, text in by_language.items():
        if language not in UN_LANGUAGES:
            raise UnfitConsentText(
                Wording(
                    "This text of consent cannot be used: '%(language)s' is none of the languages; use %(languages)s.",
                    language=language[:20],
                    languages=UN_LANGUAGES,
                )
            )
        if not text.strip():
            raise UnfitConsentText(
                Wording(
                    "This text of consent cannot be used: it is empty in '%(language)s'; write what "
                    "the person agrees to.",
                    language=language,
                )
            )
        if len(text) > LONGEST_TEXT:
            raise UnfitConsentText(
                Wording(
                    "This text of consent cannot be used: it is longer than %(most)s characters in '%(language)s'; "
                    "shorten it.",
                    most=LONGEST_TEXT,
                    language=language,
                )
            )
    if "en" not in by_language:
        raise UnfitConsentText(
            Wording("This text of consent cannot be used: it is not there in English; write it in English too.")
        )


def _properties(by_language: Mapping[str, str]) -> dict[str, str]:
    return {f"text_{language}": text.strip() for language, text in by_language.items()}


def _decision(*, given: bool) -> str:
    return "given" if given else "withdrawn"
