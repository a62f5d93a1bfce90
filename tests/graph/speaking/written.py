"""People who were written to, and what waits for them."""

from typing import Any

from graph.graph import Graph
from graph.speaking import (
    CandidacyId,
    Letter,
    State,
    Told,
    Waiting,
    Wanted,
    advance,
    correspondence,
    sent,
    take,
    tell_speakers,
)
from graph.values import EventId, ExpertId
from tests.graph.speaking.network import AMA, BRIEFING, ORGANISER, listed

__all__ = ["address_people", "all_sent", "invited", "lettered", "letters_of", "taken", "tell"]

ADDRESSES = """
MATCH (e:Expert) WHERE e.id IN ['ama', 'dana']
SET e.email = e.id + '@people.example'
"""


async def address_people(graph: Graph) -> None:
    """Give Ama and Dana addresses; Kofi has none."""
    await graph.write(ADDRESSES)


async def invited(graph: Graph, expert: ExpertId = AMA, event: EventId = BRIEFING, **given: Any) -> CandidacyId:
    """Somebody on the list, invited by a letter."""
    (one,) = await listed(graph, expert, event=event)
    await advance(graph, ORGANISER, id=one.id, expected_version=one.version, to=State.INVITED, letter=Wanted(), **given)
    return one.id


async def lettered(graph: Graph, id: CandidacyId, to: State, letter: Wanted | None = None) -> None:
    (version,) = await graph.read("MATCH (c:Candidacy {id: $id}) RETURN c.version AS version", id=id)
    await advance(graph, ORGANISER, id=id, expected_version=version["version"], to=to, letter=letter or Wanted())


async def taken(graph: Graph) -> Waiting:
    one = await take(graph)
    assert one is not None
    return one


async def all_sent(graph: Graph) -> list[Waiting]:
    """Everything that waits, sent."""
    letters = []
    while (one := await take(graph)) is not None:
        letters.append(one)
        await sent(graph, id=one.id)
    return letters


async def tell(graph: Graph) -> Told:
    return await tell_speakers(graph, ORGANISER, event=BRIEFING)


async def letters_of(graph: Graph, id: CandidacyId) -> tuple[Letter, ...]:
    return (await correspondence(graph, ORGANISER, candidacies=[id]))[id].letters
