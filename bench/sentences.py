"""How often the sentence that is marked in a passage is the one that answers, and what its vectors cost to make.

Run it with ``python -m bench.sentences``. The labelled questions of tests/quality/sentences.jsonl, most of them in
another language than the passage, are held against biographies of the sample network: by meaning, as a search does it,
and by counting the words in common. No database is needed.
"""

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from graph.encoder import Encoder, install, load
from graph.intake import Kind
from graph.sentences import Span, nearest, packed, spans
from graph.settings import GraphSettings
from ingest import read
from ingest.cutting import Piece
from ingest.documents import Document
from ingest.sample import SAMPLE

__all__ = ["Labelled", "by_meaning", "by_words", "labelled", "main"]

LABELLED = Path(__file__).parents[1] / "tests" / "quality" / "sentences.jsonl"
ROUNDS = 3
BATCH = 64
# A word of a script that has words, or one character of one that has not.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, a passage, where its sentences are, and the one that matters."""

    asked_in: str
    question: str
    text: str
    language: str
    spans: Sequence[Span]
    right: Span


def labelled() -> list[Labelled]:
    """The labelled questions, each with the passage of the sample network that it is of."""
    documents = _documents()
    found = []
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        (passage,) = [one for one in documents[told["document"]] if told["sentence"] in one.text]
        start = passage.text.index(told["sentence"])
        found.append(
            Labelled(
                told["language"],
                told["question"],
                passage.text,
                passage.language,
                spans(passage.text, language=passage.language),
                (start, start + len(told["sentence"])),
            )
        )
    return found


def _documents() -> Mapping[str, Sequence[Piece]]:
    """The passages of each document of the sample network, by the document's id."""
    return {
        entry.row.id: entry.row.passages
        for table in read(SAMPLE).tables[Kind.DOCUMENTS]
        for entry in table.entries.values()
        if isinstance(entry.row, Document)
    }


def by_meaning(encoder: Encoder, cases: Sequence[Labelled]) -> list[bool]:
    """Whether each is marked right by the vectors that a passage would keep."""
    questions = encoder.encode_questions([case.question for case in cases])
    right = []
    for case, question in zip(cases, questions, strict=True):
        texts = [case.text[start:end] for start, end in case.spans]
        kept = packed(encoder.encode_passages(texts, languages=[case.language] * len(texts)))
        right.append(nearest(question, [place for span in case.spans for place in span], kept) == case.right)
    return right


def by_words(cases: Sequence[Labelled]) -> list[bool]:
    """Whether the sentence with the most words of the question is the right one; the first of equals."""
    right = []
    for case in cases:
        asked = set(WORD.findall(case.question.casefold()))
        shared = [len(asked & set(WORD.findall(case.text[start:end].casefold()))) for start, end in case.spans]
        right.append(case.spans[int(np.argmax(shared))] == case.right)
    return right


def main() -> None:
    """Measure and print."""
    settings = GraphSettings(encoder="default")
    install(settings)
    encoder = load(settings)
    cases = labelled()
    figures: Mapping[str, list[bool]] = {"by meaning": by_meaning(encoder, cases), "by words": by_words(cases)}
    chance = sum(1 / len(case.spans) for case in cases) / len(cases)
    across = [case.asked_in != case.language for case in cases]
    print(f"{'the sentence that matters':26} {'all':>8} {'across languages':>18} {'within one':>12}")
    for name, right in figures.items():
        other = [one for one, is_across in zip(right, across, strict=True) if is_across]
        same = [one for one, is_across in zip(right, across, strict=True) if not is_across]
        print(
            f"{name:26} {f'{sum(right)} of {len(right)}':>8} {f'{sum(other)} of {len(other)}':>18} "
            f"{f'{sum(same)} of {len(same)}':>12}"
        )
    print(f"{'by chance':26} {chance:8.0%}")
    _print_cost(encoder)


def _print_cost(encoder: Encoder) -> None:
    """What it takes to encode the passages of the sample with their sentences, beside the passages alone."""
    passages = [one for pieces in _documents().values() for one in pieces][: 2 * BATCH]
    alone: list[float] = []
    together: list[float] = []
    count = 0
    for _ in range(ROUNDS):
        for with_sentences, seconds in ((False, alone), (True, together)):
            start = time.perf_counter()
            for first in range(0, len(passages), BATCH):
                batch = passages[first : first + BATCH]
                texts = [(one.text, one.language) for one in batch]
                if with_sentences:
                    sentences = [
                        (one.text[begin:end], one.language)
                        for one in batch
                        for begin, end in spans(one.text, language=one.language)
                    ]
                    texts += sentences
                    count += len(sentences)
                encoder.encode_passages([text for text, _ in texts], languages=[language for _, language in texts])
            seconds.append(time.perf_counter() - start)
    print(
        f"{len(passages)} passages alone {median(alone):.1f} s, with their {count // ROUNDS} sentences "
        f"{median(together):.1f} s: {median(together) / median(alone):.2f} times as long"
    )


if __name__ == "__main__":
    main()
