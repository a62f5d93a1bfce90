"""What was read of nouns is told as it was read, and is what graphql-core would tell value by value, byte for byte.

Documents are made by chance (documents.py) and sent to the sample network by viewers of every reach.
"""

import json
import random

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from api.door import Visitor
from api.graphql.context import Context
from api.graphql.languages import LanguageCode
from api.graphql.schema import schema
from api.network import OpenNetwork
from graph.model import NOUNS
from graph.viewer import PUBLIC, Role, Viewer
from tests.api.graphql.nouns.documents import Asking, Known, random_document
from tests.patience import patience_with_planning

# Every document is another statement for the database to plan; the machine may be busy.
pytestmark = pytest.mark.timeout(1800)

DOCUMENTS = 150
VIEWERS = (PUBLIC, Viewer(Role.MEMBER), Viewer(Role.ORGANISER), Viewer(Role.ADMINISTRATOR))
NAMES = {
    "Country": ("TN", "France", "Africa", "Kenia"),
    "Region": ("002", "Europe"),
    "Language": ("fr", "English"),
}
SOME = "MATCH (n) WHERE $label IN labels(n) RETURN n.id AS id ORDER BY rand() LIMIT 8"


@pytest.fixture(scope="module")
async def known(sample: OpenNetwork) -> Known:
    """Ids of the sample, and one of nothing; names that it knows."""
    ids = {label: [row["id"] for row in await sample.graph.read(SOME, label=label)] for label in NOUNS}
    return Known({label: [*some, "nothing"] for label, some in ids.items()}, {**NAMES, "Topic": ids["Topic"]})


async def answered(network: OpenNetwork, viewer: Viewer, asking: Asking, *, completes_nouns: bool) -> str:
    """The answer, with its errors, as it is sent."""
    context = Context.of(network, Visitor(viewer, account=None, session=None, csrf=""), language=LanguageCode.FR)
    context.completes_nouns = completes_nouns
    result = await schema.execute(asking.document, variable_values=asking.variables, context_value=context)
    errors = [error.formatted for error in result.errors or ()]
    return json.dumps({"data": result.data, "errors": errors}, ensure_ascii=False)


@pytest.mark.slow
@settings(
    deadline=None,
    max_examples=DOCUMENTS,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32))
async def test_what_was_read_is_what_would_be_told(sample: OpenNetwork, known: Known, seed: int) -> None:
    chance = random.Random(seed)
    asking = random_document(chance, known)
    viewer = chance.choice(VIEWERS)

    with patience_with_planning():
        as_read = await answered(sample, viewer, asking, completes_nouns=False)
        completed = await answered(sample, viewer, asking, completes_nouns=True)

    assert as_read == completed, asking
    errors = json.loads(as_read)["errors"]
    # Larger than a query may be: another document.
    assume(
        not any(error["extensions"].get("code", "").startswith("QUERY_") for error in errors if error.get("extensions"))
    )
    assert errors == [], asking
