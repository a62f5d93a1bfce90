"""What a work is called in a language: as its version there is, as far as the viewer sees it, else as the work is."""

from pathlib import Path

import pytest

from graph import audiences, reading
from graph.graph import Graph
from graph.model import NOUNS
from graph.programme import RESOURCE
from graph.reading import Node, Value
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Viewer
from tests.graph.people.duplicated import KOFI, loaded
from tests.graph.programme.made import ORGANISER, changed, folder_of

FILE = "id,title,kind,languages,authors\nguide,A guide,guide,{languages},kofi\n"
DOCUMENT = """\
---
owner: {owner}
kind: {kind}
resource: guide
language: {language}
title: {title}
---
Who comes in by gate {number}.
"""
KOFIS = Viewer(Role.MEMBER, person=KOFI, actor="account:kofi")


async def titled(graph: Graph, language: str, viewer: Viewer = ORGANISER) -> tuple[str, str | None]:
    """What the guide is called in a language, and which language that is in."""
    told = [column for column in NOUNS["Resource"].columns if column.name in {"title_in", "title_language"}]
    wanted = Node("Resource", [(column.name, Value(column, language)) for column in told])
    found = await reading.nodes(graph, viewer, wanted=wanted, ids=["guide"])
    return found["guide"]["title_in"], found["guide"]["title_language"]


async def load_guide(graph: Graph, folder: Path, *documents: dict[str, str], languages: str = "en; fr") -> None:
    folder_of(folder, resources=FILE.format(languages=languages))
    texts = folder / "documents" / "resources"
    texts.mkdir(parents=True)
    for number, document in enumerate(documents):
        given = {"owner": "kofi", "kind": "resource", "language": "fr", "title": "Un guide"} | document
        (texts / f"guide-{number}.md").write_text(DOCUMENT.format(**given, number=number), encoding="utf-8")
    await loaded(graph, folder)


async def test_a_work_is_called_as_its_version_in_the_language_is(graph: Graph, tmp_path: Path) -> None:
    await load_guide(graph, tmp_path / "network")
    versions = [{"language": "fr", "title": "Un guide"}, {"language": "en", "title": "A guide"}, {"language": "ar"}]
    await changed(graph, RESOURCE, "guide", versions=versions)

    assert await titled(graph, "fr") == ("Un guide", "fr")
    assert await titled(graph, "en") == ("A guide", "en")
    assert await titled(graph, "es") == ("A guide", "en")
    assert await titled(graph, "ar") == ("A guide", "en")


async def test_of_a_title_of_which_nobody_said_the_language_none_is_told(graph: Graph, tmp_path: Path) -> None:
    await load_guide(graph, tmp_path / "network", languages="fr")

    assert await titled(graph, "fr") == ("A guide", None)


@pytest.mark.parametrize(
    "documents,told",
    [
        ([{}], ("Un guide", "fr")),
        ([{}, {}], ("Un guide", "fr")),
        ([{}, {"title": "Une annexe"}], ("A guide", None)),
        ([{"kind": "article"}], ("A guide", None)),
        ([{"language": "es"}], ("A guide", None)),
        ([{"language": "en", "title": "A guide"}], ("A guide", "en")),
    ],
    ids=["one", "of the same title", "of several titles", "about it", "in no language of it", "in another language"],
)
async def test_a_version_of_which_nothing_is_said_is_called_as_its_document_is(
    graph: Graph, tmp_path: Path, documents: list[dict[str, str]], told: tuple[str, str | None]
) -> None:
    await load_guide(graph, tmp_path / "network", *documents)

    assert await titled(graph, "fr") == told


async def test_what_is_said_of_a_version_counts_more_than_its_document(graph: Graph, tmp_path: Path) -> None:
    await load_guide(graph, tmp_path / "network", {})
    await changed(graph, RESOURCE, "guide", versions=[{"language": "fr", "title": "Le guide"}])

    assert await titled(graph, "fr") == ("Le guide", "fr")


async def test_a_document_that_the_viewer_may_not_read_does_not_give_its_title_away(
    graph: Graph, tmp_path: Path
) -> None:
    await load_guide(graph, tmp_path / "network", {})
    everybody = dict.fromkeys((FieldGroup.LISTING, FieldGroup.PROFILE), Audience.EVERYONE)
    await audiences.set_of_person(graph, KOFIS, expert=KOFI, chosen=everybody)
    shown = await titled(graph, "fr", PUBLIC)
    await audiences.set_of_person(graph, KOFIS, expert=KOFI, chosen={FieldGroup.PROFILE: Audience.NOBODY})

    assert shown == ("Un guide", "fr")
    assert [await titled(graph, "fr", viewer) for viewer in (PUBLIC, ORGANISER)] == [("A guide", None)] * 2
    assert await titled(graph, "fr", KOFIS) == ("Un guide", "fr")
