"""Several sentence-transformers models that write into one vector space.

Each model's unit vector is scaled by the square root of its weight, and all are joined. That makes a unit vector, and
the cosine of two of them is the weighted sum of the models' cosines.
"""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from graph.encoder.errors import UnusableModel
from graph.encoder.models import EncoderIdentity, InstalledModel

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["FloatMatrix", "JoinedModels"]

FloatMatrix = npt.NDArray[np.float32]


class JoinedModels:
    """Turns questions and passages into unit vectors of one space. May be used by several threads."""

    def __init__(self, models: Sequence[InstalledModel]) -> None:
        self.identity = EncoderIdentity(tuple(model.identity for model in models))
        self._models = tuple(_Model(model, _transformer(model)) for model in models)
        if all(_is_onnx(model) for model in models):
            import torch

            torch.set_num_threads(1)  # what is left to it, averaging tokens, is slower when shared out
        self._threads = ThreadPoolExecutor(len(self._models), thread_name_prefix="model")

    def encode_questions(self, questions: Sequence[str], languages: Sequence[str]) -> FloatMatrix:
        """One unit vector per question, as rows in the questions' order.

        A model that does not know a question's language sits out: its part is zero and the rest has unit length. The
        cosine to a passage is then lower than it would be by the factor sqrt(weights of the models that take part), the
        same for all passages: compare within a question, not across questions.
        A text longer than a model reads (256 and 512 tokens for the default ones) is cut there.
        """
        takes_part = np.array([[model.knows(language) for model in self._models] for language in languages], bool)
        takes_part = takes_part.reshape(len(questions), len(self._models))
        takes_part[~takes_part.any(axis=1)] = True  # better a model that guesses than none
        chosen = [np.flatnonzero(takes) for takes in takes_part.T]
        return self._joined(self._threads.map(_Model.encode_questions, self._models, repeat(questions), chosen))

    def encode_passages(self, passages: Sequence[str], *, batch_size: int = 8) -> FloatMatrix:
        """One unit vector per passage, as rows in the passages' order; every model takes part.

        A text longer than a model reads (256 and 512 tokens for the default ones) is cut there.
        """
        return self._joined(
            self._threads.map(_Model.encode_passages, self._models, repeat(passages), repeat(batch_size))
        )

    def _joined(self, parts: Iterable[FloatMatrix]) -> FloatMatrix:
        scaled = [
            part * np.float32(np.sqrt(model.weight)) for part, model in zip(parts, self.identity.models, strict=True)
        ]
        joined = np.concatenate(scaled, axis=1, dtype=np.float32)
        unit: FloatMatrix = joined / np.linalg.norm(joined, axis=1, keepdims=True)
        return unit


class _Model:
    """One model of an encoder. Its tokenizer keeps state while it works, so one thread at a time may use it."""

    def __init__(self, installed: InstalledModel, transformer: "SentenceTransformer") -> None:
        self._languages = installed.languages
        self._dimensions = installed.identity.dimensions
        self._transformer = transformer
        self._lock = Lock()

    def knows(self, language: str) -> bool:
        """Whether the model reads this language."""
        return self._languages is None or language in self._languages

    def encode_questions(self, questions: Sequence[str], chosen: npt.NDArray[np.intp]) -> FloatMatrix:
        """A row per question; those not chosen are zero."""
        vectors = np.zeros((len(questions), self._dimensions), np.float32)
        if len(chosen):
            with self._lock:
                vectors[chosen] = self._transformer.encode_query(
                    [questions[i] for i in chosen], normalize_embeddings=True, show_progress_bar=False
                )
        return vectors

    def encode_passages(self, passages: Sequence[str], batch_size: int) -> FloatMatrix:
        vectors = np.empty((len(passages), self._dimensions), np.float32)
        lengths = self._lengths(passages)
        by_length = sorted(range(len(passages)), key=lengths.__getitem__)  # little padding in a batch
        for start in range(0, len(by_length), batch_size):
            batch = by_length[start : start + batch_size]
            with self._lock:  # let go between batches: a question waits for one of them at most
                vectors[batch] = self._transformer.encode_document(
                    [passages[i] for i in batch],
                    batch_size=batch_size,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
        return vectors

    def _lengths(self, passages: Sequence[str]) -> list[int]:
        """In tokens: a word of a script that a model hardly knows is many. Characters, if it has no such tokenizer."""
        tokenizer = self._transformer.tokenizer
        if not callable(tokenizer) or not passages:
            return [len(passage) for passage in passages]
        with self._lock:
            tokens = tokenizer(list(passages), add_special_tokens=False, return_attention_mask=False, verbose=False)
        return [len(ids) for ids in tokens["input_ids"]]


def _is_onnx(model: InstalledModel) -> bool:
    return (model.folder / "onnx" / "model.onnx").is_file()


def _transformer(model: InstalledModel) -> "SentenceTransformer":
    import onnxruntime
    from sentence_transformers import SentenceTransformer

    if _is_onnx(model):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = os.cpu_count() or 1
        # Threads that spin while they wait take the processor from the other model and from the engine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        backend = "onnx"
        settings = {"file_name": "onnx/model.onnx", "provider": "CPUExecutionProvider", "session_options": options}
    else:
        backend, settings = "torch", {}
    try:
        return SentenceTransformer(
            str(model.folder), backend=backend, device="cpu", local_files_only=True, model_kwargs=settings
        )
    except Exception as problem:  # whatever the many libraries below raise: the folder is not a model they know
        reason = (str(problem).strip() or type(problem).__name__).splitlines()[0]
        raise UnusableModel(model.folder, reason) from problem
