"""English for people that knows how it was made, so that whoever shows it can say it in another language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString, Self

__all__ = ["Either", "Fact", "Wording"]


@dataclass(frozen=True, slots=True)
class Either:
    """Texts of which any one will do."""

    texts: tuple[str, ...]


Fact = str | int | float | date | Either | Sequence[str]
"""What stands in a wording: a text is shown as it is (an id, a year), or is a wording itself; numbers, days and lists
are written as the language writes them.
"""


class Wording(str):
    """One sentence, or a part of one, in English.

    ``template`` has a place such as ``%(title)s`` for each of ``facts``, and is what catalogues translate; whatever
    collects their texts looks for literals in calls of this name. It is filled only where there are facts.
    """

    __slots__ = ("facts", "template")

    template: str
    facts: dict[str, Fact]

    def __new__(cls, template: LiteralString, /, **facts: Fact) -> Self:
        """Fill the places of a template."""
        made = super().__new__(
            cls, template % {name: _written(fact) for name, fact in facts.items()} if facts else template
        )
        made.template = template
        made.facts = facts
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Fact]]:
        """What it is made of again in another process."""
        return (self.template,), self.facts


def _written(fact: Fact) -> str:
    if isinstance(fact, datetime):
        return fact.isoformat(timespec="minutes").replace("+00:00", "Z")
    if isinstance(fact, str | date):
        return str(fact)
    if isinstance(fact, int):
        return f"{fact:,}"
    if isinstance(fact, float):
        return f"{fact:g}"
    if isinstance(fact, Either):
        return " or ".join(fact.texts)
    return ", ".join(fact)
