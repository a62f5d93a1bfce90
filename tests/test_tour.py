"""The tour as it stands in docs is that of the stops that ``make tour`` takes pictures of."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+\.png)\)")


@pytest.fixture(scope="module")
def tour() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tour", ROOT / ".ci" / "tour.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["tour"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_tells_of_every_stop_as_it_is_and_of_no_other(tour: ModuleType) -> None:
    assert (ROOT / "docs" / "tour.md").read_text() == tour.document()


def test_every_stop_has_its_picture_and_there_is_no_other(tour: ModuleType) -> None:
    pictures = {path.name for path in (ROOT / "docs" / "tour").iterdir()}

    assert pictures == {f"{stop.name}.png" for stop in tour.STOPS}


def test_the_first_page_of_the_repository_shows_two_of_them(tour: ModuleType) -> None:
    shown = PICTURE.findall((ROOT / "README.md").read_text())

    assert len(shown) == 2
    assert set(shown) <= {f"docs/tour/{stop.name}.png" for stop in tour.STOPS}
