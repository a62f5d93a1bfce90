"""Where each language lies in an encoder's space, so that a text's vector can be freed of its language.

Multilingual encoders put texts of one language near each other whatever they say, so a French question finds French
passages before the right ones. Sentences that say the same in each language have the same meaning but different
centres; taking its language's centre from a vector leaves what the text says (language-neutral embeddings by
centring: Libovický, Rosa and Fraser, "How Language-Neutral is Multilingual BERT?", 2019). Questions and passages are
encoded with different prompts, so they have centres of their own.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from graph.encoder.sentences import OTHER_FIELDS, SAME_IN_EACH_LANGUAGE

__all__ = ["Centres"]

FloatMatrix = npt.NDArray[np.float32]
FloatVector = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str], Sequence[str]], FloatMatrix]
"""From texts and their languages to unit vectors, one row a text."""

OTHERS = "en"
"""A text in a language without a centre of its own is centred as this one."""


@dataclass(frozen=True, slots=True)
class Centres:
    """An encoder's centre for each UN language, and what lies around them: the fields that others work in."""

    of_questions: Mapping[str, FloatVector]
    of_passages: Mapping[str, FloatVector]
    other_fields: FloatMatrix

    @classmethod
    def measured(cls, *, encode_questions: Encode, encode_passages: Encode) -> Self:
        """Encode the sentences and the fields, some 200 short texts, and take the means."""
        of_questions, of_passages = (
            {
                language: encode(sentences, [language] * len(sentences)).mean(axis=0)
                for language, sentences in SAME_IN_EACH_LANGUAGE.items()
            }
            for encode in (encode_questions, encode_passages)
        )
        fields = encode_passages(OTHER_FIELDS, ["en"] * len(OTHER_FIELDS))
        return cls(of_questions, of_passages, _freed(fields, of_passages, ["en"] * len(OTHER_FIELDS)))

    @classmethod
    def kept(cls, file: Path) -> Self | None:
        """Those that :meth:`keep` wrote, or None if it did not."""
        try:
            with np.load(file, allow_pickle=False) as arrays:
                languages = SAME_IN_EACH_LANGUAGE.keys()
                return cls(
                    {language: arrays[f"question_{language}"] for language in languages},
                    {language: arrays[f"passage_{language}"] for language in languages},
                    arrays["other_fields"],
                )
        except (OSError, ValueError, KeyError):
            return None

    def keep(self, file: Path) -> None:
        """Write them to a file, whole or not at all; a folder that cannot be written to is left alone."""
        arrays = {f"question_{language}": centre for language, centre in self.of_questions.items()}
        arrays |= {"other_fields": self.other_fields}
        arrays |= {f"passage_{language}": centre for language, centre in self.of_passages.items()}
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
                np.savez(part, allow_pickle=False, **arrays)
            Path(part.name).replace(file)
        except OSError:
            return

    def free_questions(self, vectors: FloatMatrix, languages: Sequence[str]) -> FloatMatrix:
        """Unit vectors of questions without what their languages have in common."""
        return _freed(vectors, self.of_questions, languages)

    def free_passages(self, vectors: FloatMatrix, languages: Sequence[str]) -> FloatMatrix:
        """Unit vectors of passages without what their languages have in common."""
        return _freed(vectors, self.of_passages, languages)


def _freed(vectors: FloatMatrix, centres: Mapping[str, FloatVector], languages: Sequence[str]) -> FloatMatrix:
    if not len(vectors):
        return vectors
    centred: FloatMatrix = vectors - np.stack([centres.get(language, centres[OTHERS]) for language in languages])
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    unit: FloatMatrix = (centred / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return unit
