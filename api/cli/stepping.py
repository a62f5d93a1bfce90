"""``knowwho advance``, and ``knowwho invite PERSON --to EVENT``: what becomes of somebody who is considered."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

import orjson
import typer

from api.cli.speakers import AT_ONCE, names_of
from api.network import open_graph
from api.running import network_address
from api.settings import MailSettings
from api.speaking.composing import previewed
from api.speaking.letters import LetterText
from graph import speaking
from graph.errors import GraphError
from graph.graph import Graph
from graph.network import describe
from graph.settings import GraphSettings
from graph.speaking import Advanced, Candidacy, NoSuchCandidacy, Occasion, Proposed, State, Wanted
from graph.speaking.occasions import OF_STEP
from graph.values import EventId, ExpertId
from graph.viewer import Viewer

__all__ = ["advance_and_print", "preview_and_print"]


def advance_and_print(
    event: EventId,
    person: ExpertId,
    to: State,
    *,
    reason: str,
    answer_by: date | None,
    letter: Wanted | None,
    shortlists: bool,
    as_json: bool,
) -> None:
    """Have something become of somebody and print what they are now; ``shortlists`` puts them on the list first."""
    made, names = asyncio.run(
        _advanced(event, person, to, reason=reason, answer_by=answer_by, letter=letter, shortlists=shortlists)
    )
    if as_json:
        typer.echo(orjson.dumps(asdict(made), option=orjson.OPT_INDENT_2).decode())
        return
    typer.echo(f"{names[person]} is {made.candidacy.state}.")
    if letter is not None:
        sends = "leaves by the running server, or by 'knowwho letters send'"
        waits = "waits, since no letter leaves here: set KNOWWHO_SMTP_HOST, see docs/letters.md"
        typer.echo(f"The letter {sends if MailSettings().sends else waits}.", err=True)
    if made.next_in_line is not None:
        typer.echo(f"Next in line: {names[made.next_in_line.expert]}.")


def preview_and_print(
    event: EventId,
    person: ExpertId,
    to: State,
    *,
    answer_by: date | None,
    letter: Wanted,
    as_json: bool,
) -> None:
    """Print what a letter would say, to somebody who is on the list."""
    told = asyncio.run(_previewed(event, person, OF_STEP[to], answer_by=answer_by, letter=letter))
    if as_json:
        typer.echo(orjson.dumps(asdict(told), option=orjson.OPT_INDENT_2).decode())
    else:
        typer.echo(f"{told.subject}\n\n{told.text}", nl=False)


async def _advanced(
    event: EventId,
    person: ExpertId,
    to: State,
    *,
    reason: str,
    answer_by: date | None,
    letter: Wanted | None,
    shortlists: bool,
) -> tuple[Advanced, Mapping[str, str]]:
    viewer = Viewer.at_the_command_line()
    async with open_graph(GraphSettings()) as graph:
        is_new = False
        if shortlists:
            is_new = bool((await speaking.shortlist(graph, viewer, event=event, people=[Proposed(person)])).added)
        held = await _held(graph, viewer, event, person)
        try:
            made = await speaking.advance(
                graph,
                viewer,
                id=held.id,
                expected_version=held.version,
                to=to,
                reason=reason,
                answer_by=answer_by,
                letter=letter,
            )
        except GraphError:
            if is_new:
                typer.echo(f"'{person}' is on the shortlist of '{event}' now, and not invited.", err=True)
            raise
        others = [made.next_in_line.expert] if made.next_in_line else []
        return made, await names_of(graph, [person, *others])


async def _previewed(
    event: EventId, person: ExpertId, occasion: Occasion, *, answer_by: date | None, letter: Wanted
) -> LetterText:
    viewer, settings = Viewer.at_the_command_line(), GraphSettings()
    base = network_address(settings)
    async with open_graph(settings) as graph:
        held = await _held(graph, viewer, event, person)
        prepared = await speaking.preview(graph, viewer, id=held.id, wanted=letter, answer_by=answer_by)
        return previewed(await describe(graph, viewer), prepared, occasion=occasion, note=letter.note, base=base)


async def _held(graph: Graph, viewer: Viewer, event: EventId, person: ExpertId) -> Candidacy:
    page = await speaking.page(graph, viewer, event=event, first=AT_ONCE)
    for _, one in page.entries:
        if one.expert == person:
            return one
    raise NotOnList(event, person)


class NotOnList(NoSuchCandidacy):
    """Somebody was named who is not considered for the event."""

    def __init__(self, event: EventId, person: ExpertId) -> None:
        super().__init__()
        self.args = (
            f"'{person[:80]}' is not on the shortlist of '{event[:80]}'; 'knowwho speakers {event[:80]}' tells who is.",
        )
