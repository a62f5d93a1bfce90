"""Hidden means hidden: whoever asks whatever, nothing comes back but what a second evaluation of the rules says.

A case is a network, a viewer, and one set of questions put to every entry point; an answer must be the same to the last
field, person, passage, count, score and cursor.
"""

import importlib
import inspect
import json
import pkgutil
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import cast

import pytest
from hypothesis import given, settings
from strawberry.relay import to_base64

import graph as room
from api.graphql.schema import schema
from graph import audiences, consents, erasure, experts, export, reading
from graph.alphabet import sort_key
from graph.graph import Graph
from graph.model import NOUNS
from graph.people import profiles
from graph.permissions import NotAllowed
from graph.reading import Connection, Cursors, Edges, Node, PageSpan, Related, Value
from graph.values import ExpertId
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Viewer
from tests.reading import note_statements
from tests.visibility.entry_points import (
    ENTRY_POINTS,
    OF_PEOPLE,
    PARTS,
    context,
    differences,
    first_difference,
)
from tests.visibility.networks import (
    empty,
    random_question,
    random_viewers,
    random_world,
    store,
)
from tests.visibility.networks_by_chance import GENERATED, NETWORKS, SEEDS
from tests.visibility.rules import World
from tests.visibility.told import Told
from tests.visibility.trees import IDS, list_of, node_with

# Hundreds of small questions in one test; the machine may be busy.
pytestmark = pytest.mark.timeout(1800)

VIEWERS = 16
QUESTIONS = 5

NOT_COMPARED = {
    "Not one field of a person: who sees what of those who chose nothing, what consent says, which country is where.": {
        "graph.audiences.of_network",
        "graph.audiences.set_of_network",
        "graph.consents.set_text",
        "graph.coverage.table.one_id",
        "graph.filters.countries_within",
        "graph.search.needs.needs_of",
        "graph.consents.texts",
        "graph.intake.known.known_places",
        "graph.topics.named",
    },
    "Of one person, for that person and administrators; others are refused whether the person exists or not, below.": {
        "graph.audiences.of_person",
        "graph.audiences.set_of_person",
        "graph.consents.decide",
        "graph.consents.history_of",
        "graph.erasure.erase",
        "graph.export.about",
        "graph.people.profiles.update",
    },
    "Events, which everybody sees; for organisers, as their own tests show.": {
        "graph.agenda.set_agenda",
        "graph.event_changes.cancel",
        "graph.event_changes.copy",
        "graph.event_changes.create",
        "graph.event_changes.update",
        "graph.panels.candidates.plan_of",
    },
    "What the programme makes, which everybody sees; for organisers, as tests/graph/programme shows.": {
        "graph.programme.making.create",
        "graph.programme.making.remove",
        "graph.programme.making.update",
    },
    "Drafts of events, for organisers; that nobody notices them is in test_drafts.py.": {
        "graph.drafts.by_ids",
        "graph.drafts.create",
        "graph.drafts.discard",
        "graph.drafts.page",
        "graph.drafts.publish",
        "graph.drafts.restore",
        "graph.drafts.update",
    },
    "Of what graph.panels.candidates.panellists and the searches tell, which are compared; for organisers.": {
        "graph.panels.suggest_panel",
    },
    "That something changed, told as its own tests compare with what is seen (tests/graph/test_feed.py).": {
        "graph.feed.changes",
        "graph.feed.latest",
        "graph.feed.start",
    },
    "What askers said of whom they find, as its own tests compare with what is found (tests/graph/test_feedback.py).": {
        "graph.feedback.judge",
        "graph.feedback.marks",
        "graph.feedback.of_network",
        "graph.feedback.own",
        "graph.feedback.take_back",
    },
    "What somebody keeps for themselves, which is of nobody; tests/graph/test_saved_searches.py.": {
        "graph.saved_searches.own",
        "graph.saved_searches.remove",
        "graph.saved_searches.save",
    },
    "Questions that are open, for who signed in, and whoever asked and helps; tests/graph/test_questions.py.": {
        "graph.questions.ask",
        "graph.questions.by_id",
        "graph.questions.close",
        "graph.questions.count",
        "graph.questions.offer",
        "graph.questions.offers",
        "graph.questions.own",
        "graph.questions.page",
        "graph.questions.reopen",
        "graph.questions.take_back",
        "graph.questions.topics_asked",
        "graph.questions.would_be_seen",
    },
    "Tokens of one's own, which tell of nobody else; tests/graph/test_own_tokens.py.": {
        "graph.own_tokens.create",
        "graph.own_tokens.own",
        "graph.own_tokens.revoke",
    },
    "What changes who is considered, which is compared; its refusals in tests/visibility/test_considered.py.": {
        "graph.speaking.answering.answer_own",
        "graph.speaking.attendance.record_attendance",
        "graph.speaking.attendance.restore_attendance",
        "graph.speaking.changing.advance",
        "graph.speaking.changing.move",
        "graph.speaking.changing.set_note",
        "graph.speaking.changing.take_back",
        "graph.speaking.outbox.secret_of",
        "graph.speaking.returned.record_bounce",
        "graph.speaking.returned.send_again",
        "graph.speaking.telling.tell_speakers",
        "graph.speaking.shortlisting.shortlist",
        "graph.speaking.shortlisting.shortlist_found",
    },
    "For administrators alone, as their own tests show.": {
        "graph.condition.condition",
        "graph.accounts.by_ids",
        "graph.accounts.close",
        "graph.accounts.create",
        "graph.accounts.page",
        "graph.accounts.set_role",
        "graph.changes.page",
        "graph.consents.undecided",
        "graph.erasure.erased_people",
        "graph.erasure.readmit",
        "graph.intake.known.known",
        "graph.intake.known.known_passages",
        "graph.intake.names.known_names",
        "graph.intake.network.known_network",
        "graph.intake.sources.sources",
        "graph.provenance.of",
        "graph.provenance.remove_source",
        "graph.people.duplicates.candidates",
        "graph.people.duplicates.decisions",
        "graph.people.duplicates.forget_apart",
        "graph.people.duplicates.keep_apart",
        "graph.people.merging.merge",
        "graph.people.sight.groups_seen",
        "graph.people.undoing.undo",
        "graph.tokens.by_name",
        "graph.tokens.create",
        "graph.tokens.page",
        "graph.tokens.revoke",
    },
    "Of an account or session, for its holder and administrators.": {
        "graph.accounts.by_email",
        "graph.accounts.by_id",
        "graph.sessions.end",
        "graph.sessions.end_all",
        "graph.sessions.of_account",
        "graph.sessions.open_session",
    },
    "How somebody comes in: what they show must be secret or proven, and nothing is told of anybody else.": {
        "graph.accounts.for_address",
        "graph.accounts.for_identity",
        "graph.joining.accept",
        "graph.joining.decline",
        "graph.joining.open_invitation",
        "graph.sign_in_attempts.begin",
        "graph.sign_in_attempts.take",
        "graph.sign_in_links.create",
        "graph.sign_in_links.open_link",
        "graph.sign_in_links.use",
    },
    "Addresses that organisers wrote to, for those who may invite.": {
        "graph.invitations.invite",
        "graph.invitations.page",
        "graph.invitations.withdraw",
    },
}
"""Functions that take a viewer and are not compared here, by the reason."""


@pytest.fixture(scope="module")
def counted() -> Iterator[list[str]]:
    """A place to count the cases in; in the end there must be as many as were promised."""
    cases: list[str] = []
    yield cases
    print(f"{len(cases)} cases compared")  # noqa: T201 -- shown by pytest -s, and when it fails
    assert len(cases) >= NETWORKS * VIEWERS * QUESTIONS


def repository_functions() -> set[str]:
    """Every public function of the graph room that takes the graph and a viewer."""
    found = set()
    for module in pkgutil.walk_packages(room.__path__, "graph."):
        for name, function in vars(importlib.import_module(module.name)).items():
            is_its_own = getattr(function, "__module__", None) == module.name and not name.startswith("_")
            if is_its_own and inspect.isfunction(function):
                parameters = inspect.signature(function).parameters
                if {"graph", "viewer"} <= set(parameters):
                    found.add(f"{module.name}.{name}")
    return found


def test_every_repository_function_is_compared_or_has_a_reason() -> None:
    compared = {one.of for one in ENTRY_POINTS if one.of.startswith("graph.")}
    excused = set().union(*NOT_COMPARED.values())

    assert compared.isdisjoint(excused)
    assert compared | excused == repository_functions()


def test_every_column_and_relation_is_told_a_second_time() -> None:
    world = random_world(1)
    told = Told.of(world, Viewer(Role.ADMINISTRATOR))

    relations = {(label, relation.name) for label, noun in NOUNS.items() for relation in noun.relations}
    assert told.relations_in("en").keys() == relations
    assert told.nodes.keys() == NOUNS.keys()
    for label, noun in NOUNS.items():
        assert {name for columns in told.nodes[label].values() for name in columns} == {
            one.name for one in noun.columns
        }


@pytest.mark.parametrize("viewer", [PUBLIC, Viewer(Role.MEMBER), Viewer(Role.ORGANISER)], ids=lambda one: one.role)
async def test_every_relation_is_told_in_every_network(network: Graph, viewer: Viewer) -> None:
    world = random_world(3)
    told = Told.of(world, viewer)
    await empty(network)
    await store(network, world)

    for label, noun in NOUNS.items():
        for relation in noun.relations:
            wanted = node_with(label, relation)
            answer = await reading.nodes(network, viewer, wanted=wanted, ids=IDS[label](world))
            must_be = {id: told.node(wanted, id) for id in told.nodes[label]}
            assert first_difference(must_be, answer) is None, f"{label}.{relation.name}"
        if noun.listed:
            listed = await reading.page(network, viewer, noun=label, wanted=list_of(label))
            must_be = told.connection(list_of(label), told.all_of(label), noun=label)
            assert first_difference(must_be, listed) is None, label


@pytest.mark.slow
@settings(GENERATED)
@given(seed=SEEDS)
async def test_no_field_person_passage_or_count_differs(network: Graph, counted: list[str], seed: int) -> None:
    world = random_world(seed)
    await empty(network)
    await store(network, world)

    for number, viewer in enumerate(random_viewers(world, seed=seed, how_many=VIEWERS)):
        for asked in range(QUESTIONS):
            question = random_question(world, seed=f"{seed} {number} {asked}", part=asked % len(PARTS))
            of = ENTRY_POINTS if asked == 0 else OF_PEOPLE
            assert await differences(network, world, viewer, question, of=of) == [], f"{viewer} asks {question}"
            counted.append(f"{seed} {number} {asked}")


# What may not be known to exist, and what does not.

Ask = Callable[[ExpertId], Awaitable[object]]
HIDDEN, NOBODY = ExpertId("hidden"), ExpertId("nobody")


@pytest.fixture
async def hidden_person(network: Graph) -> World:
    """A network where the person 'hidden' is for nobody, and leads, lives and speaks wherever others do."""
    world = random_world(7)
    person = replace(
        next(iter(world.people.values())), id=HIDDEN, name="Aa Aa", chosen=dict.fromkeys(FieldGroup, Audience.NOBODY)
    )
    world = replace(world, people={person.id: person, **world.people})
    await empty(network)
    await store(network, world)
    return world


async def read(graph: Graph, viewer: Viewer, wanted: Node, id: ExpertId) -> object:
    return await reading.nodes(graph, viewer, wanted=wanted, ids=[id])


def by_id(id: ExpertId) -> Connection:
    """Everybody's list, filtered by an id, which is not told apart from others' by its cursors or counts."""
    return replace(list_of("Expert"), filter={"slug": {"eq": id}})


def asks(graph: Graph, viewer: Viewer) -> dict[str, Ask]:
    """Every way to ask for a person by their id."""

    async def graphql(id: ExpertId) -> object:
        answer = await schema.execute(
            "query ($id: ID!, $node: ID!) { expert(id: $id) { name } node(id: $node) { id } }",
            variable_values={"id": id, "node": to_base64("Expert", id)},
            context_value=context(graph, viewer),
        )
        return answer.errors, answer.data

    return {
        "graphql": graphql,
        "experts.by_id": lambda id: experts.by_id(graph, viewer, ids=[id]),
        **{
            f"reading.nodes {relation.name}": partial(read, graph, viewer, node_with("Expert", relation))
            for relation in NOUNS["Expert"].relations
        },
        "reading.page": lambda id: reading.page(graph, viewer, noun="Expert", wanted=by_id(id)),
        "profiles.update": lambda id: profiles.update(
            graph, viewer, expert=id, expected_version=0, changes={"headline": "Mine"}
        ),
        "audiences.of_person": lambda id: audiences.of_person(graph, viewer, expert=id),
        "audiences.set_of_person": lambda id: audiences.set_of_person(
            graph, viewer, expert=id, chosen={FieldGroup.LISTING: Audience.EVERYONE}
        ),
        "consents.history_of": lambda id: consents.history_of(graph, viewer, expert=id),
        "consents.decide": lambda id: consents.decide(
            graph, viewer, expert=id, purpose=consents.Purpose.LISTED, given=True, how=consents.How.PAGE
        ),
        "export.about": lambda id: export.about(graph, viewer, expert=id),
        "erasure.erase": lambda id: erasure.erase(graph, viewer, expert=id),
    }


NAMES_OF_ASKS = tuple(asks(cast("Graph", None), PUBLIC))


@pytest.mark.parametrize("viewer", [PUBLIC, Viewer(Role.MEMBER), Viewer(Role.ORGANISER)], ids=lambda one: one.role)
@pytest.mark.parametrize("name", NAMES_OF_ASKS)
async def test_what_must_not_be_known_looks_like_what_is_not_there(
    network: Graph, hidden_person: World, viewer: Viewer, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []
    note_statements(monkeypatch, statements)

    async def outcome(id: ExpertId) -> tuple[object, list[str]]:
        statements.clear()
        try:
            answer = await asks(network, viewer)[name](id)
        except NotAllowed as refusal:
            answer = str(refusal)
        return answer, list(statements)

    of_hidden, of_nobody = await outcome(HIDDEN), await outcome(NOBODY)

    assert of_hidden == of_nobody


def key_in(cursor: str) -> list[object]:
    """What stands in a cursor, but for what tells one list's cursors from another's."""
    key: list[object]
    _, *key = json.loads(urlsafe_b64decode(cursor))
    return key


def own_id(id: str) -> str:
    """The id within its noun."""
    return b64decode(id).decode().partition(":")[2]


def told_in(answer: object) -> Iterator[object]:
    """Every value in an answer."""
    if isinstance(answer, dict | list):
        for one in answer.values() if isinstance(answer, dict) else answer:
            yield from told_in(one)
    else:
        yield answer


@pytest.mark.parametrize("label", NOUNS)
async def test_cursors_hold_nothing_hidden(network: Graph, hidden_person: World, label: str) -> None:
    viewer = Viewer(Role.MEMBER)
    ids = [*IDS[label](hidden_person), "nothing"]
    cursors = 0

    for relation in NOUNS[label].relations:
        if relation.is_one:
            continue
        columns = [(column.name, Value(column)) for column in relation.columns]
        edges = Edges([("cursor", Cursors()), ("node", node_with(relation.to)), *columns])
        wanted = Node(label, [("list", Related(relation, Connection(PageSpan(100), [("edges", edges)])))])
        found = await reading.nodes(network, viewer, wanted=wanted, ids=ids)
        for edge in (edge for node in found.values() for edge in node["list"]["edges"]):
            key = key_in(edge.pop("cursor"))
            # Two people who are related twice are told apart by the record, which has both ids.
            told = key[:-1] if relation.is_repeated else key
            known = {"", own_id(edge["node"]["id"]), *(text for text in told_in(edge) if isinstance(text, str))}
            assert {part for part in told if isinstance(part, str)} <= known | set(map(sort_key, known)), relation.name
            cursors += 1

    assert cursors > 0 or label in {"Passage", "Series"}
