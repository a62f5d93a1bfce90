"""What is asked of graph.speaking in one case, and what must come back; as entry points are built of it."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from graph.errors import NoSuchEvent
from graph.graph import Graph
from graph.permissions import NotAllowed
from graph.speaking import (
    AnswerGiven,
    Attendee,
    CandidacyId,
    Certainty,
    Ground,
    NoSuchCandidacy,
    NotReachable,
    Reply,
    State,
    Wanted,
    answers_given,
    by_id,
    conflicts,
    correspondence,
    fairness,
    histories,
    match_attendees,
    next_in_line,
    own_invitations,
    page,
    preview,
    standings,
    take_replies,
    unanswered,
)
from graph.values import Cursor, EventId
from graph.viewer import Viewer
from tests.visibility import considered
from tests.visibility.considered import NO_CANDIDACY, NO_EVENT, NOT_REACHABLE, REFUSED
from tests.visibility.networks import Question
from tests.visibility.rules import Sight, World

__all__ = ["OF_SPEAKERS"]

REFUSALS: Mapping[type[Exception], str] = {
    NotAllowed: REFUSED,
    NoSuchEvent: NO_EVENT,
    NoSuchCandidacy: NO_CANDIDACY,
    NotReachable: NOT_REACHABLE,
}
DAYS = (date(2021, 10, 1), date(2022, 3, 1), date(2022, 8, 1), date(2030, 1, 1))


async def told(answer: Awaitable[Any]) -> Any:
    """An answer, or the refusal's word."""
    try:
        return await answer
    except tuple(REFUSALS) as error:
        return REFUSALS[type(error)]


def chance_of(q: Question, of: str) -> random.Random:
    return random.Random(f"{of} {q.seed}")


def ids_of(q: Question, world: World) -> list[CandidacyId]:
    """Candidacies, of hidden people and set aside ones too, and what is none."""
    ids = [one.id for one in world.candidacies]
    found = chance_of(q, "candidacies").sample(ids, min(len(ids), 6))
    return [*map(CandidacyId, found), CandidacyId("nothing")]


def cursor_of(q: Question, world: World) -> Cursor | None:
    """The place of somebody who is considered for the event, whom the viewer may not know."""
    chance = chance_of(q, "after")
    there = [one.id for one in world.candidacies if one.event == q.events[0]]
    if not there or chance.random() < 0.5:
        return None
    return Cursor((str(chance.randrange(1, 5)), chance.choice(there)))


async def pages(graph: Graph, viewer: Viewer, q: Question, world: World) -> Any:
    found, after = [], cursor_of(q, world)
    while True:
        answer = await told(page(graph, viewer, event=q.events[0], first=q.first, after=after))
        if isinstance(answer, str):
            return answer
        found.append(answer)
        if not answer.has_next:
            return found
        after = answer.entries[-1][0]


async def each_by_id(graph: Graph, viewer: Viewer, q: Question, world: World) -> Any:
    return {id: await told(by_id(graph, viewer, id=id)) for id in ids_of(q, world)}


async def each_next(graph: Graph, viewer: Viewer, q: Question, _: World) -> Any:
    return {event: await told(next_in_line(graph, viewer, event=event)) for event in q.events}


def since_of(q: Question) -> date:
    return chance_of(q, "since").choice(DAYS)


def span_of(q: Question) -> dict[str, Any]:
    chance = chance_of(q, "fairness")
    since = date(2021, 10, 1) + timedelta(days=chance.randrange(300))
    until = since + timedelta(days=chance.choice((0, 60, 400, 3000)))
    return {"since": since, "until": until, "more_than": chance.choice((0, 1, 2))}


async def against(graph: Graph, viewer: Viewer, q: Question, _: World) -> Any:
    since = since_of(q)
    return {
        event: await told(conflicts(graph, viewer, event=event, experts=q.experts, asked_since=since))
        for event in q.events
    }


async def waited_for(graph: Graph, viewer: Viewer, q: Question, _: World) -> Any:
    return [await told(unanswered(graph, viewer, event=event)) for event in (None, q.events[0])]


async def given(graph: Graph, viewer: Viewer, q: Question, _: World) -> Any:
    found = []
    for event in (None, q.events[0]):
        page = await told(answers_given(graph, viewer, event=event, first=100_000))
        found.append(page if page == considered.REFUSED else by_time([_answer(one) for _, one in page.entries]))
    return found


def _answer(one: AnswerGiven) -> tuple[Any, ...]:
    words = (one.answer.value, one.reason, one.suggestion, one.is_their_own)
    return one.at, one.candidacy, one.event, one.expert, *words


def by_time(answers: Any) -> Any:
    """Those of one moment in any order."""
    return answers if answers == considered.REFUSED else sorted(answers, key=lambda one: (one[0], one[1:]))


def events_of(q: Question, world: World) -> list[EventId]:
    """Some of the network's events, and what is none."""
    ids = list(world.events)
    found = chance_of(q, "standings").sample(ids, chance_of(q, "how many").randrange(len(ids) + 1))
    return [*map(EventId, found), EventId("nothing")]


async def previewed(graph: Graph, viewer: Viewer, q: Question, world: World) -> Any:
    return {id: await told(preview(graph, viewer, id=id, wanted=Wanted())) for id in ids_of(q, world)}


async def own(graph: Graph, viewer: Viewer, *_: object) -> Any:
    """With the moments of letters and answers as Python has them."""
    found = []
    for one in await own_invitations(graph, viewer):
        letters = tuple({**of, "left_at": of["left_at"].to_native()} for of in one.letters)
        replies = tuple({**of, "at": of["at"].to_native()} for of in one.replies)
        found.append((one.event, one.state, one.invited_at, one.changed_at, one.answer_by, letters, replies))
    return found


def own_expected(sight: Sight, _: Question) -> Any:
    return [
        (one.event, one.state, one.invited_at, one.changed_at, one.answer_by, one.letters, one.replies)
        for one in considered.own_invitations(sight)
    ]


def rows_of(q: Question, world: World) -> list[Attendee]:
    """Names and addresses of people, hidden ones too, alone and of two at once."""
    chance = chance_of(q, "attendees")
    people = list(world.people.values())
    rows = []
    for number in range(8):
        person, other = chance.choice(people), chance.choice(people)
        first, _, last = person.name.rpartition(" ")
        name, email = chance.choice(
            (
                (person.name, ""),
                (f"{last}, {first}".upper(), ""),
                (chance.choice((*person.other_names, person.name)), ""),
                ("", (person.email or "").upper()),
                (person.name, person.email or ""),
                (person.name, other.email or ""),
                ("Zzyzx Qqq", other.email or "nobody@example.org"),
            )
        )
        rows.append(Attendee(number, name, email))
    return rows


async def attendees(graph: Graph, viewer: Viewer, q: Question, world: World) -> Any:
    """None in place of what is only similar, or nobody; of these, whom the viewer must not know of."""
    answer = await told(match_attendees(graph, viewer, event=q.events[0], rows=rows_of(q, world)))
    if isinstance(answer, str):
        return answer, []
    seen = {person.id for person in Sight(world, viewer).seen()}
    hidden = [id for one in answer for id in one.people if id not in seen]
    vague = {Ground.SIMILAR, None}
    return [None if one.ground in vague and one.certainty is not Certainty.CERTAIN else one for one in answer], hidden


def replies_of(q: Question, world: World) -> list[Reply]:
    """Answers from people's addresses to the letters of one candidacy, this event's or another's."""
    chance = chance_of(q, "replies")
    people = list(world.people.values())
    replies = []
    for _ in range(6):
        person = chance.choice(people)
        uid = chance.choice(["calendar", *(one.id for one in world.candidacies if one.expert == person.id)])
        at = datetime(2022, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(400))
        answer = chance.choice((State.ACCEPTED, State.DECLINED))
        replies.append(
            Reply(f"{uid}@example.org", (person.email or "nobody@x.example").title(), answer, chance.choice((None, at)))
        )
    return replies


async def answered(graph: Graph, viewer: Viewer, q: Question, world: World) -> Any:
    """As a dry run tells it."""
    replies = replies_of(q, world)
    return await told(take_replies(graph, viewer, event=q.events[0], replies=replies, dry_run=True))


Ask = Callable[[Graph, Viewer, Question, World], Awaitable[Any]]
OF_SPEAKERS: Sequence[tuple[str, Ask, Callable[[Sight, Question], Any]]] = (
    (
        "graph.speaking.candidacies.page",
        pages,
        lambda sight, q: considered.pages(sight, q.events[0], first=q.first, after=cursor_of(q, sight.world)),
    ),
    (
        "graph.speaking.candidacies.by_id",
        each_by_id,
        lambda sight, q: {id: considered.by_id(sight, id) for id in ids_of(q, sight.world)},
    ),
    (
        "graph.speaking.candidacies.next_in_line",
        each_next,
        lambda sight, q: {event: considered.next_in_line(sight, event) for event in q.events},
    ),
    (
        "graph.speaking.history.histories",
        lambda graph, viewer, q, _: told(histories(graph, viewer, experts=q.experts)),
        lambda sight, q: considered.histories(sight, q.experts),
    ),
    (
        "graph.speaking.history.conflicts",
        against,
        lambda sight, q: {
            event: considered.conflicts(sight, event, experts=q.experts, since=since_of(q)) for event in q.events
        },
    ),
    (
        "graph.speaking.counting.fairness",
        lambda graph, viewer, q, _: told(fairness(graph, viewer, **span_of(q))),
        lambda sight, q: considered.fairness(sight, **span_of(q)),
    ),
    (
        "graph.speaking.deadlines.unanswered",
        waited_for,
        lambda sight, q: [considered.unanswered(sight, event) for event in (None, q.events[0])],
    ),
    (
        "graph.speaking.answers.answers_given",
        given,
        lambda sight, q: [by_time(considered.answers_given(sight, event, 100_000)) for event in (None, q.events[0])],
    ),
    (
        "graph.speaking.standing.standings",
        lambda graph, viewer, q, world: told(standings(graph, viewer, events=events_of(q, world))),
        lambda sight, q: considered.standings(sight, events_of(q, sight.world)),
    ),
    (
        "graph.speaking.letters.correspondence",
        lambda graph, viewer, q, world: told(correspondence(graph, viewer, candidacies=ids_of(q, world))),
        lambda sight, q: considered.correspondence(sight, ids_of(q, sight.world)),
    ),
    (
        "graph.speaking.letters.preview",
        previewed,
        lambda sight, q: {id: considered.preview(sight, id) for id in ids_of(q, sight.world)},
    ),
    ("graph.speaking.own.own_invitations", own, own_expected),
    (
        "graph.speaking.attendees.match_attendees",
        attendees,
        lambda sight, q: (considered.match_attendees(sight, q.events[0], rows_of(q, sight.world)), []),
    ),
    (
        "graph.speaking.replies.take_replies",
        answered,
        lambda sight, q: considered.take_replies(sight, q.events[0], replies_of(q, sight.world)),
    ),
)
"""Functions by name, how each is asked, and what it must answer."""
