"""The default encoder's models, installed in the user's cache folder and loaded once per test session."""

from pathlib import Path

import pytest

from graph.encoder import InstalledModel, JoinedModels, install, installed
from graph.settings import GraphSettings


@pytest.fixture(scope="session")
def default_settings() -> GraphSettings:
    """Settings of the default encoder, installed."""
    settings = GraphSettings(encoder="default")
    install(settings)
    return settings


@pytest.fixture(scope="session")
def default_models(default_settings: GraphSettings) -> tuple[InstalledModel, ...]:
    return installed(default_settings)


@pytest.fixture(scope="session")
def built(default_settings: GraphSettings) -> Path:
    """The folder that the kit has built its models in."""
    return default_settings.cache / "models"


@pytest.fixture(scope="session")
def joined(default_models: tuple[InstalledModel, ...]) -> JoinedModels:
    return JoinedModels(default_models)
