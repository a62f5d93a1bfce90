"""What the programme did, asked of the sample network: the figures of its year 2022, and the list behind each."""

from datetime import date

import pytest

from api.network import OpenNetwork
from graph import achievements
from graph.achievements import Achievements, Count, Counted, Listed
from graph.alphabet import collated
from graph.values import NotACursor, Period
from graph.viewer import PUBLIC, Viewer

YEAR = achievements.year(2022)
OPERATOR = Viewer.at_the_command_line()
NAMES = """
MATCH (n:Country|Expert|Organisation) WHERE n.id IN $ids
RETURN n.id AS id, coalesce(n.name, n['name_' + $language]) AS name
"""


async def listed(
    sample: OpenNetwork, of: Counted, *, kind: str | None = None, status: str | None = None, language: str = "en"
) -> list[str]:
    """The ids of the whole list, asked for in parts of seven."""
    ids: list[str] = []
    after = None
    while True:
        page = await achievements.page(
            sample.graph,
            OPERATOR,
            of=of,
            span=YEAR,
            first=7,
            after=after,
            kind=kind,
            status=status,
            language=language,
        )
        ids += [one.id for _, one in page.entries]
        if not page.has_next:
            return ids
        after = page.entries[-1][0]


async def test_the_year_2022_has_the_figures_that_the_programme_reported(sample: OpenNetwork) -> None:
    found = await achievements.of_span(sample.graph, OPERATOR, span=YEAR)

    assert found == Achievements(
        YEAR,
        members=150,
        new_members=150,
        speakers=30,
        partners=11,
        events=[Count("briefing", None, 6), Count("launch", None, 2)],
        resources=[Count("compendium", None, 1), Count("module", None, 5), Count("roadmap", None, 4)],
        activities=[
            Count("global", "done", 3),
            Count("national", "done", 10),
            Count("outreach", "done", 4),
            Count("regional", "done", 5),
        ],
        projects=1,
        countries=["ID", "TJ", "TG", "TN"],
    )


async def test_each_count_is_the_length_of_the_list_behind_it(sample: OpenNetwork) -> None:
    found = await achievements.of_span(sample.graph, OPERATOR, span=YEAR)

    for of in (Counted.MEMBERS, Counted.NEW_MEMBERS, Counted.SPEAKERS, Counted.PARTNERS, Counted.PROJECTS):
        ids = await listed(sample, of)
        assert len(ids) == len(set(ids)) == getattr(found, of)
    assert await listed(sample, Counted.COUNTRIES) == found.countries
    for of in (Counted.EVENTS, Counted.RESOURCES, Counted.ACTIVITIES):
        assert len(await listed(sample, of)) == sum(one.count for one in getattr(found, of))
        for one in getattr(found, of):
            assert len(await listed(sample, of, kind=one.kind, status=one.status)) == one.count


async def test_a_list_is_in_the_order_of_days(sample: OpenNetwork) -> None:
    assert await listed(sample, Counted.EVENTS, kind="briefing") == [
        "briefing-religious-sites",
        "briefing-legislation",
        "briefing-tourism-security",
        "briefing-active-shooters",
        "briefing-cyberattacks",
        "briefing-gender",
    ]


async def test_a_work_in_four_languages_is_one(sample: OpenNetwork) -> None:
    assert sorted(await listed(sample, Counted.RESOURCES, kind="module")) == [
        "module-foundations",
        "module-major-events",
        "module-places-of-worship",
        "module-tourism-venues",
        "module-urban-spaces",
    ]


@pytest.mark.parametrize(
    "first,last,events",
    [
        (date(2022, 6, 2), date(2022, 6, 30), 2),
        (date(2022, 6, 3), date(2022, 6, 29), 0),
        (date(2022, 6, 30), date(2022, 6, 30), 1),
    ],
)
async def test_both_ends_of_a_span_are_in_it(sample: OpenNetwork, first: date, last: date, events: int) -> None:
    found = await achievements.of_span(sample.graph, PUBLIC, span=Period(first, last))

    assert sum(one.count for one in found.events) == events


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize("of", [Counted.COUNTRIES, Counted.PARTNERS, Counted.MEMBERS])
async def test_what_has_a_name_is_in_the_order_of_its_reader(sample: OpenNetwork, of: Counted, language: str) -> None:
    ids = await listed(sample, of, language=language)

    rows = await sample.graph.read(NAMES, ids=ids, language=language)
    names = {row["id"]: row["name"] for row in rows}
    assert ids == sorted(ids, key=lambda id: collated(names[id], language))


async def test_a_place_in_a_list_by_name_is_of_one_language(sample: OpenNetwork) -> None:
    first = await achievements.page(sample.graph, OPERATOR, of=Counted.MEMBERS, span=YEAR, first=2)

    with pytest.raises(NotACursor):
        await achievements.page(
            sample.graph,
            OPERATOR,
            of=Counted.MEMBERS,
            span=YEAR,
            first=2,
            after=first.entries[-1][0],
            language="zh",
        )


async def test_nothing_is_done_in_a_year_that_is_only_planned(sample: OpenNetwork) -> None:
    found = await achievements.of_span(sample.graph, OPERATOR, span=achievements.year(2023))

    assert {one.status for one in found.activities} == {"projected"}
    assert (found.events, found.resources, found.projects, found.countries) == ([], [], 0, [])
    assert (found.members, found.new_members, found.speakers) == (150, 0, 0)


async def test_what_is_listed_says_what_noun_it_is(sample: OpenNetwork) -> None:
    page = await achievements.page(sample.graph, PUBLIC, of=Counted.PROJECTS, span=YEAR, first=5)

    assert [one for _, one in page.entries] == [Listed("Project", "vulnerable-targets-behavioural-insights")]
