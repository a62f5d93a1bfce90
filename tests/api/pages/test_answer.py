"""The first page's answer: the sentence that matters is marked, whatever is written in the passage."""

import html
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from rich.console import Console

from api.app import create_app
from api.cli.ask import ASK, _shown
from api.door import Visitor, visitor_of
from api.embedding import Embedding
from api.graphql.context import Context
from api.graphql.schema import schema
from api.network import OpenNetwork
from graph.encoder import Encoder, QuestionEncoder
from graph.graph import Graph, Transaction
from graph.passages import restamp
from graph.search import Search
from graph.settings import GraphSettings
from graph.values import ExpertId
from graph.vectors import embed_waiting
from graph.viewer import Role, Viewer

HOSTILE = (
    "The <script>alert('x')</script> & \"laboratory\" tests <b>drinking water</b> of our city every single morning."
)
ENGLISH = f"🕌 She grew up in a village by the sea. {HOSTILE} At home she plays chess with her nephews."
# The same text, come in from another file that breaks its lines and ends otherwise.
AGAIN = ENGLISH.replace(". ", ".\n").replace("nephews", "nieces")
ONE = "Elle protège les captages d'eau potable."
FRENCH = "Qui fait analyser l'eau potable de la ville ?"

PERSON = """
CREATE (e:Expert {id: 'ama', name: 'Ama Testperson', headline: 'Drinking water'})
WITH e
UNWIND range(0, size($texts) - 1) AS number
CREATE (e)-[:EVIDENCED_BY]->(:Passage {id: 'p' + number, text: $texts[number], kind: 'biography', position: number,
                                       language: $languages[number]})
"""


SALMA = Viewer(Role.MEMBER, person=ExpertId("salma"), actor="account:1")
AMA = Viewer(Role.MEMBER, person=ExpertId("ama"), actor="account:2")
COLLEAGUES = """
MATCH (ama:Expert {id: 'ama'})
CREATE (salma:Expert {id: 'salma', name: 'Salma Testperson'})
CREATE (water:Organisation {id: 'water', name: 'City Water <b>Works</b>'}),
       (port:Organisation {id: 'port', name: 'Port'})
CREATE (ama)-[:AFFILIATED_WITH {role: 'Chemist', from: '2010', to: '2014'}]->(water),
       (ama)-[:AFFILIATED_WITH {role: 'Head', from: '2014'}]->(water),
       (ama)-[:AFFILIATED_WITH {role: 'Adviser', from: '2015'}]->(port),
       (salma)-[:AFFILIATED_WITH {role: 'Trainee', from: '2003', to: '2004'}]->(water)
"""


@dataclass
class _Asked:
    """A network of one person, and who asks it."""

    graph: Graph
    encoder: Encoder
    network: OpenNetwork
    visitor: Visitor
    browser: httpx.AsyncClient

    async def knows(self, *texts: str, languages: tuple[str, ...]) -> None:
        await self.graph.write(PERSON, texts=texts, languages=languages)

        await self.has("ama")
        await embed_waiting(self.graph, self.encoder)

    async def has(self, *people: str) -> None:
        """Put in force what these people choose."""

        async def work(tx: Transaction) -> None:
            await restamp(tx, experts=people)

        await self.graph.transact(work)

    def by(self, viewer: Viewer) -> None:
        self.visitor = Visitor(viewer, account=None, session=None, csrf="")

    async def shared(self) -> list[tuple[str, str | None]]:
        """Of each reason that is a shared organisation its name and until when."""
        reasons = (await self.match(FRENCH))["reasons"]
        return [
            (reason["organisation"]["name"], reason["until"])
            for reason in reasons
            if reason["__typename"] == "SharedOrganisation"
        ]

    async def match(self, question: str) -> dict[str, Any]:
        """The one match, as ``knowwho ask`` gets it."""
        answer = await schema.execute(
            ASK,
            {"question": question, "filter": None, "first": 1},
            context_value=Context.of(self.network, self.visitor),
        )
        assert answer.errors is None
        assert answer.data is not None
        (match,) = answer.data["matchExperts"]["edges"]
        found: dict[str, Any] = match
        return found

    async def in_a_terminal(self, question: str) -> str:
        """The match as ``knowwho ask`` prints it, with the codes for how it looks."""
        printed = io.StringIO()
        console = Console(file=printed, force_terminal=True, color_system="standard", width=1000, highlight=False)
        console.print(_shown(1, await self.match(question)))
        return printed.getvalue()

    async def passages(self, question: str) -> list[str]:
        """The passages on the page, as HTML."""
        page = await self.browser.get("/", params={"q": question})
        return re.findall(r"<blockquote.*?<p>(.*?)</p>", page.text, re.DOTALL)


@pytest.fixture
async def asked(graph: Graph, encoder: Encoder, graph_settings: GraphSettings) -> AsyncIterator[_Asked]:
    async with QuestionEncoder(encoder) as questions:
        network = OpenNetwork(graph, Search(graph, questions, encoder.identity), questions, Embedding(graph, questions))
        app = create_app(graph_settings)
        app.state.network = network
        visitor = Visitor(Viewer(Role.MEMBER), account=None, session=None, csrf="")
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            of_one = _Asked(graph, encoder, network, visitor, browser)
            app.dependency_overrides[visitor_of] = lambda: of_one.visitor
            yield of_one


async def test_the_sentence_that_matters_is_marked_on_the_page_and_what_is_written_stays_text(asked: _Asked) -> None:
    await asked.knows(ENGLISH, languages=("en",))

    (passage,) = await asked.passages(FRENCH)

    assert html.unescape(passage.replace("<mark>", "").replace("</mark>", "")) == ENGLISH
    assert [html.unescape(marked) for marked in re.findall("<mark>(.*?)</mark>", passage)] == [HOSTILE]
    assert re.findall(r"</?([a-z]+)", passage) == ["mark", "mark"]


async def test_a_program_gets_the_sentence_and_its_place_in_code_points(asked: _Asked) -> None:
    await asked.knows(ENGLISH, languages=("en",))

    (evidence,) = (await asked.match(FRENCH))["evidence"]

    start = ENGLISH.index(HOSTILE)
    assert evidence["sentence"] == {"text": HOSTILE, "start": start, "end": start + len(HOSTILE)}
    assert evidence["passage"]["text"][start : start + len(HOSTILE)] == HOSTILE


async def test_in_a_terminal_it_is_bold(asked: _Asked) -> None:
    await asked.knows(ENGLISH, languages=("en",))
    assert f"\x1b[1m{HOSTILE}\x1b[0m" in await asked.in_a_terminal(FRENCH)


async def test_a_passage_of_one_sentence_has_none_marked(asked: _Asked) -> None:
    await asked.knows(ONE, languages=("fr",))

    assert await asked.passages("Who protects drinking water?") == [ONE.replace("'", "&#39;")]
    (evidence,) = (await asked.match("Who protects drinking water?"))["evidence"]
    assert evidence["sentence"] is None


async def test_nearly_the_same_passage_is_shown_once(asked: _Asked) -> None:
    await asked.knows(ENGLISH, AGAIN, languages=("en", "en"))

    assert len((await asked.match(FRENCH))["evidence"]) == 1


async def test_whoever_worked_at_the_same_place_is_told_so_once_and_nobody_else_is(asked: _Asked) -> None:
    await asked.knows(ENGLISH, languages=("en",))
    await asked.graph.write(COLLEAGUES)
    await asked.has("ama", "salma")
    assert await asked.shared() == []  # a member who is no expert

    asked.by(SALMA)
    assert await asked.shared() == [("City Water <b>Works</b>", None)]
    page = (await asked.browser.get("/", params={"q": FRENCH})).text
    assert "<li>Works at <bdi>City Water &lt;b&gt;Works&lt;/b&gt;</bdi>, as you do or did</li>" in page
    assert "Why: works at City Water <b>Works</b>, as you do or did" in await asked.in_a_terminal(FRENCH)

    asked.by(AMA)
    assert await asked.shared() == []


async def test_where_somebody_works_who_does_not_show_it_is_no_reason(asked: _Asked) -> None:
    await asked.knows(ENGLISH, languages=("en",))
    await asked.graph.write(COLLEAGUES)
    await asked.graph.write("MATCH (e:Expert {id: 'ama'}) SET e.chosen_organisation = 2")
    await asked.has("ama", "salma")

    asked.by(SALMA)
    assert await asked.shared() == []

    asked.by(replace(SALMA, role=Role.ORGANISER))
    assert await asked.shared() == [("City Water <b>Works</b>", None)]
