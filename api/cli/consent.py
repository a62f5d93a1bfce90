"""``knowwho consent …``: the texts that people agree to, and what they decided on paper."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.values import Purpose
from graph.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.consents import Consent, ConsentText

__all__ = ["consent_app"]

consent_app = typer.Typer(help="Consent: its texts, and decisions on paper.", no_args_is_help=True)

PURPOSE = typer.Argument(metavar="PURPOSE", help=f"One of {', '.join(Purpose)}.")


@consent_app.command()
def show(*, as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False) -> None:
    """Show the texts in force, with their versions."""
    import json

    from api.network import open_graph
    from graph import consents
    from graph.settings import GraphSettings

    async def found() -> "Mapping[Purpose, ConsentText]":
        async with open_graph(GraphSettings()) as graph:
            return await consents.texts(graph, Viewer.at_the_command_line())

    texts = asyncio.run(found())
    if as_json:
        told = {one.purpose: {"version": one.version, "texts": dict(one.texts.by_language)} for one in texts.values()}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for one in texts.values():
        typer.echo(f"{one.purpose}, version {one.version}")
        for language, wording in one.texts.by_language.items():
            typer.echo(f"  {language}  {wording}")


@consent_app.command()
def text(
    purpose: Annotated[Purpose, PURPOSE],
    file: Annotated[Path, typer.Argument(help='A TOML file with a line for each language, such as en = "I agree …".')],
) -> None:
    """Put a new version of a purpose's text in force; who decided on an earlier one keeps what they decided."""
    from api.network import open_graph
    from graph import consents
    from graph.settings import GraphSettings

    by_language = _texts_in(file)

    async def done() -> "ConsentText":
        async with open_graph(GraphSettings()) as graph:
            keeper = Viewer.at_the_command_line()
            return await consents.set_text(graph, keeper, purpose=purpose, by_language=by_language)

    typer.echo(f"Version {asyncio.run(done()).version} of the text for '{purpose}' is in force now.", err=True)


@consent_app.command()
def record(
    expert: Annotated[str, typer.Argument(metavar="EXPERT", help="The person's id.")],
    purpose: Annotated[Purpose, PURPOSE],
    *,
    given: Annotated[bool, typer.Option("--given/--withdrawn", help="What the person decided.")],
) -> None:
    """Take down what a person decided on paper; it is in force at once."""
    from api.network import open_graph
    from graph import consents
    from graph.consents import How
    from graph.settings import GraphSettings
    from graph.values import ExpertId

    async def done() -> "Consent":
        async with open_graph(GraphSettings()) as graph:
            keeper = Viewer.at_the_command_line()
            return await consents.decide(
                graph, keeper, expert=ExpertId(expert), purpose=purpose, given=given, how=How.PAPER
            )

    decided = asyncio.run(done())
    said = "given" if decided.given else "withdrawn"
    typer.echo(f"Taken down: consent to version {decided.version} for '{purpose}' is {said}.", err=True)
    if decided.given:
        typer.echo("What may be found by it again gets its vectors with 'knowwho embed'.", err=True)


def _texts_in(file: Path) -> dict[str, str]:
    import tomllib

    from graph.consents import UnfitConsentText

    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise UnfitConsentText(
            f"This text of consent cannot be used: {file} cannot be read ({problem.strerror}); name a file that can be "
            "read."
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise UnfitConsentText(
            f"This text of consent cannot be used: {file} is no TOML in UTF-8; write a line for each language, such as "
            'en = "I agree …".'
        ) from None
    for language, wording in found.items():
        if not isinstance(wording, str):
            raise UnfitConsentText(
                f"This text of consent cannot be used: what stands under '{language}' is no text; write "
                f'{language} = "…".'
            )
    return found
