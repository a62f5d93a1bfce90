"""The real default encoder, installed in the user's cache folder and loaded once per test session."""

import pytest

from graph.encoder import Encoder, install, load
from graph.settings import GraphSettings

__all__ = ["encoder"]


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    settings = GraphSettings(encoder="default")
    install(settings)
    return load(settings)
