"""Consent: who decides, on which words, what is kept, and that it is in force at once."""

from collections.abc import Mapping

import pytest

from graph import changes, consents
from graph.consents import How, Purpose, UnfitConsentText
from graph.errors import NoSuchExpert
from graph.graph import Graph, Transaction
from graph.passages import restamp
from graph.permissions import NotAllowed
from graph.values import UN_LANGUAGES, ExpertId
from graph.viewer import PUBLIC, Role, Viewer

AMA = ExpertId("ama")
AS_AMA = Viewer(Role.MEMBER, person=AMA, actor="account:a1")
AS_SALMA = Viewer(Role.ORGANISER, person=ExpertId("salma"), actor="account:a2")
ADMINISTRATOR = Viewer.at_the_command_line()

PERSON = """
CREATE (e:Expert {id: 'ama', name: 'ama', email: 'ama@example.org'})-[:EVIDENCED_BY]->
       (:Passage {id: 'p1', text: 'Stewards at the gates.', kind: 'biography', position: 0})
"""
STANDING = """
MATCH (e:Expert {id: 'ama'})-[:EVIDENCED_BY]->(p:Passage {id: 'p1'})
RETURN e.withdrawn AS withdrawn, e.audience_listing AS listing, e.audience_contact AS contact,
       e.audience_attendance AS attendance, p.found_by AS found_by, p.embedding AS embedding, p.text AS text,
       p.sentences AS sentences, p.sentence_vectors AS sentence_vectors
"""
EMBED = """
MATCH (p:Passage {id: 'p1'})
SET p.embedding = [0.6, 0.8], p.encoder = 'x', p.sentences = [0, 8, 9, 22], p.sentence_vectors = $sentence_vectors
"""


@pytest.fixture
async def ama(graph: Graph) -> ExpertId:
    await graph.write(PERSON)

    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=[AMA])

    await graph.transact(work)
    await graph.write(EMBED, sentence_vectors=b"four")
    return AMA


async def standing(graph: Graph) -> Mapping[str, object]:
    return (await graph.read(STANDING))[0]


async def test_the_texts_that_ship_are_there_for_each_purpose_in_six_languages(graph: Graph) -> None:
    found = await consents.texts(graph, PUBLIC)

    assert list(found) == list(Purpose)
    assert {tuple(text.texts.by_language) for text in found.values()} == {UN_LANGUAGES}
    assert {text.version for text in found.values()} == {1}


@pytest.mark.parametrize(
    "purpose,field,within",
    [
        (Purpose.LISTED, "listing", 3),
        (Purpose.MATCHED, "found_by", None),
        (Purpose.CONTACTED, "contact", 3),
        (Purpose.RECORDED, "attendance", 3),
    ],
)
async def test_withdrawing_is_in_force_at_once_and_giving_again_too(
    graph: Graph, ama: ExpertId, purpose: Purpose, field: str, within: int | None
) -> None:
    before = (await standing(graph))[field]

    await consents.decide(graph, AS_AMA, expert=ama, purpose=purpose, given=False, how=How.PAGE)
    withdrawn = await standing(graph)
    await consents.decide(graph, AS_AMA, expert=ama, purpose=purpose, given=True, how=How.PAGE)
    again = await standing(graph)

    assert (before, withdrawn[field], again[field]) == (1, within, 1)
    assert (withdrawn["withdrawn"], again["withdrawn"]) == ([purpose], [])


@pytest.mark.parametrize("purpose", [Purpose.LISTED, Purpose.MATCHED])
async def test_who_is_not_to_be_found_has_no_vector(graph: Graph, ama: ExpertId, purpose: Purpose) -> None:
    assert (await standing(graph))["sentence_vectors"] == b"four"

    await consents.decide(graph, AS_AMA, expert=ama, purpose=purpose, given=False, how=How.PAGE)

    left = await standing(graph)
    assert (left["embedding"], left["sentences"], left["sentence_vectors"]) == (None, None, None)
    assert left["text"] == "Stewards at the gates."


async def test_every_decision_is_kept_with_its_text_and_who_took_it_down(graph: Graph, ama: ExpertId) -> None:
    await consents.decide(graph, AS_AMA, expert=ama, purpose=Purpose.LISTED, given=True, how=How.INVITATION)
    await consents.set_text(
        graph, ADMINISTRATOR, purpose=Purpose.LISTED, by_language={"en": "Be listed.", "fr": "Oui."}
    )
    await consents.decide(graph, AS_AMA, expert=ama, purpose=Purpose.LISTED, given=True, how=How.PAGE)
    await consents.decide(graph, ADMINISTRATOR, expert=ama, purpose=Purpose.LISTED, given=False, how=How.PAPER)

    history, texts = await consents.history_of(graph, AS_AMA, expert=ama)

    assert [(one.given, one.version, one.how, one.by) for one in history] == [
        (False, 2, How.PAPER, "command line"),
        (True, 2, How.PAGE, "account:a1"),
        (True, 1, How.INVITATION, "account:a1"),
    ]
    assert texts[Purpose.LISTED, 2].texts.by_language == {"en": "Be listed.", "fr": "Oui."}
    assert texts[Purpose.LISTED, 1].texts == consents.first_texts()[Purpose.LISTED].texts


async def test_the_same_decision_again_changes_nothing(graph: Graph, ama: ExpertId) -> None:
    first = await consents.decide(graph, AS_AMA, expert=ama, purpose=Purpose.MATCHED, given=True, how=How.PAGE)

    again = await consents.decide(graph, AS_AMA, expert=ama, purpose=Purpose.MATCHED, given=True, how=How.PAGE)

    assert again == first
    assert len((await consents.history_of(graph, AS_AMA, expert=ama))[0]) == 1
    assert len((await changes.page(graph, ADMINISTRATOR, first=10)).entries) == 1


async def test_a_decision_is_in_the_change_log(graph: Graph, ama: ExpertId) -> None:
    await consents.decide(graph, AS_AMA, expert=ama, purpose=Purpose.MATCHED, given=False, how=How.API)

    ((_, change),) = (await changes.page(graph, ADMINISTRATOR, first=10)).entries

    assert (change.verb, change.actor, change.subject) == ("consent withdrawn", "account:a1", "expert:ama")
    assert change.after == {"matched": "withdrawn", "version": 1, "how": "api"}


@pytest.mark.parametrize(
    "viewer,how", [(PUBLIC, How.PAGE), (AS_SALMA, How.PAPER), (ADMINISTRATOR, How.PAGE), (ADMINISTRATOR, How.API)]
)
async def test_nobody_else_decides(graph: Graph, ama: ExpertId, viewer: Viewer, how: How) -> None:
    before = await standing(graph)

    with pytest.raises(NotAllowed):
        await consents.decide(graph, viewer, expert=ama, purpose=Purpose.LISTED, given=False, how=how)

    assert await standing(graph) == before


async def test_nobody_else_reads_what_a_person_agreed_to(graph: Graph, ama: ExpertId) -> None:
    with pytest.raises(NotAllowed):
        await consents.history_of(graph, AS_SALMA, expert=ama)


async def test_nobody_is_nobody(graph: Graph) -> None:
    with pytest.raises(NoSuchExpert):
        await consents.decide(graph, ADMINISTRATOR, expert=AMA, purpose=Purpose.LISTED, given=False, how=How.PAPER)


async def test_a_new_text_gets_the_next_version_and_is_in_the_change_log(graph: Graph) -> None:
    await consents.set_text(graph, ADMINISTRATOR, purpose=Purpose.LISTED, by_language={"en": " Two. "})
    await consents.set_text(graph, ADMINISTRATOR, purpose=Purpose.LISTED, by_language={"en": "Three."})

    found = await consents.texts(graph, PUBLIC)
    logged = (await changes.page(graph, ADMINISTRATOR, first=10)).entries

    assert (found[Purpose.LISTED].version, found[Purpose.LISTED].texts.by_language) == (3, {"en": "Three."})
    assert found[Purpose.MATCHED].version == 1
    assert [change.after for _, change in logged] == [{"version": 3}, {"version": 2}]


async def test_only_administrators_set_a_text(graph: Graph) -> None:
    with pytest.raises(NotAllowed):
        await consents.set_text(graph, AS_SALMA, purpose=Purpose.LISTED, by_language={"en": "Two."})

    assert (await consents.texts(graph, PUBLIC))[Purpose.LISTED].version == 1


@pytest.mark.parametrize(
    "by_language,said",
    [
        ({}, "not there in English"),
        ({"fr": "Oui."}, "not there in English"),
        ({"en": "Yes.", "de": "Ja."}, "'de' is none of the languages"),
        ({"en": "Yes.", "fr": "  "}, "empty in 'fr'"),
        ({"en": "x" * 5001}, "longer than 5,000 characters"),
    ],
)
async def test_a_text_that_cannot_be_used_is_said(graph: Graph, by_language: Mapping[str, str], said: str) -> None:
    with pytest.raises(UnfitConsentText, match=said):
        await consents.set_text(graph, ADMINISTRATOR, purpose=Purpose.LISTED, by_language=by_language)


async def test_who_decided_nothing_yet_is_counted_of_those_who_are_seen(graph: Graph, ama: ExpertId) -> None:
    await graph.write("CREATE (:Expert {id: 'kofi', name: 'Kofi', audience_listing: 1})")
    await graph.write("CREATE (:Expert {id: 'dana', name: 'Dana', audience_listing: 3})")
    before = await consents.undecided(graph, ADMINISTRATOR)

    await consents.decide(graph, AS_AMA, expert=AMA, purpose=Purpose.MATCHED, given=False, how=How.PAGE)

    assert before == dict.fromkeys(Purpose, 2)
    assert await consents.undecided(graph, ADMINISTRATOR) == {**before, Purpose.MATCHED: 1}
    with pytest.raises(NotAllowed):
        await consents.undecided(graph, AS_SALMA)
