"""Filters, each compared with what Python picks out of the whole list; what is not seen is as if it were not there."""

import unicodedata
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from graph.graph import Graph
from graph.reading.cypher import MOST_PREDICATES
from tests.api.conftest import Query
from tests.door import Browse, Serve

Thing = dict[str, Any]
Test = Callable[[Thing], bool]

EXPERTS = """
slug name headline email joined website
country { code }
languages(first: 100) { edges { proficiency node { tag } } }
expertise(first: 100) { edges { level since node { slug } } }
affiliations(first: 100) { edges { role since until node { slug kind } } }
talks(first: 100) { edges { role title node { slug } } }
"""
EVENTS = "slug title kind format startsAt series { slug } languages(first: 100) { edges { node { tag } } }"
COUNTRIES = "code name en: name(language: EN) fr: name(language: FR) ar: name(language: AR)"
TOLD = {"experts": EXPERTS, "events": EVENTS, "countries": COUNTRIES}
NORTHERN_AFRICA = {"DZ", "EG", "EH", "LY", "MA", "SD", "TN"}

everything: dict[str, list[Thing]] = {}
"""What the sample has of each noun; nobody writes to it."""


async def all_of(query: Query, noun: str) -> list[Thing]:
    if noun not in everything:
        document = f"query ($after: String) {{ {noun}(first: 10, after: $after) {{ edges {{ node {{ {TOLD[noun]} }} }} "
        document += "pageInfo { hasNextPage endCursor } } }"
        if noun == "countries":
            document = document.replace("first: 10", "first: 100")
        things: list[Thing] = []
        after, more = None, True
        while more:
            answer = await query(document, after=after)
            assert "errors" not in answer, answer
            found = answer["data"][noun]
            things += [edge["node"] for edge in found["edges"]]
            after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
        everything[noun] = things
    return everything[noun]


def edges(thing: Thing, name: str) -> list[Thing]:
    found: list[Thing] = thing[name]["edges"]
    return found


def speaks(tag: str, *levels: str) -> Test:
    return lambda one: any(
        edge["node"]["tag"] == tag and edge["proficiency"] in (levels or edge["proficiency"])
        for edge in edges(one, "languages")
    )


def knows(topic: str, level: str, *, before: int = 9999) -> Test:
    return lambda one: any(
        (edge["node"]["slug"], edge["level"]) == (topic, level) and (edge["since"] or 9999) < before
        for edge in edges(one, "expertise")
    )


def plain(text: str) -> str:
    """Without capitals and accents."""
    apart = unicodedata.normalize("NFKD", text).lower().translate(str.maketrans("łđø", "ldo"))
    return "".join(one for one in apart if not unicodedata.combining(one))


def lives_in(*codes: str) -> Test:
    return lambda one: one["country"] is not None and one["country"]["code"] in codes


FILTERS: list[tuple[str, str, Test]] = [
    # text
    ("experts", '{slug: {eq: "salma-benrabah"}}', lambda e: e["slug"] == "salma-benrabah"),
    (
        "experts",
        '{slug: {in: ["salma-benrabah", "yvonne-szeto", "x"]}}',
        lambda e: e["slug"] in ("salma-benrabah", "yvonne-szeto"),
    ),
    ("experts", "{slug: {in: []}}", lambda e: False),
    ("experts", '{name: {contains: "AL"}}', lambda e: "al" in plain(e["name"])),
    ("experts", '{name: {startsWith: "a"}}', lambda e: plain(e["name"]).startswith("a")),
    ("experts", '{name: {contains: "É"}}', lambda e: "e" in plain(e["name"])),
    ("experts", '{name: {contains: ""}}', lambda e: True),
    ("experts", '{name: {contains: ".*"}}', lambda e: ".*" in e["name"]),
    ("experts", '{name: {contains: "a", startsWith: "A"}}', lambda e: plain(e["name"]).startswith("a")),
    ("experts", "{website: {isSet: true}}", lambda e: e["website"] is not None),
    ("experts", "{website: {isSet: false}}", lambda e: e["website"] is None),
    # what the public does not see is not there
    ("experts", "{email: {isSet: true}}", lambda e: False),
    ("experts", "{email: {isSet: false}}", lambda e: True),
    ("experts", '{email: {eq: "a.subaihi@example.org"}}', lambda e: False),
    ("experts", '{not: {email: {eq: "a.subaihi@example.org"}}}', lambda e: True),
    # days and moments
    *(
        ("experts", f'{{joined: {{{word}: "2022-03-01"}}}}', test)
        for word, test in {
            "eq": lambda e: e["joined"] == "2022-03-01",
            "gt": lambda e: (e["joined"] or "") > "2022-03-01",
            "gte": lambda e: (e["joined"] or "") >= "2022-03-01",
            "lt": lambda e: e["joined"] is not None and e["joined"] < "2022-03-01",
            "lte": lambda e: e["joined"] is not None and e["joined"] <= "2022-03-01",
        }.items()
    ),
    ("experts", '{joined: {gte: "2022-03-01", lt: "2022-04-01"}}', lambda e: (e["joined"] or "").startswith("2022-03")),
    (
        "events",
        '{startsAt: {gt: "2022-06-02T12:00:00Z"}}',
        lambda e: (e["startsAt"] or "") > "2022-06-02T12:00:00+00:00",
    ),
    ("events", '{startsAt: {eq: "2022-06-02T14:00:00+02:00"}}', lambda e: e["startsAt"] == "2022-06-02T12:00:00+00:00"),
    (
        "events",
        '{startsAt: {lte: "2022-06-02T14:00:00+02:00"}}',
        lambda e: e["startsAt"] <= "2022-06-02T12:00:00+00:00",
    ),
    # columns of relations
    ("experts", '{expertise: {some: {node: {slug: {eq: "hotels"}}, level: {eq: LEAD}}}}', knows("hotels", "LEAD")),
    (
        "experts",
        '{expertise: {some: {node: {slug: {eq: "hotels"}}, since: {lt: 2012}, level: {eq: LEAD}}}}',
        knows("hotels", "LEAD", before=2012),
    ),
    (
        "experts",
        '{languages: {some: {node: {tag: {eq: "fr"}}, proficiency: {in: [NATIVE, FLUENT]}}}}',
        speaks("fr", "NATIVE", "FLUENT"),
    ),
    ("experts", '{languages: {none: {node: {tag: {eq: "en"}}}}}', lambda e: not speaks("en")(e)),
    (
        "experts",
        '{languages: {some: {node: {tag: {eq: "fr"}}}, none: {node: {tag: {eq: "en"}}}}}',
        lambda e: speaks("fr")(e) and not speaks("en")(e),
    ),
    (
        "experts",
        '{languages: {some: {or: [{node: {tag: {eq: "ru"}}}, {proficiency: {eq: BASIC}}]}}}',
        lambda e: any(x["node"]["tag"] == "ru" or x["proficiency"] == "BASIC" for x in edges(e, "languages")),
    ),
    (
        "experts",
        "{languages: {some: {not: {proficiency: {in: [NATIVE, FLUENT, WORKING]}}}}}",
        lambda e: any(x["proficiency"] == "BASIC" for x in edges(e, "languages")),
    ),
    (
        "experts",
        "{affiliations: {some: {until: {isSet: true}}}}",
        lambda e: any(x["until"] for x in edges(e, "affiliations")),
    ),
    (
        "experts",
        '{affiliations: {some: {role: {contains: "head"}, node: {kind: {eq: "academia"}}}}}',
        lambda e: any(
            "head" in plain(x["role"] or "") and x["node"]["kind"] == "academia" for x in edges(e, "affiliations")
        ),
    ),
    ("experts", "{talks: {some: {}}}", lambda e: bool(edges(e, "talks"))),
    ("experts", "{talks: {none: {}}}", lambda e: not edges(e, "talks")),
    (
        "experts",
        '{talks: {some: {node: {series: {slug: {eq: "expert-briefing-series"}}}}}}',
        lambda e: any(x["node"]["slug"].startswith("briefing-") for x in edges(e, "talks")),
    ),
    (
        "events",
        '{languages: {some: {tag: {eq: "ar"}}}}',
        lambda e: any(x["node"]["tag"] == "ar" for x in edges(e, "languages")),
    ),
    # to one
    ("experts", '{country: {code: {eq: "TN"}}}', lives_in("TN")),
    ("experts", '{not: {country: {code: {eq: "TN"}}}}', lambda e: not lives_in("TN")(e)),
    ("experts", "{country: {}}", lambda e: e["country"] is not None),
    ("events", "{not: {series: {}}}", lambda e: e["series"] is None),
    (
        "countries",
        "{experts: {some: {}}}",
        lambda c: c["code"] in {e["country"]["code"] for e in everything["experts"] if e["country"]},
    ),
    # and, or, not
    (
        "experts",
        '{and: [{name: {startsWith: "a"}}, {country: {code: {eq: "TG"}}}]}',
        lambda e: plain(e["name"]).startswith("a") and lives_in("TG")(e),
    ),
    ("experts", '{or: [{country: {code: {eq: "TG"}}}, {country: {code: {eq: "TN"}}}]}', lives_in("TG", "TN")),
    (
        "experts",
        '{country: {code: {in: ["TG", "TN"]}}, not: {or: [{country: {code: {eq: "TG"}}}, {name: {contains: "z"}}]}}',
        lambda e: lives_in("TN")(e) and "z" not in plain(e["name"]),
    ),
    ("experts", '{not: {not: {country: {code: {eq: "TN"}}}}}', lives_in("TN")),
    ("experts", "{and: []}", lambda e: True),
    ("experts", "{or: []}", lambda e: False),
    ("experts", "{}", lambda e: True),
    # names
    *(
        ("experts", f'{{country: {{named: ["{name}"]}}}}', lives_in("TN"))
        for name in ("TN", "tn", "Tunisia", "TUNISIE", "Túnez", "تونس", "Тунис", "突尼斯")
    ),
    *(
        ("experts", f'{{country: {{named: ["{name}"]}}}}', lives_in(*NORTHERN_AFRICA))
        for name in ("015", "Northern Africa", "afrique septentrionale", "África septentrional", "Северная Африка")
    ),
    ("experts", '{country: {named: ["Northern Africa", "Togo"]}}', lives_in(*NORTHERN_AFRICA, "TG")),
    ("experts", "{country: {named: []}}", lambda e: False),
    *(
        ("experts", f'{{languages: {{some: {{node: {{named: ["{name}"]}}}}}}}}', speaks("ar"))
        for name in ("ar", "Arabic", "arabe", "العربية", "арабский", "阿拉伯语")
    ),
    ("countries", '{name: {eq: "Тунис"}}', lambda c: c["code"] == "TN"),
    ("countries", '{name: {startsWith: "ALLEM"}}', lambda c: c["code"] == "DE"),
    ("countries", '{named: ["Northern Africa"]}', lambda c: c["code"] in NORTHERN_AFRICA),
]


@pytest.mark.parametrize("noun,filter,test", FILTERS, ids=[f"{noun} {text}" for noun, text, _ in FILTERS])
async def test_a_filter_lets_through_whom_python_would(query: Query, noun: str, filter: str, test: Test) -> None:
    await all_of(query, "experts")
    own = "code" if noun == "countries" else "slug"
    document = f"query ($after: String) {{ {noun}(first: 100, after: $after, filter: FILTER) {{ totalCount "
    document += f"edges {{ node {{ {own} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    expected = [one[own] for one in await all_of(query, noun) if test(one)]

    found: list[str] = []
    after, more, total = None, True, None
    while more:
        answer = await query(document.replace("FILTER", filter), after=after)
        assert "errors" not in answer, answer
        page = answer["data"][noun]
        found += [edge["node"][own] for edge in page["edges"]]
        after, more, total = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"], page["totalCount"]

    assert found == expected
    assert total == len(expected)


async def test_the_filters_tried_part_the_lists(query: Query) -> None:
    people = await all_of(query, "experts")

    assert len(people) == 150
    parting = [text for noun, text, test in FILTERS if noun == "experts" and 0 < sum(map(test, people)) < len(people)]
    assert len(parting) > 40, "most filters tried should let some through and not others"


async def test_a_filter_is_in_variables_too(query: Query) -> None:
    document = "query ($f: ExpertFilter) { experts(filter: $f) { totalCount } }"
    wanted = {"languages": {"some": {"node": {"tag": {"eq": "ru"}}, "proficiency": {"in": ["NATIVE"]}}}}

    found = (await query(document, f=wanted))["data"]["experts"]["totalCount"]

    assert found == sum(map(speaks("ru", "NATIVE"), await all_of(query, "experts"))) > 0


async def test_a_topic_stands_for_narrower_ones(query: Query) -> None:
    document = """
    query ($name: String!) {
      filtered: experts(first: 100, filter: {expertise: {some: {node: {named: [$name]}}}}) {
        totalCount edges { node { slug } }
      }
      topic(id: "religious-sites") { experts(first: 100, order: [{name: ASC}]) { edges { node { slug } } } }
    }
    """

    answers = [await query(document, name=name) for name in ("religious-sites", "Sites religieux", "宗教场所")]

    for answer in answers:
        told = answer["data"]
        assert [edge["node"] for edge in told["filtered"]["edges"]] == [
            edge["node"] for edge in told["topic"]["experts"]["edges"]
        ]
        assert told["filtered"]["totalCount"] > 5


async def test_a_relations_list_is_filtered_by_its_columns_and_by_what_is_at_its_end(query: Query) -> None:
    document = """{
      expert(id: "abdulrahman-al-subaihi") {
        all: expertise { edges { level since node { slug } } }
        some: expertise(filter: {level: {in: [LEAD, PRACTITIONER]}, since: {gt: 2005}}) {
          totalCount edges { node { slug } }
        }
        one: expertise(filter: {node: {named: ["Crowd management"]}}) { totalCount edges { level node { slug } } }
        none: expertise(filter: {not: {level: {in: [LEAD, PRACTITIONER, FAMILIAR]}}}) { totalCount edges { level } }
      }
    }"""

    told = (await query(document))["data"]["expert"]

    expected = [
        edge["node"]["slug"]
        for edge in told["all"]["edges"]
        if edge["level"] in {"LEAD", "PRACTITIONER"} and edge["since"] > 2005
    ]
    assert [edge["node"]["slug"] for edge in told["some"]["edges"]] == expected
    assert told["some"]["totalCount"] == len(expected) == 2
    assert told["one"] == {"totalCount": 1, "edges": [{"level": "PRACTITIONER", "node": {"slug": "crowd-management"}}]}
    assert told["none"] == {"totalCount": 0, "edges": []}


@pytest.mark.parametrize(
    "filter,said",
    [
        ('{country: {named: ["Tunesia"]}}', "The network knows no country 'Tunesia'; did you mean Tunisia"),
        ('{languages: {some: {node: {named: ["klingonish"]}}}}', "The network knows no language 'klingonish'; "),
        ('{expertise: {none: {node: {named: ["stadions"]}}}}', "The network knows no topic 'stadions'; did you mean"),
        (
            '{or: [{not: {country: {named: ["Tunesia"]}}}]}',
            "The network knows no country 'Tunesia'; did you mean Tunisia",
        ),
        (
            '{talks: {some: {node: {country: {regions: {some: {named: ["Magreb"]}}}}}}}',
            "The network knows no region 'Magreb'; ",
        ),
    ],
)
async def test_an_unknown_name_is_refused_with_what_was_meant_however_deep(
    query: Query, filter: str, said: str
) -> None:
    answer = await query("{ experts(filter: FILTER) { totalCount } }".replace("FILTER", filter))

    (error,) = answer["errors"]
    assert error["message"].startswith(said)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_more_conditions_than_a_statement_may_have_are_refused(query: Query) -> None:
    # Each field of a filter is a condition: here "and", eight of each of 24 filters in it, and those beside it.
    columns = ("slug", "name", "headline", "email", "phone", "website", "orcid", "joined")
    document = "query ($f: ExpertFilter) { experts(filter: $f) { totalCount } }"
    full: dict[str, Any] = {name: {} for name in columns}
    rest: dict[str, Any] = {name: {} for name in columns[: MOST_PREDICATES - 1 - 24 * 8]}

    most = await query(document, f={"and": [full] * 24, **rest})
    over = await query(document, f={"and": [full] * 24, **full})

    assert most["data"]["experts"]["totalCount"] == 150
    (error,) = over["errors"]
    assert error["message"] == "The filters have more than 200 conditions; ask for less at once."


@pytest.mark.parametrize("relations,is_answered", [(5, True), (6, False), (60, False)])
async def test_a_filter_goes_through_few_relations_one_within_another(
    query: Query, *, relations: int, is_answered: bool
) -> None:
    wanted: dict[str, Any] = {}
    for number in range(relations):
        wanted = {"country": wanted} if (relations - number) % 2 else {"experts": {"some": wanted}}

    answer = await query("query ($f: ExpertFilter) { experts(filter: $f) { totalCount } }", f=wanted)

    if is_answered:
        assert answer["data"]["experts"]["totalCount"] == 150
    else:
        (error,) = answer["errors"]
        assert error["message"] == "The filter goes through more than 5 relations, one within another; ask for fewer."
        assert error["extensions"]["code"] == "BAD_USER_INPUT"


HIDDEN = """
CREATE (e:Expert {id: 'ama', name: 'Ama', sort_key: 'ama', email: 'ama@example.org', audience_listing: 0,
                  audience_profile: 1, audience_contact: 2, audience_country: 1, audience_languages: 1,
                  joined: date('2022-02-10')})
CREATE (e)-[:BASED_IN]->(:Country {id: 'TN', name_en: 'Tunisia'})
CREATE (e)-[:SPEAKS {level: 'native'}]->(:Language {id: 'ar', name_en: 'Arabic'})
CREATE (e)-[:EXPERT_IN {level: 'lead'}]->(:Topic {id: 'hotels', label_en: 'Hotels'})
"""


@pytest.mark.parametrize(
    "filter",
    [
        '{email: {eq: "ama@example.org"}}',
        '{joined: {gt: "2000-01-01"}}',
        '{joined: {lte: "2022-02-10"}}',
        '{country: {code: {eq: "TN"}}}',
        '{country: {named: ["Tunisia"]}}',
        '{languages: {some: {node: {tag: {eq: "ar"}}}}}',
        "{languages: {some: {proficiency: {eq: NATIVE}}}}",
        "{expertise: {some: {level: {eq: LEAD}}}}",
        "{country: {experts: {some: {}}}}",
        "{expertise: {some: {node: {experts: {some: {}}}}}}",
    ],
)
async def test_nothing_hidden_is_found_and_its_contrary_says_nothing(
    graph: Graph, serve: Serve, browse: Browse, filter: str
) -> None:
    await graph.write(HIDDEN)
    client = await browse(serve())

    async def count(filter: str) -> int:
        document = "{ experts(filter: FILTER) { totalCount } }".replace("FILTER", filter)
        found: int = (await _asked(client, document))["experts"]["totalCount"]
        return found

    assert await count(filter) == 0
    assert await count("{not: FILTER}".replace("FILTER", filter)) == 1


async def _asked(client: httpx.AsyncClient, document: str) -> dict[str, Any]:
    data: dict[str, Any] = (await client.post("/graphql", json={"query": document})).json()["data"]
    return data


async def test_a_text_of_any_length_is_compared(graph: Graph, serve: Serve, browse: Browse) -> None:
    written = "aeßé" * 2_500
    await graph.write(
        "CREATE (:Expert {id: 'one', headline: $written, sort_key: '1', audience_listing: 0, audience_profile: 0})",
        written=written,
    )
    client = await browse(serve())
    document = "query ($n: String) { experts(filter: {headline: {startsWith: $n}}) { totalCount } }"

    for text, found in ((written, 1), (f"x{written}", 0), ("\ufdfa" * 10_000, 0)):
        answer = await client.post("/graphql", json={"query": document, "variables": {"n": text}})
        assert answer.json()["data"]["experts"]["totalCount"] == found


@pytest.mark.parametrize(
    "name, part",
    [
        ("Straße", "STRASSE"),
        ("Strasse", "ße"),
        ("Ὀδυσσεύς", "ὀδυσσεύς"),
        ("Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ"),
        ("İzmir", "İZ"),
        ("Łódź", "łÓ"),
        ("Łódź", "lodz"),
        ("Aïssatou", "aissatou"),
        ("Aissatou", "Aïssatou"),
        ("Hadžiosmanović", "hadziosmanovic"),
        ("Đorđe Bjørn", "dorde bjorn"),
        ("Nguyễn", "nguyen"),
        ("Семён", "семен"),
        ("أحمد", "احمد"),
        ("أَحمَد", "أحمد"),
    ],
)
async def test_capitals_and_accents_do_not_matter_in_any_script(
    graph: Graph, serve: Serve, browse: Browse, name: str, part: str
) -> None:
    await graph.write("CREATE (:Expert {id: 'one', name: $name, sort_key: '1', audience_listing: 0})", name=name)
    client = await browse(serve())
    document = "query ($n: String) { experts(filter: {name: {contains: $n}}) { totalCount } }"

    same = await client.post("/graphql", json={"query": document, "variables": {"n": name}})
    other = await client.post("/graphql", json={"query": document, "variables": {"n": part}})

    assert same.json()["data"]["experts"]["totalCount"] == 1
    assert other.json()["data"]["experts"]["totalCount"] == 1
