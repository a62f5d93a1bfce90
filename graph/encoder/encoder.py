"""The encoder: from questions and passages in any language to vectors that say what they are about.

It joins models (graph.encoder.joined) and frees their vectors of what is only the language (graph.encoder.centres).
"""

from collections.abc import Sequence
from pathlib import Path

from graph.encoder import kit
from graph.encoder.centres import Centres
from graph.encoder.joined import FloatMatrix, JoinedModels
from graph.encoder.language import likely_language
from graph.encoder.models import installed, models_folder
from graph.settings import GraphSettings

__all__ = ["Encoder", "load"]


class Encoder:
    """Turns questions and passages into unit vectors of one space. May be used by several threads."""

    def __init__(self, models: JoinedModels, centres: Centres) -> None:
        self.identity = models.identity
        self._models = models
        self._centres = centres

    @property
    def other_fields(self) -> FloatMatrix:
        """Unit vectors of fields that others work in, as rows; see graph.encoder.sentences."""
        return self._centres.other_fields

    def encode_questions(self, questions: Sequence[str]) -> FloatMatrix:
        """One unit vector per question, as rows in the questions' order; the language is told from the words."""
        languages = [likely_language(question) for question in questions]
        return self._centres.free_questions(self._models.encode_questions(questions, languages), languages)

    def encode_passages(self, passages: Sequence[str], *, languages: Sequence[str | None] | None = None) -> FloatMatrix:
        """One unit vector per passage, as rows in the passages' order.

        ``languages`` are the BCP 47 tags of the passages; where one is missing, it is told from the words.
        """
        tags = languages if languages is not None else [None] * len(passages)
        told = [
            likely_language(passage) if tag is None else tag.partition("-")[0]
            for passage, tag in zip(passages, tags, strict=True)
        ]
        return self._centres.free_passages(self._models.encode_passages(passages), told)


def load(settings: GraphSettings) -> Encoder:
    """The encoder that is set, ready to work. The first call of a process imports torch, which takes many seconds.

    Raises:
        InvalidEncoderSetting: KNOWWHO_ENCODER does not name models and weights.
        ModelNotInstalled: one of them is not on this machine.
        DamagedModel: a default model's file was changed or cut since it was built.
        UnusableModel: a folder does not hold a sentence-transformers model.
    """
    chosen = installed(settings)
    for model in chosen:
        kit.verify(model.folder)
    models = JoinedModels(chosen)
    file = _centres_file(settings, models)
    centres = Centres.kept(file)
    if centres is None:
        centres = Centres.measured(
            encode_questions=models.encode_questions,
            encode_passages=lambda passages, _: models.encode_passages(passages),
        )
        centres.keep(file)
    return Encoder(models, centres)


def _centres_file(settings: GraphSettings, models: JoinedModels) -> Path:
    return models_folder(settings) / f"centres-{models.identity.revision}.npz"
