"""``knowwho encoder …``: the models that turn questions and passages into vectors, installed and looked at."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from graph.settings import GraphSettings

__all__ = ["encoder_app", "install_with_steps"]

encoder_app = typer.Typer(help="The models behind the search: installed once for all networks.", no_args_is_help=True)


@encoder_app.command()
def install() -> None:
    """Build or fetch the models that KNOWWHO_ENCODER names; quick when they are there."""
    from graph.encoder import identity
    from graph.settings import GraphSettings

    settings = GraphSettings()
    install_with_steps(settings)
    typer.echo(f"Installed: {identity(settings)}.")


@encoder_app.command()
def status(*, as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False) -> None:
    """Show which models are set and whether they are on this machine; exit code 1 if they are not."""
    from graph.encoder import InstalledModel, ModelNotInstalled, installed
    from graph.settings import GraphSettings

    settings = GraphSettings()
    models: tuple[InstalledModel, ...] = ()
    problem: str | None = None
    try:
        models = installed(settings)
    except ModelNotInstalled as missing:
        problem = str(missing)
    if as_json:
        import json
        from dataclasses import asdict

        shown = [asdict(model.identity) | {"folder": str(model.folder)} for model in models]
        typer.echo(json.dumps({"encoder": settings.encoder, "models": shown, "problem": problem}, indent=2))
    elif problem is None:
        for model in models:
            of = model.identity
            typer.echo(
                f"{of.name}\n  weight {of.weight:g}, {of.dimensions} dimensions, {of.revision}\n  {model.folder}"
            )
    if problem is not None:
        if not as_json:
            typer.echo(problem, err=True)
        raise typer.Exit(1)


def install_with_steps(settings: "GraphSettings") -> None:
    """Install the encoder, showing each step.

    Raises:
        EncoderError: one of its subclasses, saying what failed and what to do.
    """
    from rich.console import Console

    from graph.encoder import install

    console = Console(stderr=True)
    with console.status("Encoder: looking at what is there") as line:
        install(settings, progress=lambda step: line.update(f"Encoder: {step}"))
