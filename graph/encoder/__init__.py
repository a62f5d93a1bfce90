"""Turns questions and passages into vectors whose cosine says how much they have to do with each other.

It knows models, not graphs. Importing it imports neither torch nor sentence-transformers; only ``load`` does.
"""

from graph.encoder.encoder import Encoder, load
from graph.encoder.errors import (
    DamagedModel,
    EncoderClosed,
    EncoderError,
    InvalidEncoderSetting,
    KitPackageMissing,
    ModelNotInstalled,
    ModelUnavailable,
    UnusableModel,
)
from graph.encoder.joined import FloatMatrix, JoinedModels
from graph.encoder.language import sure_language
from graph.encoder.models import (
    EncoderIdentity,
    InstalledModel,
    ModelIdentity,
    identity,
    install,
    installed,
)
from graph.encoder.questions import FloatVector, QuestionEncoder

__all__ = [
    "DamagedModel",
    "Encoder",
    "EncoderClosed",
    "EncoderError",
    "EncoderIdentity",
    "FloatMatrix",
    "FloatVector",
    "InstalledModel",
    "InvalidEncoderSetting",
    "JoinedModels",
    "KitPackageMissing",
    "ModelIdentity",
    "ModelNotInstalled",
    "ModelUnavailable",
    "QuestionEncoder",
    "UnusableModel",
    "identity",
    "install",
    "installed",
    "load",
    "sure_language",
]
