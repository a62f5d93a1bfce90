"""Technical assistance from an idea to done: in the plan, in the achievements of its year, with its countries."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import achievements, plan
from graph.achievements import Count
from graph.coverage import By, table
from graph.fields import InvalidFields
from graph.graph import Graph
from graph.plan import Lack, Stage
from graph.programme import ACTIVITY, PROJECT
from graph.programme.activities import KINDS, STATUSES
from graph.programme.resources import KINDS as RESOURCE_KINDS
from ingest.rows.programme import ActivityKind, ActivityStatus, ResourceKind
from tests.graph.people.duplicated import everything, loaded
from tests.graph.programme.made import ORGANISER, changed, folder_of, make, shown

YEAR = achievements.year(2026)
TODAY = date(2026, 6, 15)


@pytest.fixture
async def folder(graph: Graph, tmp_path: Path) -> Path:
    """A network's folder, loaded."""
    folder = folder_of(tmp_path / "network")
    await loaded(graph, folder)
    return folder


async def planned(graph: Graph) -> dict[str, tuple[Stage, tuple[Lack, ...]]]:
    """The year's activities in the plan, with their stage and what they lack."""
    page = await plan.page(graph, ORGANISER, span=YEAR, today=TODAY, first=100, noun="Activity")
    return {one.id: (one.stage, one.lacks) for _, one in page.entries}


def test_words_are_those_of_the_files() -> None:
    assert set(STATUSES) == set(ActivityStatus)
    assert set(KINDS) == set(ActivityKind)
    assert set(RESOURCE_KINDS) == set(ResourceKind)


async def test_a_national_activity_from_an_idea_to_done_is_counted_with_its_country(graph: Graph, folder: Path) -> None:
    made = await make(graph, ACTIVITY, status="idea")
    stages = [await planned(graph)]

    await changed(graph, ACTIVITY, made.id, status="projected", starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 3))
    stages.append(await planned(graph))
    before = await achievements.of_span(graph, ORGANISER, span=YEAR)
    await changed(
        graph,
        ACTIVITY,
        made.id,
        status="confirmed",
        countries=["tn", "TG"],
        topics=["law"],
        partners=["school"],
        project="insights",
    )
    stages.append(await planned(graph))
    await changed(graph, ACTIVITY, made.id, status="done", starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 3))
    stages.append(await planned(graph))

    every_lack = (Lack.PARTNER, Lack.COUNTRY, Lack.TOPIC)
    assert [one[made.id] for one in stages] == [
        (Stage.IDEA, (Lack.DATE, *every_lack)),
        (Stage.PLANNED, every_lack),
        (Stage.CONFIRMED, ()),
        (Stage.DONE, ()),
    ]
    found = await achievements.of_span(graph, ORGANISER, span=YEAR)
    assert (before.activities, before.countries) == ([Count("national", "projected", 1)], [])
    assert (found.activities, found.countries) == ([Count("national", "done", 1)], ["TG", "TN"])
    assert found.partners == 1
    now = await shown(graph, ACTIVITY, made.id)
    assert (now["part_of"], now["country"]) == (["insights"], ["TG", "TN"])


async def test_what_is_cancelled_is_in_no_plan_and_no_figure_and_stays(graph: Graph, folder: Path) -> None:
    made = await make(
        graph, ACTIVITY, starts_on=date(2026, 3, 1), countries=["TN"], partners=["school"], topics=["law"]
    )

    await changed(graph, ACTIVITY, made.id, status="cancelled")

    found = await achievements.of_span(graph, ORGANISER, span=YEAR)
    listed = await achievements.page(graph, ORGANISER, of=achievements.Counted.ACTIVITIES, span=YEAR, first=5)
    partners = await achievements.page(graph, ORGANISER, of=achievements.Counted.PARTNERS, span=YEAR, first=5)
    assert made.id not in await planned(graph)
    assert (found.activities, found.countries, found.partners) == ([], [], 0)
    assert (listed.entries, partners.entries) == ([], [])
    assert (await shown(graph, ACTIVITY, made.id))["status"] == "cancelled"


@pytest.mark.parametrize("status,counts", [("idea", 0), ("projected", 0), ("confirmed", 0), ("done", 1)])
async def test_a_partner_counts_in_what_was_done(graph: Graph, folder: Path, status: str, counts: int) -> None:
    await make(graph, ACTIVITY, status=status, starts_on=date(2026, 3, 1), partners=["school"])

    found = await achievements.of_span(graph, ORGANISER, span=YEAR)
    listed = await achievements.page(graph, ORGANISER, of=achievements.Counted.PARTNERS, span=YEAR, first=5)

    assert (found.partners, len(listed.entries)) == (counts, counts)


@pytest.mark.parametrize(
    "status,figures",
    [("idea", (0, 1)), ("projected", (0, 1)), ("confirmed", (0, 1)), ("done", (1, 0)), ("cancelled", (0, 0))],
)
async def test_coverage_counts_what_is_done_and_what_is_ahead(
    graph: Graph, folder: Path, status: str, figures: tuple[int, int]
) -> None:
    await make(graph, ACTIVITY, status=status, starts_on=date(2026, 3, 1), countries=["GH"], topics=["law"])

    found = await table.coverage(graph, ORGANISER, by=By.COUNTRY, within="Africa", as_of=TODAY)

    (cell,) = [cell for row in found.rows if row.topic.id == "law" for cell in row.cells if cell.place == "GH"]
    assert (cell.activities, cell.planned) == figures


async def test_a_status_of_a_file_is_changed_here_and_stays_so(graph: Graph, folder: Path) -> None:
    await changed(graph, ACTIVITY, "clinic", status="cancelled")

    text = (folder / "activities.csv").read_text(encoding="utf-8")
    await loaded(graph, folder_of(folder, activities=text.replace("Drafting clinic", "A drafting clinic")))

    now = await shown(graph, ACTIVITY, "clinic")
    assert (now["status"], now["title"]) == ("cancelled", "A drafting clinic")


@pytest.mark.parametrize(
    "given,paths",
    [
        ({"status": "dreamt"}, [("status",)]),
        ({"kind": "party"}, [("kind",)]),
        ({"status": "done"}, [("starts_on",)]),
        ({"status": "done", "starts_on": date(9000, 1, 1)}, [("starts_on",)]),
        ({"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 1)}, [("ends_on",)]),
        ({"project": "nothing"}, [("project",)]),
        ({"countries": ["TN", "xx", "tn"]}, [("countries", 1), ("countries", 2)]),
    ],
)
async def test_what_is_wrong_is_told_by_its_path_and_nothing_is_made(
    graph: Graph, folder: Path, given: dict[str, Any], paths: list[Any]
) -> None:
    before = await everything(graph)

    with pytest.raises(InvalidFields) as refusal:
        await make(graph, ACTIVITY, key="k", **given)

    assert [problem.path for problem in refusal.value.problems] == paths
    assert await everything(graph) == before


async def test_a_change_that_does_not_fit_what_is_there_changes_nothing(graph: Graph, folder: Path) -> None:
    made = await make(graph, ACTIVITY, starts_on=date(2026, 3, 2))
    paths = []
    for changes in ({"ends_on": date(2026, 3, 1)}, {"status": "done", "starts_on": None}):
        with pytest.raises(InvalidFields) as refusal:
            await changed(graph, ACTIVITY, made.id, **changes)
        paths += [problem.path for problem in refusal.value.problems]

    assert paths == [("ends_on",), ("starts_on",)]
    assert (await shown(graph, ACTIVITY, made.id))["version"] == 1


async def test_an_activity_is_part_of_a_project_that_was_made_here(graph: Graph, folder: Path) -> None:
    project = await make(graph, PROJECT, partners=["school"], countries=["ma", "ES"], starts_on=date(2026, 11, 22))
    made = await make(graph, ACTIVITY, project=project.id)
    before = (await shown(graph, ACTIVITY, made.id))["part_of"]

    await changed(graph, ACTIVITY, made.id, project=None)

    now = await shown(graph, PROJECT, project.id)
    assert (now["partners"], now["country"], now["starts_on"]) == (["school"], ["ES", "MA"], "2026-11-22")
    assert before == [project.id]
    assert (await shown(graph, ACTIVITY, made.id))["part_of"] == []
    found = await achievements.of_span(graph, ORGANISER, span=YEAR)
    assert (found.projects, found.partners) == (1, 1)
