"""``knowwho panel``: the best panel for an event under an organiser's rules, or why there is none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
import typer
from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from api.cli.ask import answered, say_if_fictional

__all__ = ["suggest_and_print"]

SUGGEST = """
query Suggest($event: ID!, $seats: Int!, $rules: PanelRules!, $before: [ID!]) {
  network { isFictional }
  suggestPanel(event: $event, seats: $seats, rules: $rules, before: $before) {
    candidates
    panel { ...Seated }
    alternatives { ...Seated }
    conflict {
      rules { phrase }
      relaxed { by rule { phrase } }
      panel { ...Seated }
    }
  }
}
fragment Seated on Panel {
  quality
  coverage { covered topic { label } }
  seats {
    expert { slug name headline country { name } }
    strength
    topics { label }
    neededFor { phrase }
    substitutes { slug name }
  }
}
"""

FITS = {"STRONG": "very well", "GOOD": "well", "WEAK": "only a little"}


def suggest_and_print(
    event: str, *, seats: int, rules: Mapping[str, object], before: Sequence[str], as_json: bool
) -> None:
    """Print the best panel, others, and the conflict if no panel keeps all rules; or the whole answer as JSON.

    Raises:
        Refused: it is no panel that can be asked for.
    """
    data = answered(SUGGEST, {"event": event, "seats": seats, "rules": dict(rules), "before": list(before)})
    found = data["suggestPanel"]
    if as_json:
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    console = Console(highlight=False)
    if conflict := found["conflict"]:
        console.print("No panel keeps all of these rules. They cannot be kept together:", style="bold")
        for rule in conflict["rules"]:
            console.print(f"  - {rule['phrase']}")
        console.print("The least that must give way, and the best panel then:")
        for one in conflict["relaxed"]:
            console.print(f"  - {one['rule']['phrase']}, by {one['by']}")
        console.print(_seats(conflict["panel"]))
    else:
        console.print(f"The best panel, out of {found['candidates']} candidates", style="bold")
        console.print(_seats(found["panel"]))
        _print_coverage(console, found["panel"])
        _print_alternatives(console, found)
    say_if_fictional(console, data)


def _seats(panel: Mapping[str, Any]) -> Group:
    return Group(*(part for seat in panel["seats"] for part in _seat(seat)))


def _seat(seat: Mapping[str, Any]) -> Iterator[Text | Padding]:
    person = seat["expert"]
    where = f", {person['country']['name']}" if person["country"] else ""
    yield Text.assemble((person["name"], "bold"), f" ({person['slug']}){where}")
    told = {
        "": [person["headline"]],
        "Best on: ": [topic["label"] for topic in seat["topics"]],
        "Needed for: ": [rule["phrase"] for rule in seat["neededFor"]],
        "Fits its text: ": [] if seat["topics"] or seat["neededFor"] else [FITS[seat["strength"]]],
        "Could sit in: ": [f"{one['name']} ({one['slug']})" for one in seat["substitutes"]],
    }
    for title, words in told.items():
        if any(words):
            yield Padding(Text.assemble((title, "italic"), ", ".join(words)), (0, 0, 0, 3))


def _print_coverage(console: Console, panel: Mapping[str, Any]) -> None:
    for one in panel["coverage"]:
        console.print(f"{one['topic']['label']}: {one['covered']:.0%}", style="green" if one["covered"] else "red")


def _print_alternatives(console: Console, found: Mapping[str, Any]) -> None:
    best = {seat["expert"]["slug"] for seat in found["panel"]["seats"]}
    for number, other in enumerate(found["alternatives"], start=1):
        names = ", ".join(
            f"[bold]{seat['expert']['name']}[/bold]" if seat["expert"]["slug"] not in best else seat["expert"]["name"]
            for seat in other["seats"]
        )
        share = other["quality"] / found["panel"]["quality"]
        console.print(f"Alternative {number}, {share:.0%} as good: {names}")
