"""Resources that organisers publish: one work in several languages, with its partners, and authors who are seen."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import achievements, audiences, erasure, programme
from graph.fields import InvalidFields
from graph.graph import Graph
from graph.people import merging, undoing
from graph.programme import RESOURCE
from graph.values import ExpertId
from graph.viewer import Audience, FieldGroup, Role, Scope, Viewer
from tests.graph.people.duplicated import AMA, KOFI, OPERATOR, SECOND, everything, loaded
from tests.graph.programme.made import ORGANISER, changed, folder_of, make, shown

VERSIONS = [
    {
        "language": "fr",
        "title": "Sites  énergétiques",
        "url": "https://example.org/fr",
        "published_on": date(2026, 9, 1),
    },
    {"language": "en"},
    {"language": "ar", "title": "مواقع الطاقة", "published_on": date(2026, 10, 2)},
]
TOLD = [
    ["ar", "مواقع الطاقة", None, "2026-10-02"],
    ["en", None, None, None],
    ["fr", "Sites énergétiques", "https://example.org/fr", "2026-09-01"],
]


@pytest.fixture
async def folder(graph: Graph, tmp_path: Path) -> Path:
    """A network's folder, loaded, whose guide is by Amah and Kofi."""
    folder = folder_of(tmp_path / "network")
    await loaded(graph, folder)
    return folder


async def hide(graph: Graph, expert: ExpertId, audience: Audience) -> None:
    """Have a person show their profile to this audience."""
    themselves = Viewer(Role.MEMBER, person=expert, actor=f"account:{expert}")
    await audiences.set_of_person(graph, themselves, expert=expert, chosen={FieldGroup.PROFILE: audience})


async def test_a_module_in_three_languages_is_one_work_of_its_year(graph: Graph, folder: Path) -> None:
    made = await make(
        graph,
        RESOURCE,
        kind="module",
        published_on=date(2026, 9, 1),
        versions=VERSIONS,
        topics=["stewards", "law"],
        country="tn",
        authors=["kofi", "ama"],
        partners=["school"],
        url="https://example.org/energy",
    )

    now = await shown(graph, RESOURCE, made.id)
    assert (now["title"], now["kind"], now["published_on"], now["url"]) == (
        "Energy sites", "module", "2026-09-01", "https://example.org/energy",
    )  # fmt: skip
    assert (now["country"], now["topics"], now["authors"], now["partners"]) == (
        ["TN"], ["law", "stewards"], ["ama", "kofi"], ["school"],
    )  # fmt: skip
    assert now["languages"] == TOLD
    found = await achievements.of_span(graph, ORGANISER, span=achievements.year(2026))
    assert found.resources == [achievements.Count("module", None, 1)]
    assert found.partners == 1


async def test_languages_follow_the_versions_and_versions_the_languages(graph: Graph, folder: Path) -> None:
    made = await make(graph, RESOURCE, languages=["en"])
    plain = (await shown(graph, RESOURCE, made.id))["languages"]

    await changed(graph, RESOURCE, made.id, versions=VERSIONS)
    several = (await shown(graph, RESOURCE, made.id))["languages"]
    await changed(graph, RESOURCE, made.id, languages=["en", "fr"])
    fewer = (await shown(graph, RESOURCE, made.id))["languages"]
    await changed(graph, RESOURCE, made.id, versions=None)

    assert plain == [["en", None, None, None]]
    assert several == TOLD
    assert fewer == TOLD[1:]
    assert (await shown(graph, RESOURCE, made.id))["languages"] == [[id, None, None, None] for id in ("en", "fr")]


async def test_a_list_without_versions_says_nothing_of_languages(graph: Graph, folder: Path) -> None:
    made = await make(graph, RESOURCE, languages=["en"], versions=[])

    assert [one[0] for one in (await shown(graph, RESOURCE, made.id))["languages"]] == ["en"]


async def test_no_file_undoes_what_organisers_say_of_versions(graph: Graph, folder: Path) -> None:
    await changed(graph, RESOURCE, "guide", versions=VERSIONS)

    text = "id,title,kind,languages,authors\nguide,A better guide,module,es; en,kofi\n"
    await loaded(graph, folder_of(folder, resources=text))

    now = await shown(graph, RESOURCE, "guide")
    assert (now["title"], now["languages"]) == ("A better guide", TOLD)


async def test_what_organisers_leave_alone_is_in_the_languages_of_the_file(graph: Graph, folder: Path) -> None:
    await changed(graph, RESOURCE, "guide", topics=["law"])

    await loaded(graph, folder_of(folder, resources="id,title,kind,languages\nguide,A guide,module,fr; en\n"))

    assert [one[0] for one in (await shown(graph, RESOURCE, "guide"))["languages"]] == ["en", "fr"]


@pytest.mark.parametrize(
    "given,paths",
    [
        ({"versions": [{"language": "xx"}]}, [("versions", 0, "language")]),
        ({"versions": [{"language": "fr"}, {"language": "fr"}]}, [("versions", 1, "language")]),
        ({"versions": [{"language": "fr"}], "languages": ["fr"]}, [("languages",)]),
        ({"versions": [{"language": "fr", "url": "ftp:"}]}, [("versions", 0, "url")]),
        ({"versions": [{"language": "fr", "title": "x" * 301}]}, [("versions", 0, "title")]),
        ({"languages": ["xx", "fr", "fr"]}, [("languages", 0), ("languages", 2)]),
        ({"kind": "poem"}, [("kind",)]),
        ({"country": "XX"}, [("country",)]),
        ({"url": "example.org"}, [("url",)]),
        ({"topics": ["nothing", "law", "law"]}, [("topics", 0), ("topics", 2)]),
        ({"authors": ["nobody", "kofi", "kofi"]}, [("authors", 0), ("authors", 2)]),
        ({"partners": ["nothing", "school", "school"]}, [("partners", 0), ("partners", 2)]),
        ({"authors": [""] * 301}, [("authors",)]),
    ],
)
async def test_what_is_wrong_is_told_by_its_path_and_nothing_is_made(
    graph: Graph, folder: Path, given: dict[str, Any], paths: list[Any]
) -> None:
    before = await everything(graph)

    with pytest.raises(InvalidFields) as refusal:
        await make(graph, RESOURCE, key="k", **given)

    assert [problem.path for problem in refusal.value.problems][: len(paths)] == paths
    assert len(refusal.value.problems) == len(paths) or len(given.get("authors", ())) > 300
    assert await everything(graph) == before


async def test_whoever_hides_their_profile_is_nobody_to_be_named_as_an_author(graph: Graph, folder: Path) -> None:
    await hide(graph, AMA, Audience.NOBODY)
    with pytest.raises(InvalidFields) as hidden:
        await make(graph, RESOURCE, authors=["ama"])
    with pytest.raises(InvalidFields) as missing:
        await make(graph, RESOURCE, authors=["nobody"])
    await hide(graph, AMA, Audience.ORGANISERS)
    writing_only = Viewer(Role.ORGANISER, scopes=frozenset({Scope.WRITE}), actor="token:writer")

    with pytest.raises(InvalidFields) as unseen:
        await make(graph, RESOURCE, viewer=writing_only, authors=["ama"])
    made = await make(graph, RESOURCE, authors=["ama"])

    assert len({str(refusal.value) for refusal in (hidden, missing, unseen)}) == 1
    assert (await shown(graph, RESOURCE, made.id))["authors"] == ["ama"]


async def test_authors_whom_the_organiser_does_not_see_stay(graph: Graph, folder: Path) -> None:
    await hide(graph, SECOND, Audience.NOBODY)

    await changed(graph, RESOURCE, "guide", authors=["ama"])
    both = (await shown(graph, RESOURCE, "guide"))["authors"]
    await hide(graph, SECOND, Audience.ORGANISERS)
    await changed(graph, RESOURCE, "guide", authors=["ama"])

    assert both == ["ama", "ama-2"]
    assert (await shown(graph, RESOURCE, "guide"))["authors"] == ["ama"]


async def test_an_organisation_that_the_viewer_does_not_see_is_no_partner_to_be_named(
    graph: Graph, folder: Path
) -> None:
    writing_only = Viewer(Role.ORGANISER, scopes=frozenset({Scope.WRITE}), actor="token:writer")
    with pytest.raises(InvalidFields) as unseen:
        await make(graph, RESOURCE, viewer=writing_only, partners=["port"])
    with pytest.raises(InvalidFields) as missing:
        await make(graph, RESOURCE, viewer=writing_only, partners=["nothing"])

    await make(graph, RESOURCE, partners=["port"])
    made = await make(graph, RESOURCE, viewer=writing_only, partners=["port"])

    assert str(unseen.value) == str(missing.value)
    assert (await shown(graph, RESOURCE, made.id))["partners"] == ["port"]


async def test_an_author_who_was_found_to_be_somebody_else_is_the_author_and_is_two_again_when_that_is_undone(
    graph: Graph, folder: Path
) -> None:
    made = await make(graph, RESOURCE, authors=["ama-2"])

    await merging.merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    as_one = (await shown(graph, RESOURCE, made.id))["authors"]
    await changed(graph, RESOURCE, made.id, authors=["ama", "kofi"])
    await undoing.undo(graph, OPERATOR, gone=SECOND)

    assert as_one == ["ama"]
    assert (await shown(graph, RESOURCE, made.id))["authors"] == ["ama", "kofi"]


async def test_an_erased_author_is_in_nothing_that_is_kept_of_it_and_it_can_be_changed_and_removed(
    graph: Graph, folder: Path
) -> None:
    made = await make(graph, RESOURCE, authors=["kofi", "ama"], description="By Kofi Otherperson and others")
    await changed(graph, RESOURCE, made.id, url="https://example.org")

    await erasure.erase(graph, OPERATOR, expert=KOFI)
    left = await graph.read("MATCH (r:Record) WHERE toLower(r.said) CONTAINS 'kofi' RETURN r.said AS said")
    await changed(graph, RESOURCE, made.id, title="Ports")
    now = await shown(graph, RESOURCE, made.id)
    with pytest.raises(InvalidFields):
        await changed(graph, RESOURCE, made.id, authors=["kofi"])
    await programme.remove(graph, ORGANISER, of=RESOURCE, id=made.id, expected_version=now["version"])

    assert left == []
    assert (now["title"], now["authors"]) == ("Ports", ["ama"])
    assert "Kofi" not in now["description"]
