"""A shortlist: people put on it by hand, or found by a question, a topic or what the event is about.

Of what a search found, only ids are kept: passages, topics, talks and languages are read when they are asked for, so
whoever hides or erases them takes them out of shortlists too.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, LiteralString

from graph.changes import record
from graph.errors import GraphError, NoSuchExpert
from graph.filters import resolve
from graph.graph import Graph, Transaction
from graph.idempotency import KeySpent, keep, made_before
from graph.invitations import fit_text
from graph.passages import hold_stamps
from graph.permissions import may_shortlist, refuse_unless
from graph.search import Match, Search, WhyNobody
from graph.speaking.candidacies import WHO, Candidacy, FoundBy, read
from graph.values import UN_LANGUAGES, EventId, ExpertId, Expertise, SpokenLanguage, Talk
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = ["LONGEST_NOTE", "MOST", "Proposed", "ShortlistFull", "Shortlisted", "shortlist", "shortlist_found"]

MOST: Final = 300
"""How many people are considered for one event."""

LONGEST_NOTE: Final = 4_000
BY_HAND, BY_SEARCH = "shortlistExperts", "shortlistMatches"


class ShortlistFull(GraphError):
    """More people were to be considered for an event than can be."""

    def __init__(self) -> None:
        super().__init__(
            Wording("At most %(most)s people are considered for one event, so nobody was added; add fewer.", most=MOST)
        )


@dataclass(frozen=True, slots=True)
class Proposed:
    """Somebody for a shortlist, with the organisers' note on them."""

    expert: ExpertId
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shortlisted:
    """Who was added, in order, and who was there already; of a search that found nobody, why."""

    added: tuple[Candidacy, ...]
    already: tuple[Candidacy, ...]
    nobody: WhyNobody | None = None


KNOWN: LiteralString = seen("""
MATCH (e:Expert) WHERE e.id IN $experts AND SEES(e.listing)
RETURN collect(e.id) AS experts
""")

LAST: LiteralString = "MATCH (c:Candidacy {event: $event}) RETURN coalesce(max(c.rank), 0) AS rank"

ADD: LiteralString = """
UNWIND $rows AS row
MATCH (e:Expert {id: row.expert})
CREATE (e)-[:CONSIDERED_AS]->(c:Candidacy {
  id: row.id, event: $event, expert: row.expert, state: 'shortlisted', rank: row.rank, note: row.note, reminders: 0,
  version: 1, created_at: $at, found_by: row.found_by, question: row.question, strength: row.strength,
  passages: row.passages, topics: row.topics, talks: row.talks, languages: row.languages
})-[:STEP]->(:Step {id: row.step, number: 1, to: 'shortlisted', at: $at, by: $by, reason: ''})
"""


async def shortlist(
    graph: Graph,
    viewer: Viewer,
    *,
    event: EventId,
    people: Sequence[Proposed],
    idempotency_key: str | None = None,
) -> Shortlisted:
    """Put people on an event's shortlist, after those who are there; who is considered already stays as they are.

    With the key of people who were put there before, those again, as they are now.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchEvent: there is none of this id.
        NoSuchExpert: the viewer sees nobody of one of these ids; nobody was added.
        UnfitText: a note is too long, or holds what no text needs.
        ShortlistFull: there would be too many.
        KeyUnfit, KeyOfOther, KeySpent: the key cannot be used.
    """
    _ensure_may(viewer)
    rows = [{"expert": one.expert, "note": fit_text("note", one.note, LONGEST_NOTE)} for one in people]
    given = {"event": event, "people": rows}
    return await _added(
        graph, viewer, event=event, rows=rows, mutation=BY_HAND, key=idempotency_key, given=given, is_by_hand=True
    )


async def shortlist_found(
    graph: Graph,
    viewer: Viewer,
    *,
    search: Search,
    event: EventId,
    question: str | None = None,
    topic: str | None = None,
    first: int = 10,
    idempotency_key: str | None = None,
) -> Shortlisted:
    """Put up to ``first`` people on an event's shortlist whom a search finds.

    By a question, among those who know a topic (id or label), by both, or by what the event says of itself.

    Raises:
        UnknownFilterValue: there is no such topic.
        EmptyQuestion, QuestionTooLong, EncoderMismatch: as for a search.
        NotAllowed, NoSuchEvent, ShortlistFull, KeyUnfit, KeyOfOther, KeySpent: as for :func:`shortlist`.
    """
    _ensure_may(viewer)
    only = await resolve(graph, viewer, topics=[topic] if topic is not None else [])
    if question is None and topic is None:
        answer, found_by = await search.like_event(viewer, event, first=first), FoundBy.EVENT
    elif question is None:
        label = await _label(graph, sorted(only.topics or ()))
        answer, found_by = await search.ask(viewer, label, first=first, only=only), FoundBy.TOPIC
    else:
        answer, found_by = await search.ask(viewer, question, first=first, only=only), FoundBy.QUESTION
    asked = question if found_by is FoundBy.QUESTION else None
    rows = [_grounds(match, found_by, asked) for match in answer.matches]
    given = {"event": event, "question": question, "topic": topic, "first": first}
    made = await _added(
        graph, viewer, event=event, rows=rows, mutation=BY_SEARCH, key=idempotency_key, given=given, is_by_hand=False
    )
    return Shortlisted(made.added, made.already, answer.nobody)


LABEL: LiteralString = "MATCH (t:Topic) WHERE t.id IN $topics RETURN t {.*} AS topic ORDER BY t.id LIMIT 1"


async def _label(graph: Graph, topics: Sequence[str]) -> str:
    (row,) = await graph.read(LABEL, topics=topics)
    labels = (row["topic"].get(f"label_{language}") for language in UN_LANGUAGES)
    return str(next((label for label in labels if label), row["topic"]["id"]))


def _grounds(match: Match, found_by: FoundBy, question: str | None) -> dict[str, Any]:
    """What speaks for somebody whom a search found, by ids."""
    return {
        "expert": match.expert.id,
        "note": "",
        "found_by": found_by.value,
        "question": question,
        "strength": match.strength.value,
        "passages": [evidence.passage.id for evidence in match.evidence],
        "topics": [reason.topic.id for reason in match.reasons if isinstance(reason, Expertise)],
        "talks": list(dict.fromkeys(reason.event.id for reason in match.reasons if isinstance(reason, Talk))),
        "languages": [reason.language.id for reason in match.reasons if isinstance(reason, SpokenLanguage)],
    }


NO_GROUNDS: Mapping[str, Any] = {
    "found_by": FoundBy.HAND.value,
    "question": None,
    "strength": None,
    "passages": [],
    "topics": [],
    "talks": [],
    "languages": [],
}


async def _added(
    graph: Graph,
    viewer: Viewer,
    *,
    event: EventId,
    rows: Sequence[Mapping[str, Any]],
    mutation: str,
    key: str | None,
    given: Mapping[str, Any],
    is_by_hand: bool,
) -> Shortlisted:
    ids = [(uuid.uuid4().hex, uuid.uuid4().hex) for _ in rows]

    async def work(tx: Transaction) -> Shortlisted:
        before = await made_before(tx, viewer, mutation=mutation, key=key, given=given)
        await hold_stamps(tx)
        considered = await read(tx, viewer, event=event)
        if before is not None:
            return _again(considered.candidacies, before)
        (known,) = await tx.run(KNOWN, **viewer.sight, experts=[row["expert"] for row in rows])
        there = {one.expert for one in considered.candidacies}
        new: dict[str, dict[str, Any]] = {}
        (last,) = await tx.run(LAST, event=event)
        for row, (id, step) in zip(rows, ids, strict=True):
            if row["expert"] not in known["experts"]:
                if is_by_hand:
                    raise NoSuchExpert(row["expert"])
                continue  # erased, or hidden, since the search found them
            if row["expert"] not in there and row["expert"] not in new:
                rank = last["rank"] + len(new) + 1
                new[row["expert"]] = {**NO_GROUNDS, **row, "id": id, "step": step, "rank": rank}
        if len(there) + len(new) > MOST:
            raise ShortlistFull
        asked = {row["expert"] for row in rows}
        already = [one.id for one in considered.candidacies if one.expert in asked]
        added = [row["id"] for row in new.values()]
        await keep(tx, viewer, mutation=mutation, key=key, result=f"{' '.join(added)}|{' '.join(already)}")
        if new:
            await tx.run(ADD, rows=list(new.values()), event=event, at=datetime.now(UTC), by=viewer.actor)
            await record(
                tx, viewer, verb="candidates shortlisted", subject=f"shortlist:{event}", after={"added": len(new)}
            )
        now = await read(tx, viewer, event=event)
        return _of(now.candidacies, added, already)

    return await graph.transact(work)


def _again(candidacies: Sequence[Candidacy], before: str) -> Shortlisted:
    added, _, already = before.partition("|")
    found = _of(candidacies, added.split(), already.split())
    if len(found.added) < len(added.split()):
        raise KeySpent(Wording("some of those who were added are there no more"))
    return found


def _of(candidacies: Sequence[Candidacy], added: Sequence[str], already: Sequence[str]) -> Shortlisted:
    return Shortlisted(
        tuple(one for one in candidacies if one.id in added), tuple(one for one in candidacies if one.id in already)
    )


def _ensure_may(viewer: Viewer) -> None:
    refuse_unless(may_shortlist(viewer), "change who is considered as a speaker", who=WHO)
