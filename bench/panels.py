"""How long a panel takes to be proven best, by candidates and seats, beside the size that an organiser asks for.

Run it with ``python -m bench.panels``. People are drawn by chance: topics of an event of five, places, languages,
employers. A panel is asked for under five rules, with its alternatives and who could sit in, as ``suggestPanel`` does.
"""

import random
import time
from collections.abc import Sequence
from itertools import product
from statistics import median

from rich.console import Console
from rich.table import Table

from graph.panels.rules import Panellist, Rule, RuleKind
from graph.panels.solving import suggest
from graph.values import CountryId, ExpertId, Gender, LanguageId, OrganisationId, RegionId, TopicId

__all__ = ["main"]

TOPICS = [TopicId(f"topic-{number}") for number in range(5)]
RULES = (
    Rule(RuleKind.REGION, 2, "region-0"),
    Rule(RuleKind.LANGUAGE, 2, "fr"),
    Rule(RuleKind.GENDER, 2, "woman"),
    Rule(RuleKind.ORGANISATION, 1),
    Rule(RuleKind.COUNTRY, 2),
)
CANDIDATES, SEATS = (50, 100, 200), (4, 8, 12)
USUAL = (100, 8)
ROUNDS = 10
TARGET_MS = 300


def main() -> None:
    """Measure and print."""
    console = Console()
    warm_up = random.Random(0)
    suggest(_people(warm_up, 10), topics=TOPICS, seats=2, rules=RULES[:1])
    # By turns, so that a busy machine slows all alike.
    times: dict[tuple[int, int], list[tuple[float, float]]] = {size: [] for size in product(CANDIDATES, SEATS)}
    for number in range(ROUNDS):
        for size, taken in times.items():
            taken.append(_timed(*size, chance=random.Random(f"{number} {size}")))
    usual = median(of for of, _ in times[USUAL])
    table = Table("candidates", "seats", "ms, median", "ms, longest", "processor ms", "times the usual", box=None)
    for (candidates, seats), taken in times.items():
        whole = [of for of, _ in taken]
        table.add_row(
            str(candidates),
            str(seats),
            f"{median(whole):.0f}",
            f"{max(whole):.0f}",
            f"{median(of for _, of in taken):.0f}",
            f"{median(whole) / usual:.2f}",
        )
    console.print(table)
    console.print(f"The usual panel, {USUAL[0]} candidates and {USUAL[1]} seats, is to take less than {TARGET_MS} ms.")


def _timed(candidates: int, seats: int, *, chance: random.Random) -> tuple[float, float]:
    people = _people(chance, candidates)
    began, worked = time.perf_counter(), time.process_time()
    suggest(people, topics=TOPICS, seats=seats, rules=RULES)
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def _people(chance: random.Random, number: int) -> Sequence[Panellist]:
    return [
        Panellist(
            ExpertId(f"person-{one}"),
            fit=chance.random(),
            covers={topic: chance.choice((0.4, 0.5, 0.64, 0.8, 1.0)) for topic in chance.sample(TOPICS, 2)},
            countries=frozenset({CountryId(f"country-{chance.randrange(40)}")}),
            regions=frozenset({RegionId(f"region-{chance.randrange(5)}")}),
            languages=frozenset({LanguageId(tag) for tag in chance.sample(("en", "fr", "es", "ar", "ru", "zh"), 2)}),
            organisations=frozenset({OrganisationId(f"at-{chance.randrange(60)}")}),
            gender=chance.choice((*Gender, None)),
            talks=chance.randrange(4),
            is_new=chance.random() < 0.5,
        )
        for one in range(number)
    ]


if __name__ == "__main__":
    main()
