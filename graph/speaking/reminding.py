"""Reminders that go out by themselves: once, to whom a letter asked and whose answer is overdue."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from graph.fields import InvalidFields
from graph.graph import Graph
from graph.people.profiles import OtherVersion
from graph.speaking.candidacies import CandidacyId, NoSuchCandidacy
from graph.speaking.changing import advance
from graph.speaking.deadlines import unanswered
from graph.speaking.letters import Correspondence, Letter, LetterState, NotReachable, Wanted, correspondence
from graph.speaking.occasions import Occasion
from graph.speaking.outbox import LETTERS
from graph.speaking.states import EventCancelled, ImpossibleStep, State

__all__ = ["remind_overdue"]

AFTER_AT_MOST: Final = timedelta(days=7)
"""How long after the day that was named somebody is still reminded: later, organisers have asked in another way."""

ANSWER_WITHIN: Final = timedelta(days=7)
"""How long somebody has who is reminded, unless the event begins before."""


async def remind_overdue(graph: Graph) -> int:
    """Have a reminder wait for everybody who is overdue of late, was asked by a letter, and was not reminded since.

    How many people are reminded. Two that do it at once remind each of them once. A letter that did not arrive asked
    nobody, and to whom the last letter did not arrive none is written.
    """
    now, reminded = datetime.now(UTC), 0
    overdue = [
        one
        for one in await unanswered(graph, LETTERS)
        if one.state is State.INVITED and one.answer_by and now - AFTER_AT_MOST < one.answer_by < now
    ]
    letters = await correspondence(graph, LETTERS, candidacies=[one.candidacy for one in overdue])
    for one in overdue:
        written = [letter for letter in _of(letters, one.candidacy) if letter.made_at >= one.asked_at]
        if not _asked_by(written):
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
        except (OtherVersion, NoSuchCandidacy, ImpossibleStep, EventCancelled, NotReachable, InvalidFields):
            continue  # it has just become otherwise, or they hid their address; organisers see that they are overdue
        reminded += 1
    return reminded


def _of(letters: Mapping[CandidacyId, Correspondence], candidacy: CandidacyId) -> Sequence[Letter]:
    return letters[candidacy].letters if candidacy in letters else ()


def _asked_by(written: Sequence[Letter]) -> bool:
    """Whether the letters since somebody was asked did ask them, and the last of them arrived."""
    return any(letter.occasion is Occasion.INVITATION for letter in written) and written[-1].state is LetterState.SENT
