"""Which models KNOWWHO_ENCODER names, where they are on this machine, and what tells one encoder from another.

Nothing here imports torch: who wrote a graph's vectors can be compared in milliseconds.
"""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.encoder import kit
from graph.encoder.errors import (
    InvalidEncoderSetting,
    ModelNotInstalled,
    ModelUnavailable,
    UnusableModel,
)
from graph.encoder.sentences import DIGEST
from graph.settings import GraphSettings
from graph.wording import Wording

__all__ = ["EncoderIdentity", "InstalledModel", "ModelIdentity", "identity", "install", "installed", "models_folder"]

Progress = Callable[[str], None]

DEFAULT = ((kit.MINILM, 0.2), (kit.E5, 0.8))

# Languages that a model was trained on; a model not named here knows all.
KNOWN_LANGUAGES = {
    "all-MiniLM-L6-v2": frozenset({"en"}),
    "all-MiniLM-L12-v2": frozenset({"en"}),
    "all-mpnet-base-v2": frozenset({"en"}),
}


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """One model of an encoder: its name, its share, which weights of that name, and how long its vectors are."""

    name: str
    weight: float
    revision: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What tells an encoder from any other: vectors of equal identities can be compared, others cannot."""

    models: tuple[ModelIdentity, ...]

    @property
    def dimensions(self) -> int:
        """Length of the joined vectors."""
        return sum(model.dimensions for model in self.models)

    @property
    def revision(self) -> str:
        """A short digest of all of it, models in their order, and of the sentences that their centres come from."""
        parts = [DIGEST, *([m.name, m.weight, m.revision, m.dimensions] for m in self.models)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    def __str__(self) -> str:
        return " + ".join(f"{m.name}={m.weight:g} ({m.revision[:16]})" for m in self.models)


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this machine. ``languages`` are those it reads; None for all."""

    identity: ModelIdentity
    folder: Path
    languages: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class _Choice:
    """A model that the setting names: one of the kit's, a folder, or a name on the hub."""

    source: kit.KitModel | Path | str
    weight: float

    @property
    def name(self) -> str:
        """Its name on the hub; a folder's own name, the same on every machine."""
        if isinstance(self.source, kit.KitModel):
            return self.source.name
        return self.source.name if isinstance(self.source, Path) else self.source


def identity(settings: GraphSettings) -> EncoderIdentity:
    """The identity of the encoder that is set; without torch, in milliseconds.

    Raises:
        InvalidEncoderSetting: KNOWWHO_ENCODER does not name models and weights.
        ModelNotInstalled: one of them is not on this machine.
        UnusableModel: a folder does not hold a sentence-transformers model.
    """
    return EncoderIdentity(tuple(model.identity for model in installed(settings)))


def installed(settings: GraphSettings) -> tuple[InstalledModel, ...]:
    """The models that are set, where they are on this machine. Raises what identity raises."""
    return tuple(_installed(choice, settings) for choice in _choices(settings.encoder))


def install(settings: GraphSettings, *, progress: Progress | None = None) -> None:
    """Bring the models that are set onto this machine; quick when they are there.

    The default ones are built from Python packages (graph.encoder.kit); others come from the hub by name. Progress
    is told each step as a phrase.

    Raises:
        InvalidEncoderSetting: KNOWWHO_ENCODER does not name models and weights.
        KitPackageMissing, DamagedModel: a default model's package is not installed or its files are not those known.
        ModelUnavailable: the hub did not give a model.
        UnusableModel: a folder does not hold a sentence-transformers model.
    """
    for choice in _choices(settings.encoder):
        if isinstance(choice.source, kit.KitModel):
            kit.build(choice.source, models_folder(settings), progress=progress)
        elif isinstance(choice.source, str) and not _is_on_machine(choice, settings):
            if progress is not None:
                progress(f"fetching {choice.name}")
            _fetch(choice.source)
        _installed(choice, settings)


def models_folder(settings: GraphSettings) -> Path:
    """Where the models are kept, and what was measured of them."""
    return settings.cache / "models"


def _choices(setting: str) -> tuple[_Choice, ...]:
    if setting.strip() == "default":
        return tuple(_Choice(model, weight) for model, weight in DEFAULT)
    parsed = [_choice(part.strip(), setting) for part in setting.split(",")]
    names = [name for name, _ in parsed]
    if repeated := next((name for name in names if names.count(name) > 1), None):
        raise InvalidEncoderSetting(setting, Wording("%(model)s stands there twice", model=repr(repeated)))
    total = sum(weight for _, weight in parsed)
    return tuple(_Choice(_folder_or_name(name), round(weight / total, 6)) for name, weight in parsed)


def _choice(part: str, setting: str) -> tuple[str, float]:
    name, equals, weight = (piece.strip() for piece in part.rpartition("="))
    if not equals or not name:
        raise InvalidEncoderSetting(setting, Wording("%(part)s is not MODEL=WEIGHT", part=repr(part)))
    try:
        number = float(weight)
    except ValueError:
        reason = Wording("the weight of %(model)s is %(weight)s, not a number", model=name, weight=repr(weight))
        raise InvalidEncoderSetting(setting, reason) from None
    if not (math.isfinite(number) and number > 0):
        reason = Wording("the weight of %(model)s is %(weight)s, not above 0", model=name, weight=weight)
        raise InvalidEncoderSetting(setting, reason)
    return name, number


def _folder_or_name(name: str) -> Path | str:
    is_folder = name.startswith(("/", "./", "../", "~")) or Path(name).is_absolute()
    return Path(name).expanduser().resolve() if is_folder else name


def _is_on_machine(choice: _Choice, settings: GraphSettings) -> bool:
    try:
        _installed(choice, settings)
    except ModelNotInstalled:
        return False
    return True


def _installed(choice: _Choice, settings: GraphSettings) -> InstalledModel:
    if isinstance(choice.source, kit.KitModel):
        models = models_folder(settings)
        if not kit.is_built(choice.source, models):
            raise ModelNotInstalled(choice.name)
        folder, revision = choice.source.folder(models), choice.source.revision
    elif isinstance(choice.source, Path):
        folder, revision = choice.source, _digest(choice.source)
    else:
        folder = _snapshot(choice.source)
        revision = folder.name
    return InstalledModel(
        identity=ModelIdentity(choice.name, choice.weight, revision, _dimensions(folder)),
        folder=folder,
        languages=KNOWN_LANGUAGES.get(choice.name.rpartition("/")[2]),
    )


def _dimensions(folder: Path) -> int:
    """How long a model's vectors are, read from the settings of its modules."""
    modules = folder / "modules.json"
    dimensions = _read(folder / "config.json", folder).get("hidden_size") if not modules.is_file() else None
    for module in _read(modules, folder) if modules.is_file() else ():
        settings = folder / module["path"] / "config.json"
        known = _read(settings, folder) if settings.is_file() else {}
        if "out_features" in known:  # Dense
            dimensions = known["out_features"]
        elif width := known.get("embedding_dimension") or known.get("word_embedding_dimension"):  # Pooling
            modes = [name for name, value in known.items() if name.startswith("pooling_mode_") and value is True]
            dimensions = width * max(1, len(modes))
    if not isinstance(dimensions, int):
        raise UnusableModel(folder, Wording("its settings do not say how long its vectors are"))
    return dimensions


def _read(file: Path, folder: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnusableModel(folder, Wording("it has no %(file)s", file=file.name)) from None
    except (OSError, ValueError) as problem:
        reason = Wording("%(file)s cannot be read: %(problem)s", file=file.name, problem=str(problem))
        raise UnusableModel(folder, reason) from None


def _digest(folder: Path) -> str:
    """A digest of what a folder's model is made of, whatever the machine and the path."""
    if not folder.is_dir():
        raise UnusableModel(folder, Wording("there is no such folder"))
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(".")):
        if file.suffix != ".md":
            with file.open("rb") as opened:
                content = hashlib.file_digest(opened, "sha256").hexdigest()
            digest.update(f"{file.relative_to(folder).as_posix()} {content}\n".encode())
    return f"folder-{digest.hexdigest()[:12]}"


def _snapshot(name: str) -> Path:
    """The folder of a model that was fetched from the hub."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except LocalEntryNotFoundError:
        raise ModelNotInstalled(name) from None
    except ValueError as problem:  # what the hub's client says of a name that can be none
        raise ModelUnavailable(name, str(problem).splitlines()[0].rstrip(".")) from None


def _fetch(name: str) -> None:
    """Fetch a model's settings, its tokenizer and one kind of weights from the hub."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled
    from requests import RequestException

    try:
        found = HfApi().model_info(name)
        snapshot_download(name, allow_patterns=_needed([file.rfilename for file in found.siblings or ()]))
    except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, RequestException) as problem:
        raise ModelUnavailable(name, type(problem).__name__) from None
    except ValueError as problem:  # what the hub's client says of a name that can be none
        raise ModelUnavailable(name, str(problem).splitlines()[0].rstrip(".")) from None


def _needed(files: Sequence[str]) -> list[str]:
    """Of a model's files on the hub, those to fetch: ONNX weights before safetensors before pickles."""
    settings = [
        f for f in files if f.endswith((".json", ".txt", ".model")) and not f.startswith(("onnx/", "openvino/"))
    ]
    for weights in (
        [f for f in files if f in ("onnx/model.onnx", "onnx/model.onnx_data")],
        [f for f in files if f.endswith(".safetensors")],
        [f for f in files if f.endswith("pytorch_model.bin")],
    ):
        if weights:
            return settings + weights
    return settings
