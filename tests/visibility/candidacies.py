"""Who is considered as a speaker in a random network, with steps, letters and answers; and how that is stored.

Drawn apart from everything else, so that the networks of a seed stay as they were.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

from graph.graph import Transaction
from graph.search import Strength
from graph.speaking import NEXT, FoundBy, GivenAnswer, Letter, LetterId, LetterState, Occasion, State, Step
from graph.values import PassageId
from graph.viewer import PUBLIC
from tests.visibility.rules import Considered, Person, Sight, World

__all__ = ["EMPTY_CANDIDACIES", "everywhere_considered", "random_candidacies", "write_candidacies"]

BEGINS = datetime(2021, 10, 1, tzinfo=UTC)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
OF_STEP = {
    State.INVITED: Occasion.INVITATION,
    State.REMINDED: Occasion.REMINDER,
    State.CONFIRMED: Occasion.CONFIRMATION,
    State.WITHDRAWN: Occasion.RELEASE,
}

NEARER = (State.INVITED, State.ACCEPTED, State.CONFIRMED, State.SPOKE, State.ABSENT)

# The crowd's stay with the crowd.
EMPTY_CANDIDACIES: LiteralString = """
MATCH (c:Candidacy) WHERE NOT c.id CONTAINS 'crowd'
CALL (c) { MATCH (c)-[:STEP|LETTER|REPLY]->(n) DETACH DELETE n }
DETACH DELETE c
"""

# Nobody's candidacy is stored where the person is not there.
STORE: LiteralString = """
UNWIND $rows AS row
MATCH (e:Expert {id: row.person})
MERGE (c:Candidacy {id: row.own.id})
SET c = row.own
CREATE (e)-[:$(row.relation)]->(c)
CREATE (known:Step) SET known = row.steps[0] CREATE (c)-[:STEP]->(known)
WITH c, row
CALL (c, row) { UNWIND row.steps[1..] AS of CREATE (c)-[:STEP]->(n:Step) SET n = of }
CALL (c, row) { UNWIND row.letters AS of CREATE (c)-[:LETTER]->(n:Letter) SET n = of }
CALL (c, row) { UNWIND row.replies AS of CREATE (c)-[:REPLY]->(n:Reply) SET n = of }
"""


class _Chance(random.Random):
    """Chances, and moments of which no two are the same, so that what came first is always certain."""

    told = 0

    def moment(self, day: int) -> datetime:
        self.told += 1
        return BEGINS + timedelta(days=day, seconds=self.told)


def random_candidacies(world: World, *, seed: int) -> tuple[Considered, ...]:
    """Most people are considered for some events; a few twice for one, since they were found to be one person."""
    chance = _Chance(f"speakers {seed}")
    found = []
    for event in world.events:
        people = [person for person in world.people.values() if chance.random() < 0.6]
        places = chance.sample(range(1, 100), len(people))
        for person, place in zip(people, places, strict=True):
            found.append(_considered(chance, world, person, event, place))
            if chance.random() < 0.15:
                found.append(_considered(chance, world, person, event, chance.randrange(100), is_aside=True))
    return tuple(found)


def everywhere_considered(world: World) -> tuple[Considered, ...]:
    """Everybody, for every event, before and between others; with all that somebody may be in the end."""
    chance = _Chance("everywhere")
    people = enumerate(world.people.values())
    return tuple(
        _considered(chance, world, person, event, 5 * number) for number, person in people for event in world.events
    )


def _considered(
    chance: _Chance,
    world: World,
    person: Person,
    event: str,
    place: int,
    *,
    is_aside: bool = False,
) -> Considered:
    id = f"{person.id}-{event}{'-aside' if is_aside else ''}"
    steps = tuple(_steps(chance))
    pieces = [piece.id for piece in Sight(world, PUBLIC).pieces(person)]
    others = [piece.id for piece in Sight(world, PUBLIC).pieces(chance.choice(list(world.people.values())))]
    return Considered(
        id,
        person.id,
        event,
        place,
        chance.choice(("", f"A note on {person.name}")),
        chance.choice((None, chance.moment(chance.randrange(400)), FAR)),
        sum(step.to is State.REMINDED for step in steps),
        len(steps) + chance.randrange(3),
        chance.choice(tuple(FoundBy)),
        chance.choice((None, "Who knows hotels?")),
        chance.choice((None, *Strength)),
        passages=tuple(map(PassageId, chance.sample([*pieces, others[-1], "nothing"], 2))),
        topics=tuple(chance.sample(list(world.topics), 3)),
        talks=tuple(chance.sample(list(world.events), 2)),
        languages=tuple(chance.sample(list(world.languages), 3)),
        steps=steps,
        letters=tuple(_letters(chance, id, steps)),
        replies=tuple(_replies(chance, steps)),
        is_aside=is_aside,
    )


def _steps(chance: _Chance) -> Iterator[Step]:
    state, day = State.SHORTLISTED, chance.randrange(300)
    yield Step(None, state, chance.moment(day), "account:1", "")
    for _ in range(chance.randrange(7)):
        before, state = state, _next(chance, state)
        day += chance.randrange(1, 60)
        yield Step(
            before, state, chance.moment(day), chance.choice(("account:1", "answer link")), chance.choice(("", "So."))
        )


def _next(chance: _Chance, state: State) -> State:
    """What may follow; mostly what brings somebody nearer to the panel."""
    nearer = [one for one in NEXT[state] if one in NEARER]
    return chance.choice(nearer if nearer and chance.random() < 0.7 else NEXT[state])


def _letters(chance: _Chance, id: str, steps: Sequence[Step]) -> Iterator[Letter]:
    for number, step in enumerate(steps):
        if step.to in OF_STEP and chance.random() < 0.6:
            state = chance.choice(tuple(LetterState))
            left = state in {LetterState.SENT, LetterState.BOUNCED, LetterState.UNWANTED}
            yield Letter(
                LetterId(f"{id}-letter{number}"),
                OF_STEP[step.to],
                chance.choice(("en", "fr", "ar")),
                chance.choice(("", "Do come.")),
                state,
                step.at,
                step.by,
                step.at + timedelta(minutes=5) if left else None,
                step.at + timedelta(minutes=7) if state is LetterState.WAITING else None,
                chance.randrange(4),
                "" if state is LetterState.SENT else chance.choice(("", "SMTPConnectError")),
            )


def _replies(chance: _Chance, steps: Sequence[Step]) -> Iterator[GivenAnswer]:
    for step in steps:
        if step.to in {State.INVITED, State.REMINDED, State.ACCEPTED} and chance.random() < 0.4:
            answer = chance.choice(("accept", "decline", "other_time"))
            yield GivenAnswer(answer, "In May.", chance.choice(("", "My colleague.")), step.at + timedelta(hours=1))


async def write_candidacies(tx: Transaction, world: World) -> None:
    """Store all that is taken down of who is considered, in place of what was of the same ids."""
    await tx.run(
        "MATCH (c:Candidacy) WHERE c.id IN $ids CALL (c) { MATCH (c)-[:STEP|LETTER|REPLY]->(n) DETACH DELETE n } "
        "DETACH DELETE c",
        ids=[one.id for one in world.candidacies],
    )
    await tx.run(STORE, rows=[_row(one) for one in world.candidacies])


def _row(one: Considered) -> dict[str, Any]:
    named = {} if one.is_aside else {"expert": one.expert}
    return {
        "person": one.expert,
        "relation": "WAS_CONSIDERED_AS" if one.is_aside else "CONSIDERED_AS",
        "own": {
            "id": one.id,
            **named,
            "event": one.event,
            "state": one.steps[-1].to.value,
            "rank": one.place,
            "note": one.note,
            "answer_by": one.answer_by,
            "reminders": one.reminders,
            "version": one.version,
            "created_at": one.steps[0].at,
            "found_by": one.found_by.value,
            "question": one.question,
            "strength": one.strength and one.strength.value,
            "passages": list(one.passages),
            "topics": list(one.topics),
            "talks": list(one.talks),
            "languages": list(one.languages),
        },
        "steps": [
            {"id": f"{one.id}-step{number}", "number": number, **_plain(asdict(step))}
            for number, step in enumerate(one.steps, start=1)
        ],
        "letters": [
            {"candidacy": one.id, "number": 2, "sequence": place, **_plain(asdict(letter))}
            for place, letter in enumerate(one.letters)
        ],
        "replies": [
            {"id": f"{one.id}-reply{number}", **_plain(asdict(reply))} for number, reply in enumerate(one.replies)
        ],
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is None; a choice by its value, as drivers write them."""
    return {name: str(one) if isinstance(one, str) else one for name, one in values.items() if one is not None}
