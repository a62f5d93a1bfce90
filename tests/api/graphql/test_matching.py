"""Whom ``matchExperts`` looks among: each part of a MatchFilter, and whom it is refused to."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from api.asking import months_ago
from api.door import Visitor
from api.graphql.context import Context
from api.graphql.schema import schema
from api.network import OpenNetwork
from graph import accounts
from graph.audiences import set_of_person
from graph.errors import GraphError
from graph.graph import Graph
from graph.viewer import Audience, FieldGroup, Role, Viewer
from tests.api.conftest import Query
from tests.door import KEEPER, Browse, Serve, sign_in
from tests.graph.people.duplicated import AMA, SECOND, loaded, written

QUESTION = "Who protects places of worship, hotels and markets?"
MATCH = """
query ($question: String!, $filter: MatchFilter) {
  matchExperts(question: $question, filter: $filter, first: 100) {
    nobody
    edges {
      node {
        slug gender
        languages { edges { proficiency node { tag } } }
        workedIn { edges { node { code } } }
        affiliations { edges { until node { slug kind } } }
        talks { edges { node { slug } } }
      }
    }
  }
}
"""


async def found(sample: OpenNetwork, **only: object) -> dict[str, Any]:
    """The people of the sample network whom a filter lets through, by id, as an organiser finds them."""
    visitor = Visitor(Viewer(Role.ORGANISER), account=None, session=None, csrf="")
    asked = {"question": QUESTION, "filter": only}
    result = await schema.execute(MATCH, variable_values=asked, context_value=Context.of(sample, visitor))
    assert result.errors is None
    assert result.data is not None
    return {edge["node"]["slug"]: edge["node"] for edge in result.data["matchExperts"]["edges"]}


@pytest.mark.parametrize("level, enough", [("NATIVE", {"NATIVE"}), ("FLUENT", {"NATIVE", "FLUENT"})])
async def test_the_level_is_of_each_language(sample: OpenNetwork, level: str, enough: set[str]) -> None:
    everybody = await found(sample, languages=["French"])

    people = await found(sample, languages=["French"], languageLevel=level)

    assert 0 < len(people) < len(everybody)
    for person in people.values():
        spoken = {one["node"]["tag"]: one["proficiency"] for one in person["languages"]["edges"]}
        assert spoken["fr"] in enough


@pytest.mark.parametrize(
    "where, codes", [("Togo", {"TG"}), ("Northern Africa", {"TN", "DZ", "MA", "LY", "EG", "SD", "EH"})]
)
async def test_people_who_worked_in_a_country_or_region_are_found(
    sample: OpenNetwork, where: str, codes: set[str]
) -> None:
    people = await found(sample, workedIn=[where])

    assert people
    for person in people.values():
        assert codes & {one["node"]["code"] for one in person["workedIn"]["edges"]}


async def test_people_who_work_somewhere_now_are_found(sample: OpenNetwork) -> None:
    at = await found(sample, organisations=["doha-events-laboratory"])
    of_kind = await found(sample, organisationKinds=["faith-community"])

    assert "abdulrahman-al-subaihi" in at
    assert set(of_kind).isdisjoint(at)
    for people, key, value in ((at, "slug", "doha-events-laboratory"), (of_kind, "kind", "faith-community")):
        assert people
        for person in people.values():
            assert value in {job["node"][key] for job in person["affiliations"]["edges"] if job["until"] is None}


async def test_people_who_spoke_at_an_event_are_found_by_its_title(sample: OpenNetwork) -> None:
    people = await found(sample, spokeAt=["Legislation on the protection of vulnerable targets"])

    assert set(people) == {
        "hisham-el-gendawy",
        "marie-eve-tessier-blanchet",
        "sorin-budacu",
        "feruza-alimdjanova",
        "ingunn-saeterbo",
    }


async def test_who_is_away_on_one_of_the_days_is_left_out(sample: OpenNetwork) -> None:
    spoke = {"spokeAt": ["briefing-religious-sites"]}

    assert "aissatou-ndiaye-sarr" in await found(sample, **spoke, available="2027-03-10/2027-03-21")
    assert "aissatou-ndiaye-sarr" not in await found(sample, **spoke, available="2027-03-09/2027-03-21")
    assert "grace-nakimuli" not in await found(sample, **spoke, available="2027-03-10/2027-03-22")


async def test_people_who_did_something_lately_are_found(sample: OpenNetwork) -> None:
    spoke = {"spokeAt": ["briefing-legislation", "briefing-gender"]}

    assert "parvina-nazarzoda" in await found(sample, **spoke, activeSince="2022-12-01")
    assert await found(sample, **spoke, activeSince="2026-01-01") == {}


async def test_organisers_leave_out_who_was_invited_lately_and_ask_for_a_gender(sample: OpenNetwork) -> None:
    spoke = {"spokeAt": ["briefing-religious-sites"]}
    since = 12 * (datetime.now(UTC).year - 2022) + 12

    assert len(await found(sample, **spoke, notInvitedForMonths=12)) == 5
    assert await found(sample, **spoke, notInvitedForMonths=since) == {}
    women = await found(sample, **spoke, genders=["WOMAN"])
    assert {"aissatou-ndiaye-sarr", "grace-nakimuli"} <= set(women)
    assert {person["gender"] for person in women.values()} == {"WOMAN"}


@pytest.mark.parametrize(
    "months, today, day",
    [
        (1, date(2026, 3, 31), date(2026, 2, 28)),
        (12, date(2024, 2, 29), date(2023, 2, 28)),
        (2, date(2026, 1, 15), date(2025, 11, 15)),
        (1, date(2026, 1, 1), date(2025, 12, 1)),
        (120, date(2026, 11, 28), date(2016, 11, 28)),
    ],
)
def test_months_are_counted_back_by_the_calendar(months: int, today: date, day: date) -> None:
    assert months_ago(months, today=today) == day


@pytest.mark.parametrize(
    "only, code, message",
    [
        ({"organisations": ["doha-event-laboratory"]}, "BAD_USER_INPUT", "The network knows no organisation 'doha-e"),
        ({"organisationKinds": ["polices"]}, "BAD_USER_INPUT", "The network knows no organisation kind 'polices'; did"),
        ({"spokeAt": ["briefing-gendre"]}, "BAD_USER_INPUT", "The network knows no event 'briefing-gendre'; did you"),
        ({"workedIn": ["Tunesia"]}, "BAD_USER_INPUT", "The network knows no country 'Tunesia'; did you mean Tunisia"),
        ({"notInvitedForMonths": 12}, "NOT_ALLOWED", "You may not filter by when people were invited; organisers may."),
        ({"genders": ["WOMAN"]}, "NOT_ALLOWED", "You may not filter by gender; organisers may."),
        ({"notInvitedForMonths": 0}, "BAD_USER_INPUT", "'0' is no number of months to look back; give 1 to 120."),
        ({"notInvitedForMonths": 121}, "BAD_USER_INPUT", "'121' is no number of months to look back; give 1 to 120."),
        ({"available": "2027-03-09/2027-03-01"}, "BAD_USER_INPUT", "is no first and last day; write them as 2026-07-0"),
        ({"available": "soon"}, "BAD_USER_INPUT", "'soon' is no first and last day; write them as 2026-07-01/2026-07"),
        ({"activeSince": "yesterday"}, "BAD_USER_INPUT", "'yesterday' is no date; write one as 2026-03-01."),
        ({"languageLevel": "GOOD"}, "BAD_USER_INPUT", "Value 'GOOD' does not exist in 'LanguageLevel' enum."),
        ({"languageLevel": "FLUENT"}, "BAD_USER_INPUT", "not which language; choose the language too."),
        ({"genders": ["WOMEN"]}, "BAD_USER_INPUT", "Value 'WOMEN' does not exist in 'Gender' enum."),
    ],
)
async def test_what_cannot_be_filtered_by_is_refused_with_a_code_and_a_sentence(
    query: Query, only: dict[str, object], code: str, message: str
) -> None:
    answer = await query(MATCH, question=QUESTION, filter=only)

    (error,) = answer["errors"]
    assert answer.get("data") is None
    assert error["extensions"]["code"] == code
    assert message in error["message"]


@pytest.mark.parametrize("only", [{"notInvitedForMonths": 12}, {"genders": ["WOMAN"]}])
async def test_a_member_is_refused_what_is_for_organisers(
    serve: Serve, browse: Browse, graph: Graph, only: dict[str, object]
) -> None:
    browser = await browse(serve())
    await sign_in(browser, await accounts.create(graph, KEEPER, email="ama@example.org", role=Role.MEMBER))

    told = await browser.post(
        "/graphql",
        json={"query": MATCH, "variables": {"question": QUESTION, "filter": only}},
        headers={"X-Knowwho": "1"},
    )

    assert told.json()["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


async def test_where_only_hidden_people_work_is_unknown(own_network: OpenNetwork, graph: Graph, tmp_path: Path) -> None:
    await loaded(graph, written(tmp_path / "network"))
    member = Visitor(Viewer(Role.MEMBER), account=None, session=None, csrf="")

    async def said() -> list[str]:
        refusals = []
        for only in ({"organisations": ["School of Prevention"]}, {"organisationKinds": ["academia"]}):
            asked = {"question": "?", "filter": only}
            result = await schema.execute(MATCH, variable_values=asked, context_value=Context.of(own_network, member))
            refusals += [error.message for error in result.errors or []]
        return refusals

    shown = await said()
    for person in (AMA, SECOND):
        await set_of_person(
            graph, Viewer(Role.MEMBER, person=person), expert=person, chosen={FieldGroup.LISTING: Audience.NOBODY}
        )
    hidden = await said()

    assert shown == ["The question has no words; ask for a kind of expert in a few words."] * 2
    assert hidden == [
        "The network knows no organisation 'School of Prevention'; look at its spelling, or write its code or id.",
        "The network knows no organisation kind 'academia'; look at its spelling, or write its code or id.",
    ]


LIKE = """
query ($like: MatchLike!, $filter: MatchFilter) {
  matchExpertsLike(like: $like, filter: $filter, first: 5) { nobody edges { node { slug } } }
}
"""


async def like(sample: OpenNetwork, viewer: Viewer, **of: object) -> Any:
    visitor = Visitor(viewer, account=None, session=None, csrf="")
    return await schema.execute(LIKE, variable_values={"like": of}, context_value=Context.of(sample, visitor))


@pytest.mark.parametrize(
    "of",
    [{"expert": "sietske-de-haan-wierda"}, {"event": "briefing-2022-06"}, {"document": "Guards of museums. " * 999}],
)
async def test_people_like_a_person_for_an_event_or_a_text_are_found(sample: OpenNetwork, of: dict[str, str]) -> None:
    (event,) = await sample.graph.read("MATCH (v:Event)<-[:SPOKE_AT]-() RETURN v.id AS id ORDER BY id LIMIT 1")
    asked = {"event": event["id"]} if "event" in of else of

    answer = await like(sample, Viewer(Role.ORGANISER), **asked)

    assert answer.errors is None
    people = [edge["node"]["slug"] for edge in answer.data["matchExpertsLike"]["edges"]]
    assert len(people) == 5
    assert asked.get("expert") not in people


@pytest.mark.parametrize("of", [{"expert": "nobody"}, {"event": "never"}, {"document": " "}])
async def test_what_there_is_not_is_like_nobody(sample: OpenNetwork, of: dict[str, str]) -> None:
    answer = await like(sample, Viewer(Role.ORGANISER), **of)

    (error,) = answer.errors
    assert isinstance(error.original_error, GraphError)


@pytest.mark.parametrize("of", [{}, {"expert": "a", "event": "b"}])
async def test_one_thing_is_asked_for_at_a_time(sample: OpenNetwork, of: dict[str, str]) -> None:
    answer = await like(sample, Viewer(Role.ORGANISER), **of)

    assert answer.errors
    assert answer.data is None
