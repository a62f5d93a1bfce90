"""How many networks by chance the tests of visibility store and ask; with NETWORKS=25 in the environment, more."""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

__all__ = ["GENERATED", "NETWORKS", "SEEDS"]

NETWORKS = int(os.environ.get("NETWORKS", "3"))

# A network is stored and asked hundreds of times: smaller ones would not be asked faster, so nothing is shrunk.
GENERATED = settings(
    max_examples=NETWORKS,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
SEEDS = st.integers(0, 2**32)
