"""The plan for 2023, asked of the sample network: what the programme projected, in every form and six languages."""

import io
import re
from datetime import UTC, date, datetime

import pytest
from docx import Document
from docx.oxml.ns import qn
from pdfminer.high_level import extract_text

from api import web
from api.network import OpenNetwork
from api.report import Report, as_docx, as_pdf, as_text, plan_of
from api.report.words import words_of
from graph import achievements
from graph.graph import Graph
from graph.plan import Lack, Stage
from graph.settings import GraphSettings
from graph.values import UN_LANGUAGES
from graph.viewer import PUBLIC, Viewer
from ingest.rows.events import EventKind
from ingest.rows.programme import ActivityKind, ResourceKind
from tests.api.report.reading_pdf import said

NEW_COUNTRIES = "Capacity-building in new beneficiary countries"
KINDS = [
    *(f"Activity {kind}" for kind in ActivityKind),
    *(f"Event {kind}" for kind in EventKind),
    *(f"Resource {kind}" for kind in ResourceKind),
    "Project",
]

ADD = """
CREATE (:Activity {id: 'over', title: 'Over', kind: 'national', status: 'projected', starts_on: date('2027-05-01')})
CREATE (:Activity {id: 'done', title: 'Done', kind: 'global', status: 'done', starts_on: date('2027-04-01')})
CREATE (:Activity {id: 'odd', title: 'Odd', kind: 'retreat', status: 'projected', starts_on: date('2027-06-10'),
  ends_on: date('2027-06-20')})
CREATE (:Event {id: 'sure', title: 'Sure', kind: 'briefing', format: 'online', status: 'confirmed',
  starts_at: $starts_at})
FOREACH (n IN range(10, 21) |
  CREATE (:Event {id: 'idea-' + n, title: 'Idea ' + n, kind: 'workshop', format: 'online'}))
"""


async def planned(sample: OpenNetwork, language: str = "en", *, year: int = 2023) -> Report:
    return await plan_of(
        sample.graph,
        Viewer.at_the_command_line(),
        span=achievements.year(year),
        language=language,
        today=date(2022, 12, 31),
    )


async def small(graph: Graph) -> Report:
    await graph.write(ADD, starts_at=datetime(2027, 11, 3, 14, tzinfo=UTC))
    return await plan_of(graph, PUBLIC, span=achievements.year(2027), language="en", today=date(2027, 6, 15))


async def test_next_years_page_is_the_one_that_the_programme_published(sample: OpenNetwork) -> None:
    made = await planned(sample)

    assert (made.title, made.projected_title) == ("Programme plan for 2023", "Projected activities in 2023")
    assert {section.title: [(one.text, one.details) for one in section.statements] for section in made.sections} == {
        "How far the plan is": [("8 items planned", ()), ("1 item under way", ())],
        "What is still missing": [("1 item without a country", (NEW_COUNTRIES,))],
    }
    assert {one.title for one in made.projected} == {
        "New knowledge product on the protection of energy infrastructure",
        "Capacity-building in current beneficiary countries",
        NEW_COUNTRIES,
        "Capacity-building phase of the project on behavioural insights",
        "In-person activities for the Global Network of Experts",
        "Launch of e-learning courses on vulnerable targets",
        "Stronger partnerships with regional and international bodies",
        "Stronger partnerships with the private sector, civil society and academia",
        "Protecting vulnerable targets by using behavioural insights to strengthen law enforcement capabilities",
    }


@pytest.mark.parametrize(
    "language,about",
    [
        ("en", "(National activity · 1 Mar 2023 – 15 Dec 2023 · "),
        ("fr", "(Activité nationale · 1 mars 2023 – 15 déc. 2023 · "),
        ("es", "(Actividad nacional · 1 mar 2023 – 15 dic 2023 · "),
        ("ru", "(Национальное мероприятие · 1 мар. 2023\u202fг. – 15 дек. 2023\u202fг. · "),
        ("zh", "(国家活动 · 2023年3月1日 – 2023年12月15日 · "),
    ],
)
async def test_a_thing_is_told_with_its_kind_and_days_and_what_it_lacks(
    sample: OpenNetwork, language: str, about: str
) -> None:
    told = as_text(await planned(sample, language)).splitlines()

    words = words_of(language)
    (line,) = [one for one in told if one.startswith(f"    {NEW_COUNTRIES} (")]
    missing = words.name("told", name=words.name("missing"), values=words.name("lack country"))
    assert line.startswith(f"    {NEW_COUNTRIES} {about}")
    assert line.endswith(f" · {missing})")


async def test_a_text_tells_each_thing_once_in_a_list(sample: OpenNetwork) -> None:
    made = await planned(sample)

    told = as_text(made).splitlines()
    assert [sum(line.startswith(f"    {one.title}") for line in told) for one in made.projected] == [1] * 9


async def test_each_stage_and_lack_has_its_figure(graph: Graph) -> None:
    made = await small(graph)

    figures = {one.kinds[0]: (one.count, one.text) for section in made.sections for one in section.statements}
    assert figures == {
        Stage.IDEA: (12, "12 ideas without a date"),
        Stage.PLANNED: (1, "1 item planned"),
        Stage.CONFIRMED: (1, "1 item confirmed"),
        Stage.UNDER_WAY: (1, "1 item under way"),
        Stage.DONE: (1, "1 item done"),
        Lack.DATE: (12, "12 items without a date"),
        Lack.SPEAKER: (13, "13 items without a speaker"),
        Lack.PARTNER: (15, "15 items without a partner"),
        Lack.COUNTRY: (1, "1 item without a country"),
        Lack.TOPIC: (15, "15 items without a topic"),
        Lack.OUTCOME: (1, "1 item without a known outcome"),
    }


async def test_what_is_done_is_not_projected(graph: Graph) -> None:
    made = await small(graph)

    assert [one.id for one in made.projected][:3] == ["over", "odd", "sure"]
    assert [statement.entries[0].id for statement in made.lists] == ["idea-10", "over", "sure", "odd", "done"]


async def test_beside_what_is_missing_stand_ten_titles(graph: Graph) -> None:
    made = await small(graph)

    (dates,) = [one for section in made.sections for one in section.statements if one.kinds == (Lack.DATE,)]
    assert dates.details == (*(f"Idea {number}" for number in range(10, 20)), "2 more are not listed here")


async def test_a_kind_without_words_is_told_as_it_is(graph: Graph) -> None:
    assert "    Odd (retreat · 10 Jun 2027 – 20 Jun 2027 · Missing: a partner, a topic)\n" in as_text(
        await small(graph)
    )


async def test_a_time_for_which_nothing_is_planned_says_so(sample: OpenNetwork) -> None:
    made = await planned(sample, year=1950)

    assert (made.sections, made.projected, made.nothing) == ((), (), "Nothing is planned for this time.")


@pytest.mark.parametrize("language", UN_LANGUAGES)
@pytest.mark.parametrize("name", [*KINDS, *(f"lack {lack}" for lack in Lack)])
def test_kinds_and_lacks_have_words(language: str, name: str) -> None:
    words = words_of(language)

    is_the_same = (language, name) in {("fr", "Resource module"), ("fr", "Resource guide")}
    assert language == "en" or is_the_same or words.name(name) != words.names[name]


@pytest.mark.parametrize("language", UN_LANGUAGES)
@pytest.mark.parametrize("name", [*Stage, *(f"without {lack}" for lack in Lack)])
def test_stages_and_lacks_are_counted_in_words(language: str, name: str) -> None:
    words = words_of(language)

    assert language == "en" or words.number(name, 5) != words.plurals[name][1] % {"n": 5}


@pytest.mark.parametrize("language", UN_LANGUAGES)
async def test_every_form_is_in_the_language_and_says_that_the_network_is_fictional(
    sample: OpenNetwork, sample_settings: GraphSettings, language: str
) -> None:
    made = await planned(sample, language)

    words = words_of(language)
    title, counted = words.name("plan", year="2023"), words.number("planned", 8)
    texts = [title, words.name("fictional"), words.name("lacks"), counted, words.name("Activity partnership")]
    word = "\n".join(one.text for one in Document(io.BytesIO(as_docx(made))).paragraphs)
    shown = extract_text(io.BytesIO(as_pdf(made, fonts=web.install(sample_settings))))
    for text in texts:
        assert text in as_text(made)
        assert text in word
        assert language == "ar" or spaceless(text) in spaceless(shown)
    assert NEW_COUNTRIES in shown.replace("\n", " ")


def spaceless(text: str) -> str:
    """A text without spaces: pdfminer takes the gap between Chinese and figures for one, and lines end anywhere."""
    return re.sub(r"\s", "", text)


async def test_an_arabic_pdf_holds_the_words_of_the_plan(sample: OpenNetwork, sample_settings: GraphSettings) -> None:
    made = await planned(sample, "ar")

    shown = single(said(as_pdf(made, fonts=web.install(sample_settings))))
    words = words_of("ar")
    texts = [made.notice or "", *(one.title for one in made.sections), made.behind, words.name("Activity partnership")]
    lacking = words.name("told", name=words.name("missing"), values=words.name("lack country"))
    assert [text for text in (*texts, lacking) if single(text[::-1]) not in shown] == []


def single(text: str) -> str:
    """A text without doubled letters: a letter and its dots are two shapes, and each says the letter."""
    return re.sub(r"(.)\1+", r"\1", text)


async def test_an_arabic_plan_runs_from_right_to_left(sample: OpenNetwork) -> None:
    arabic, french = as_docx(await planned(sample, "ar")), as_docx(await planned(sample, "fr"))

    for content, is_turned in ((arabic, True), (french, False)):
        paragraphs = Document(io.BytesIO(content)).paragraphs
        assert {one._p.pPr is not None and one._p.pPr.find(qn("w:bidi")) is not None for one in paragraphs} == {
            is_turned
        }
