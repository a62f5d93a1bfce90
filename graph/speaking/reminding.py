"""Reminders that go out by themselves: once, to whom a letter asked and whose answer is overdue."""

from datetime import UTC, datetime, timedelta
from typing import Final

from graph.graph import Graph
from graph.people.profiles import OtherVersion
from graph.speaking.candidacies import NoSuchCandidacy
from graph.speaking.changing import advance
from graph.speaking.deadlines import unanswered
from graph.speaking.letters import LetterState, NotReachable, Wanted, correspondence
from graph.speaking.outbox import LETTERS
from graph.speaking.states import EventCancelled, ImpossibleStep, State

__all__ = ["remind_overdue"]

ANSWER_WITHIN: Final = timedelta(days=7)
"""How long somebody has who is reminded, unless the event begins before."""


async def remind_overdue(graph: Graph) -> int:
    """Have a reminder wait for everybody who is overdue, was asked by a letter that arrived, and was never reminded.

    How many people are reminded. Two that do it at once remind each of them once.
    """
    overdue = [one for one in await unanswered(graph, LETTERS) if one.is_overdue and one.state is State.INVITED]
    letters = await correspondence(graph, LETTERS, candidacies=[one.candidacy for one in overdue])
    now, reminded = datetime.now(UTC), 0
    for one in overdue:
        written = letters[one.candidacy].letters if one.candidacy in letters else ()
        if not written or written[-1].state is not LetterState.SENT:
            continue
        within = now + ANSWER_WITHIN
        try:
            await advance(
                graph,
                LETTERS,
                id=one.candidacy,
                expected_version=one.version,
                to=State.REMINDED,
                answer_by=within if one.starts_at is None else min(within, one.starts_at),
                letter=Wanted(),
            )
        except (OtherVersion, NoSuchCandidacy, ImpossibleStep, EventCancelled):  # it has just become otherwise
            continue
        except NotReachable:  # they hid their address since; organisers see that they are overdue
            continue
        reminded += 1
    return reminded
