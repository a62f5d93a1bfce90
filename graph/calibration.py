"""What "nothing in common" looks like to an encoder on this network, measured and kept in the graph.

Sentence encoders place all texts in a narrow cone: strangers already have a cosine of .7 or so, differently for each
model and script. So a question's vector is first moved by the mean vector of everyday questions (centring; Mu and
Viswanath, "All-but-the-Top", ICLR 2018), and how near everyday questions still come to the network's passages is
the measure of chance. Both are measured apart for each blend of models that a question can use, because a model
that cannot read a script sits that question out.
"""

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, LiteralString

import numpy as np
import numpy.typing as npt

from graph.background import EVERYDAY_QUESTIONS
from graph.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.encoder import Encoder, EncoderIdentity

__all__ = ["Calibration", "blend", "calibrate", "calibrations"]

FloatVector = npt.NDArray[np.float32]

# How far along the everyday questions' mean a question is moved; chosen on tests/quality (docs/quality.md).
CENTRING = 0.9


@dataclass(frozen=True, slots=True)
class Calibration:
    """For one blend of models: the mean everyday question, and how near such questions come to the best passage."""

    centre: tuple[float, ...]
    chance_mean: float
    chance_deviation: float

    def centred(self, vector: FloatVector) -> FloatVector:
        """A question's unit vector without what it shares with every question."""
        moved = vector - CENTRING * np.asarray(self.centre, dtype=np.float32)
        return (moved / np.linalg.norm(moved)).astype(np.float32)

    def above_chance(self, similarity: float) -> float:
        """How many deviations a cosine lies above what an everyday question's best passage reaches."""
        return (similarity - self.chance_mean) / self.chance_deviation


NEAREST: LiteralString = """
UNWIND range(0, size($vectors) - 1) AS i
CALL (i) {
  MATCH (p:Passage)
  SEARCH p IN (VECTOR INDEX passage_embedding FOR $vectors[i] WHERE p.encoder = $revision LIMIT 20)
  RETURN max(vector.similarity.cosine(p.embedding, $vectors[i])) AS similarity
}
RETURN i, similarity ORDER BY i
"""

STORE: LiteralString = "MATCH (w:Encoder {id: 'encoder', revision: $revision}) SET w.calibration = $calibration"

FETCH: LiteralString = """
MATCH (w:Encoder {id: 'encoder', revision: $revision})
RETURN w.calibration AS calibration
"""


def blend(vector: FloatVector, identity: "EncoderIdentity") -> str:
    """Which models took part in a question's vector: a letter for each, '+' or '-', in the encoder's order."""
    parts = np.split(vector, np.cumsum([model.dimensions for model in identity.models])[:-1])
    return "".join("+" if part.any() else "-" for part in parts)


async def calibrations(graph: Graph, identity: "EncoderIdentity") -> "Mapping[str, Calibration]":
    """What was measured, by blend; empty while the network has no vectors of this encoder."""
    rows = await graph.read(FETCH, revision=identity.revision)
    if not rows or rows[0]["calibration"] is None:
        return {}
    return {
        name: Calibration(tuple(measured["centre"]), measured["chance_mean"], measured["chance_deviation"])
        for name, measured in json.loads(rows[0]["calibration"]).items()
    }


async def calibrate(graph: Graph, encoder: "Encoder", *, anew: bool) -> None:
    """Measure and keep what chance looks like; unless ``anew``, only where it was not measured yet."""
    identity = encoder.identity
    if not anew and await calibrations(graph, identity):
        return
    vectors = await asyncio.to_thread(encoder.encode_questions, EVERYDAY_QUESTIONS)
    by_blend: dict[str, list[FloatVector]] = {}
    for vector in vectors:
        by_blend.setdefault(blend(vector, identity), []).append(vector)
    measured = {}
    for name, members in by_blend.items():
        centre = tuple(float(x) for x in np.mean(members, axis=0))
        centred = [Calibration(centre, 0.0, 1.0).centred(member).tolist() for member in members]
        rows = await graph.read(NEAREST, vectors=centred, revision=identity.revision, timeout_s=60)
        nearest = [2 * row["similarity"] - 1 for row in rows if row["similarity"] is not None]
        if nearest:
            measured[name] = asdict(
                Calibration(centre, float(np.mean(nearest)), max(float(np.std(nearest)), 1e-3))
            )
    await graph.write(STORE, revision=identity.revision, calibration=json.dumps(measured))
