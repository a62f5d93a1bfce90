"""``knowwho evaluate``: labelled questions asked of the network, and how well the people who fit were found."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
import typer
from rich.console import Console
from rich.table import Table

from api.network import open_network
from graph import experts
from graph.errors import GraphError
from graph.evaluation import DEPTH, Figures, figures, interval, mean_figures
from graph.search import Match, Search, Strength
from graph.settings import GraphSettings
from graph.values import ExpertId
from graph.viewer import Viewer

__all__ = ["evaluate_and_print"]


VIEWER = Viewer.at_the_command_line()


class UnusableQuestions(GraphError):
    """A file of questions cannot be used."""

    def __init__(self, file: Path, line: int | None, reason: str) -> None:
        self.file = file
        self.line = line
        place = f"{file}, line {line}" if line else f"{file}"
        super().__init__(
            f'{place}: {reason}; each line is an object such as {{"language": "fr", "question": "…", "fits": ["id"]}}.'
        )


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with everybody in the network who fits; ``kind`` is how it asks, where that is labelled.

    Where askers judged (``knowwho feedback --json``), ``fits`` are those whom they called useful, and ``not_useful``
    the others of whom they said something; of the rest nobody said anything.
    """

    line: int
    language: str
    question: str
    fits: frozenset[str]
    kind: str | None = None
    not_useful: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a run; shares are from 0 to 1.

    ``ndcg_between`` is where 95% of the means lie of as many questions drawn from these with repetition (Efron's
    bootstrap). ``strengths`` are how many of the matches that were called strong, good and weak fit, of how many,
    those of questions that nobody can answer among them. ``marked_useful`` and ``marked_not_useful`` are how many of
    those whom askers called so are among the first ten, of how many; None where no question was judged by askers.
    """

    by_language: Mapping[str, Figures]
    by_kind: Mapping[str, Figures]
    questions: Mapping[str, int]
    overall: Figures
    ndcg_between: tuple[float, float]
    answered_nobody: float
    outside_answered_nobody: float | None
    strengths: Mapping[str, tuple[int, int]]
    marked_useful: tuple[int, int] | None
    marked_not_useful: tuple[int, int] | None


def evaluate_and_print(file: Path, *, outside: Path | None, as_json: bool) -> None:
    """Ask every question of the files and print the figures, as a table or as JSON.

    Raises:
        UnusableQuestions: a line is not a labelled question, or names somebody who is not in the network.
    """
    labelled = read_questions(file)
    beyond = read_questions(outside) if outside is not None else []
    unlabelled = next((one for one in labelled if not (one.fits or one.not_useful)), None)
    if unlabelled is not None:
        raise UnusableQuestions(file, unlabelled.line, "nobody fits; put such questions in the --outside file")
    if not any(one.fits for one in labelled):
        raise UnusableQuestions(file, None, "nobody was called useful for any question, so there is nobody to find")
    result = asyncio.run(_evaluated(file, labelled, beyond))
    if as_json:
        typer.echo(orjson.dumps(asdict(result), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(result)


def read_questions(file: Path) -> list[LabelledQuestion]:
    """The questions of a JSONL file.

    Raises:
        UnusableQuestions: it cannot be read, is empty, or a line is not a labelled question.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableQuestions(file, None, f"it cannot be read ({error})") from error
    questions = [_question(file, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not questions:
        raise UnusableQuestions(file, None, "it holds no question")
    return questions


def _question(file: Path, number: int, line: str) -> LabelledQuestion:
    try:
        row = json.loads(line)
        language, question, fits = row["language"], row["question"], row["fits"]
    except ValueError as error:
        raise UnusableQuestions(file, number, "it is no JSON") from error
    except (KeyError, TypeError) as error:
        raise UnusableQuestions(file, number, "language, question or fits is missing") from error
    if not (isinstance(language, str) and isinstance(question, str) and isinstance(fits, list)):
        raise UnusableQuestions(file, number, "language and question are texts, fits is a list of ids")
    not_useful = row.get("not_useful")
    if not (not_useful is None or isinstance(not_useful, list)):
        raise UnusableQuestions(file, number, "not_useful is a list of ids")
    return LabelledQuestion(
        number,
        language,
        question,
        frozenset(map(str, fits)),
        row.get("kind"),
        None if not_useful is None else frozenset(map(str, not_useful)),
    )


async def _evaluated(
    file: Path, labelled: Sequence[LabelledQuestion], outside: Sequence[LabelledQuestion]
) -> Evaluation:
    async with open_network(GraphSettings()) as network:
        for one in labelled:
            named = one.fits | (one.not_useful or frozenset())
            known = await experts.by_id(network.graph, VIEWER, ids=[ExpertId(id_) for id_ in sorted(named)])
            if strangers := named - known.keys():
                raise UnusableQuestions(file, one.line, f"'{min(strangers)}' is not in this network")
        answers = [matches async for matches in _answers(network.search, labelled)]
        beyond = [matches async for matches in _answers(network.search, outside)]
    judged = [(one, matches) for one, matches in zip(labelled, answers, strict=True) if one.not_useful is not None]
    # A question for which nobody was called useful has nobody to find.
    found = [matches for one, matches in zip(labelled, answers, strict=True) if one.fits]
    labelled = [one for one in labelled if one.fits]
    measured = [
        figures([match.expert.id for match in matches], one.fits) for matches, one in zip(found, labelled, strict=True)
    ]
    by_language: dict[str, list[Figures]] = {}
    by_kind: dict[str, list[Figures]] = {}
    for one, its_figures in zip(labelled, measured, strict=True):
        by_language.setdefault(one.language, []).append(its_figures)
        by_kind.setdefault(one.kind or "others", []).append(its_figures)
    return Evaluation(
        by_language={language: mean_figures(of) for language, of in by_language.items()},
        by_kind={kind: mean_figures(of) for kind, of in by_kind.items()},
        questions={name: len(of) for name, of in (*by_language.items(), *by_kind.items())},
        overall=mean_figures(measured),
        ndcg_between=interval([one.ndcg for one in measured]),
        answered_nobody=sum(not matches for matches in found) / len(found),
        outside_answered_nobody=sum(not matches for matches in beyond) / len(beyond) if beyond else None,
        strengths=_strengths(zip([*labelled, *outside], [*found, *beyond], strict=True)),
        marked_useful=_in_first([(one.fits, matches) for one, matches in judged]),
        marked_not_useful=_in_first([(one.not_useful or frozenset(), matches) for one, matches in judged]),
    )


async def _answers(search: Search, questions: Sequence[LabelledQuestion]) -> AsyncIterator[Sequence[Match]]:
    for one in questions:
        yield (await search.ask(VIEWER, one.question, first=DEPTH)).matches


def _in_first(marked: Sequence[tuple[Collection[str], Sequence[Match]]]) -> tuple[int, int] | None:
    """How many of the people who were marked are in the answers, and of how many; None if no question is judged."""
    if not marked:
        return None
    return (
        sum(match.expert.id in people for people, matches in marked for match in matches),
        sum(len(people) for people, _ in marked),
    )


def _strengths(answers: Iterable[tuple[LabelledQuestion, Sequence[Match]]]) -> dict[str, tuple[int, int]]:
    """How many of the matches of each strength fit, and of how many."""
    fit: dict[Strength, list[bool]] = {strength: [] for strength in Strength}
    for question, matches in answers:
        for match in matches:
            fit[match.strength].append(match.expert.id in question.fits)
    return {strength.value: (sum(fits), len(fits)) for strength, fits in fit.items()}


def _print(result: Evaluation) -> None:
    table = Table("", "Questions", f"nDCG@{DEPTH}", "MRR", f"Recall@{DEPTH}")
    kinds = result.by_kind if len(result.by_kind) > 1 else {}
    rows = [(name, result.questions[name], of) for name, of in (*result.by_language.items(), *kinds.items())]
    asked = sum(result.questions[language] for language in result.by_language)
    for name, questions, of in [*rows, ("all", asked, result.overall)]:
        table.add_row(name, str(questions), f"{of.ndcg:.3f}", f"{of.reciprocal_rank:.3f}", f"{of.recall:.3f}")
    console = Console(highlight=False)
    console.print(table)
    low, high = result.ndcg_between
    console.print(f"nDCG@{DEPTH} of other questions like these: {low:.3f} to {high:.3f}, 95% by bootstrap")
    for strength, (fit, of_all) in result.strengths.items():
        if of_all:
            console.print(f"Called {strength}: {of_all}, of whom {fit / of_all:.0%} fit")
    console.print(f"Answered “nobody fits” although somebody does: {result.answered_nobody:.0%}")
    if result.outside_answered_nobody is not None:
        console.print(f"Questions that nobody can answer, answered “nobody fits”: {result.outside_answered_nobody:.0%}")
    for word, marked in (("useful", result.marked_useful), ("not useful", result.marked_not_useful)):
        if marked is not None:
            console.print(f"Called {word} by askers: {marked[1]}, of whom {marked[0]} are among the first {DEPTH}")
