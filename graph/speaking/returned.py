"""Letters that came back, or that somebody complained of, and sending one again."""

from datetime import UTC, datetime
from typing import LiteralString

from graph.changes import record
from graph.consents import withdraw_by_complaint
from graph.errors import GraphError
from graph.graph import Graph, Transaction
from graph.invitations import fit_text
from graph.passages import hold_stamps
from graph.permissions import may_shortlist, refuse_unless
from graph.speaking.candidacies import WHO, CandidacyId
from graph.speaking.letters import Letter, LetterId, LetterState, Wanted, letter_from, write
from graph.speaking.occasions import Occasion
from graph.values import ExpertId
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = ["NoSuchLetter", "record_bounce", "send_again"]

CAME_BACK: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(c:Candidacy)-[:LETTER]->(l:Letter {id: $id})
WHERE SEES(e.listing) AND l.state IN ['sent', 'bounced', 'unwanted']
SET l.state = CASE l.state WHEN 'unwanted' THEN l.state ELSE $state END, l.fault = $fault
RETURN e.id AS expert, c.id AS candidacy, l {.*} AS letter
""")

AGAIN: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy)-[:LETTER]->(l:Letter {id: $id})
WHERE SEES(e.listing) AND l.state IN ['failed', 'bounced']
  AND NOT EXISTS { (c)-[:LETTER]->(:Letter {occasion: l.occasion, state: 'waiting'}) }
RETURN c.id AS candidacy, l {.*} AS letter
""")


class NoSuchLetter(GraphError):
    """There is no letter of this id, as far as the viewer may know, or it has not come so far."""

    def __init__(self) -> None:
        super().__init__(
            Wording("There is no letter of that id of which this can be said; look at the letters of the candidacy.")
        )


async def record_bounce(
    graph: Graph, viewer: Viewer, *, letter: LetterId, fault: str = "", is_complaint: bool = False
) -> Letter:
    """Take down that a letter came back, or that whoever got it complained, who is then written to no more.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchLetter: there is none of this id, or it has not left.
        UnfitText: the fault is too long, or holds what no text needs.
    """
    refuse_unless(may_shortlist(viewer), "say what became of a letter", who=WHO)
    said = fit_text("fault", fault, 300)
    state = LetterState.UNWANTED if is_complaint else LetterState.BOUNCED

    async def work(tx: Transaction) -> Letter:
        await hold_stamps(tx)
        rows = await tx.run(CAME_BACK, **viewer.sight, id=letter, state=state.value, fault=said)
        if not rows:
            raise NoSuchLetter
        (row,) = rows
        if is_complaint:
            await withdraw_by_complaint(tx, viewer, expert=ExpertId(row["expert"]))
        await record(
            tx,
            viewer,
            verb="letter came back",
            subject=f"candidacy:{row['candidacy']}",
            after={"state": state.value},
        )
        return letter_from(row["letter"])

    return await graph.transact(work)


async def send_again(graph: Graph, viewer: Viewer, *, letter: LetterId) -> Letter:
    """Have a letter that failed or bounced go out once more, as it was asked for; which tells what is so by then.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchLetter: there is none of this id that failed or bounced.
        NotReachable: they show no address to write to.
    """
    refuse_unless(may_shortlist(viewer), "write to speakers", who=WHO)

    async def work(tx: Transaction) -> Letter:
        await hold_stamps(tx)
        rows = await tx.run(AGAIN, **viewer.sight, id=letter)
        if not rows:
            raise NoSuchLetter
        (row,) = rows
        id, told = CandidacyId(row["candidacy"]), row["letter"]
        wanted = Wanted(told["note"], told["language"])
        new = await write(tx, viewer, id=id, occasion=Occasion(told["occasion"]), wanted=wanted, at=datetime.now(UTC))
        after = {"occasion": told["occasion"]}
        await record(tx, viewer, verb="letter sent again", subject=f"candidacy:{id}", after=after)
        return new

    return await graph.transact(work)
