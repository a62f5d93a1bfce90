"""What clients ask of the sample network, and what they get."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from api.graphql.paging import MOST_AT_ONCE
from tests.api.conftest import Query

MATCH = """
query ($question: String!, $filter: MatchFilter, $first: Int! = 5, $after: String) {
  matchExperts(question: $question, filter: $filter, first: $first, after: $after) {
    nobody questionLanguage
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges {
      cursor score
      node { slug name headline country { code name } languages { edges { proficiency node { tag name } } } }
      evidence { similarity passage { text kind language } }
      reasons {
        __typename
        ... on Expertise { level since topic { slug label } }
        ... on Talk { title event { title } }
        ... on SpokenLanguage { proficiency language { tag } }
      }
    }
  }
}
"""


async def matches(query: Query, question: str, **variables: object) -> dict[str, Any]:
    answer = await query(MATCH, question=question, **variables)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["matchExperts"]
    return found


async def test_a_question_finds_people_with_evidence_and_reasons(query: Query) -> None:
    found = await matches(query, "Who can look at the loudspeakers and the evacuation announcements of a stadium?")

    best = found["edges"][0]
    assert best["node"]["slug"] == "lisandro-bassi-echague"
    assert best["node"]["country"]["name"]
    assert best["node"]["languages"]["edges"]
    assert best["evidence"][0]["passage"]["text"]
    assert any(reason["__typename"] == "Expertise" for reason in best["reasons"])
    assert [edge["score"] for edge in found["edges"]] == sorted((e["score"] for e in found["edges"]), reverse=True)


@pytest.mark.parametrize(
    "language,question",
    [
        ("ar", "من درّب متطوعين لاستقبال المصلين في المساجد والكنائس؟"),
        ("zh", "谁培训过宗教场所的志愿者？"),
        ("fr", "Qui a formé des bénévoles à l'accueil dans les lieux de culte ?"),
        ("ru", "Кто обучал волонтёров в храмах и мечетях?"),
        ("es", "¿Quién ha formado a voluntarios en lugares de culto?"),
        ("en", "Who has trained volunteers at places of worship?"),
    ],
)
async def test_a_question_in_any_un_language_finds_people_of_the_field_whatever_their_language(
    query: Query, language: str, question: str
) -> None:
    found = await matches(query, question)

    assert found["questionLanguage"] == language
    fields = [{r["topic"]["slug"] for r in edge["reasons"] if "topic" in r} for edge in found["edges"]]
    of_the_field = [field & {"religious-sites", "worship-stewards", "interfaith-cooperation"} for field in fields]
    assert sum(map(bool, of_the_field)) >= 4
    written_in = {evidence["passage"]["language"] for edge in found["edges"] for evidence in edge["evidence"]}
    assert len(written_in) > 1


async def test_a_question_beyond_the_network_finds_nobody_and_says_so(query: Query) -> None:
    found = await matches(query, "How long should I boil potatoes for a salad?")

    nothing = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert found == {"nobody": "OUTSIDE", "questionLanguage": "en", "pageInfo": nothing, "edges": []}


async def test_filters_act_inside_and_take_names_codes_and_ids(query: Query) -> None:
    only = {"regions": ["afrique septentrionale"], "languages": ["French"], "topics": ["prevention"]}

    found = await matches(query, "Who works with mosques and young people?", filter=only, first=20)

    assert found["edges"]
    assert {edge["node"]["country"]["code"] for edge in found["edges"]} <= {"DZ", "EG", "LY", "MA", "SD", "TN", "EH"}
    for edge in found["edges"]:
        assert "fr" in {spoken["node"]["tag"] for spoken in edge["node"]["languages"]["edges"]}


async def test_everybody_whom_a_filter_lets_through_is_found(query: Query) -> None:
    in_tunisia = '{ experts(first: 100, filter: {country: {code: {eq: "TN"}}}) { edges { node { slug } } } }'
    everybody = {edge["node"]["slug"] for edge in (await query(in_tunisia))["data"]["experts"]["edges"]}

    found = await matches(query, "Who protects places of worship?", filter={"countries": ["TN"]}, first=100)

    assert {edge["node"]["slug"] for edge in found["edges"]} == everybody
    assert len(everybody) > 1


async def test_pages_of_an_answer_join_to_the_whole(query: Query) -> None:
    asked = "Who protects places of worship?"
    whole = await matches(query, asked, first=9)

    pages, after = [], None
    for _ in range(3):
        pages.append(await matches(query, asked, first=3, after=after))
        after = pages[-1]["pageInfo"]["endCursor"]

    assert [edge["node"]["slug"] for page in pages for edge in page["edges"]] == [
        edge["node"]["slug"] for edge in whole["edges"]
    ]
    assert [page["pageInfo"]["hasPreviousPage"] for page in pages] == [False, True, True]
    assert all(page["pageInfo"]["hasNextPage"] for page in pages)
    assert [page["pageInfo"]["endCursor"] for page in pages] == [page["edges"][-1]["cursor"] for page in pages]


@pytest.mark.parametrize("after", ["nonsense", "WyJBbWEiLCJhbWEiXQ==", ""])
async def test_an_answer_does_not_go_on_after_the_cursor_of_another_list(query: Query, after: str) -> None:
    answer = await query(MATCH, question="Who protects markets?", after=after)

    assert answer["errors"][0]["message"].startswith(f"'{after}' is not a cursor of this list")


async def test_a_filter_that_nobody_passes_says_so(query: Query) -> None:
    found = await matches(query, "Who protects places of worship?", filter={"countries": ["Antarctica"]})

    assert found["nobody"] == "FILTERED"


@pytest.mark.parametrize(
    "only,message",
    [
        ({"countries": ["Tunesia"]}, "The network knows no country 'Tunesia'; did you mean Tunisia"),
        ({"topics": ["stadions"]}, "The network knows no topic 'stadions'; did you mean"),
        ({"languages": ["klingonish"]}, "The network knows no language 'klingonish'; "),
    ],
)
async def test_an_unknown_filter_value_is_refused_with_what_was_meant(
    query: Query, only: dict[str, list[str]], message: str
) -> None:
    answer = await query(MATCH, question="Who protects markets?", filter=only)

    assert answer["errors"][0]["message"].startswith(message)


@pytest.mark.parametrize(
    "question,message",
    [
        ("", "The question has no words; ask for a kind of expert in a few words."),
        (" \n?!", "The question has no words; ask for a kind of expert in a few words."),
        ("x" * 10_001, "The question has 10,001 characters, more than 10,000; shorten it."),
    ],
)
async def test_what_is_no_question_is_refused(query: Query, question: str, message: str) -> None:
    answer = await query(MATCH, question=question)

    assert answer["errors"][0]["message"] == message


@pytest.mark.parametrize("first", [0, -1, MOST_AT_ONCE + 1])
async def test_first_has_limits(query: Query, first: int) -> None:
    answer = await query(MATCH, question="Who protects markets?", first=first)

    assert answer["errors"][0]["message"] == f"first is {first}; ask for 1 to {MOST_AT_ONCE} at once."


async def test_pages_of_experts_join_to_the_whole_without_gap_or_repeat(query: Query) -> None:
    document = """
    query ($after: String) {
      experts(first: 40, after: $after) { pageInfo { hasNextPage endCursor } edges { node { slug name } } }
    }
    """
    people: list[str] = []
    after = None
    while True:
        page = (await query(document, after=after))["data"]["experts"]
        people += [edge["node"]["slug"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert len(people) == len(set(people)) == 150


async def test_a_cursor_of_no_list_is_refused(query: Query) -> None:
    answer = await query('{ experts(after: "nonsense") { edges { cursor } } }')

    assert answer["errors"][0]["message"].startswith("'nonsense' is not a cursor of this list")


async def test_a_node_is_found_by_the_id_that_it_gave(query: Query) -> None:
    noted = await query(
        '{ topic(id: "markets") { id } country(id: "TN") { id } '
        "events(first: 1) { edges { node { id } } } "
        "experts(first: 1) { edges { node { id slug } } } }"
    )
    ids = [
        noted["data"]["topic"]["id"],
        noted["data"]["country"]["id"],
        noted["data"]["events"]["edges"][0]["node"]["id"],
        noted["data"]["experts"]["edges"][0]["node"]["id"],
    ]

    found = [
        (await query("query ($id: ID!) { node(id: $id) { __typename id } }", id=id_))["data"]["node"] for id_ in ids
    ]

    assert [node["id"] for node in found] == ids
    assert [node["__typename"] for node in found] == ["Topic", "Country", "Event", "Expert"]


async def test_what_does_not_exist_is_null_not_an_error(query: Query) -> None:
    answer = await query('{ expert(id: "nobody-at-all") { name } topic(id: "x") { label } country(id: "XX") { name } }')

    assert answer["data"] == {"expert": None, "topic": None, "country": None}


async def test_nested_fields_tell_one_story_from_both_ends(query: Query) -> None:
    answer = await query(
        """{
          event(id: "briefing-religious-sites") {
            title topics { edges { node { slug } } }
            speakers { edges { role title node { slug talks { edges { title node { slug } } } } } }
          }
        }"""
    )

    event = answer["data"]["event"]
    assert "religious-sites" in {topic["node"]["slug"] for topic in event["topics"]["edges"]}
    assert event["speakers"]["edges"]
    for speaker in event["speakers"]["edges"]:
        told = {(talk["node"]["slug"], talk["title"]) for talk in speaker["node"]["talks"]["edges"]}
        assert ("briefing-religious-sites", speaker["title"]) in told


async def test_names_come_in_the_language_asked_for(query: Query) -> None:
    answer = await query(
        '{ country(id: "TN") { fr: name(language: FR) ar: name(language: AR) '
        "regions { edges { node { code name(language: ES) } } } } "
        'topic(id: "religious-sites") { label(language: RU) broader { label } } }'
    )

    country = answer["data"]["country"]
    assert (country["fr"], country["ar"]) == ("Tunisie", "تونس")
    regions = [edge["node"] for edge in country["regions"]["edges"]]
    assert [region["code"] for region in regions] == ["015", "002", "001"]
    assert regions[0]["name"] == "África septentrional"
    assert answer["data"]["topic"]["broader"]["label"]


async def test_a_fault_of_ours_is_not_shown(query: Query, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret is 12345")

    monkeypatch.setattr("graph.reading.page", broken)

    answer = await query("{ experts { edges { cursor } } }")

    assert answer["errors"][0]["message"] == "Something went wrong here; it has been written down."
    assert "12345" not in str(answer)


async def test_healthz_and_readyz(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_the_example_in_the_readme_works(query: Query) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    example = readme.partition("```graphql\n")[2].partition("```")[0]

    answer = await query(example)

    assert "errors" not in answer
    assert len(answer["data"]["matchExperts"]["edges"]) == 3
