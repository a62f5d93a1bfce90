"""The report of 2022, asked of the sample network: the programme's own figures, in four forms and six languages."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from pdfminer.high_level import extract_text

from api import web
from api.network import OpenNetwork
from api.report import NoFonts, Report, as_docx, as_pdf, as_text, report_of
from api.report.words import words_of
from graph import achievements
from graph.settings import GraphSettings
from graph.values import UN_LANGUAGES
from graph.viewer import PUBLIC, Viewer

MODULE = {
    "en": "Places of worship: welcome and protection",
    "ar": "دور العبادة: استقبال وحماية",
    "fr": "Lieux de culte : accueillir et protéger",
}
"""What one work is called; of its other versions no title is told."""


async def report(sample: OpenNetwork, language: str = "en", *, year: int = 2022, people: bool = False) -> Report:
    return await report_of(
        sample.graph,
        Viewer.at_the_command_line(),
        span=achievements.year(year),
        following=achievements.year(year + 1),
        language=language,
        names_people=people,
        today=date(2022, 12, 31),
    )


async def test_the_page_of_2022_is_the_one_that_the_programme_published(sample: OpenNetwork) -> None:
    made = await report(sample)

    assert made.title == "Programme achievements in 2022"
    assert {section.title: [one.text for one in section.statements] for section in made.sections} == {
        "Products": ["5 modules published", "1 compendium published"],
        "Innovative projects and partnership building": [
            "1 new project",
            "4 outreach activities",
            "11 partner organisations took part",
        ],
        "Technical assistance and capacity-building": [
            "Specialized work conducted in 4 beneficiary countries",
            "4 roadmaps (national action plans) developed",
            "10 national capacity-building activities implemented",
            "8 regional or global activities implemented",
        ],
        "Connecting experts": [
            "150 members of the expert network",
            "150 new members",
            "2 high-level launches",
            "6 expert briefings held",
            "30 experts spoke at the events",
        ],
    }
    details = {one.text: one.details for section in made.sections for one in section.statements}
    assert details["5 modules published"] == ("Languages: Arabic, English, French and Russian", "Sept 2022")
    assert details["Specialized work conducted in 4 beneficiary countries"] == (
        "Indonesia, Tajikistan, Togo and Tunisia",
    )
    (themes,) = details["6 expert briefings held"]
    assert themes.startswith("Themes: Protecting religious sites while keeping their doors open; Legislation on")


async def test_each_figure_is_the_length_of_its_list(sample: OpenNetwork) -> None:
    made = await report(sample, people=True)

    statements = [one for section in made.sections for one in section.statements]
    assert all(len({entry.id for entry in one.entries}) == one.count for one in statements)
    assert all(one.more is None for one in statements)


async def test_people_are_counted_and_named_only_if_asked_for(sample: OpenNetwork) -> None:
    without, named = await report(sample), await report(sample, people=True)

    of_people = {"members", "new_members", "speakers"}
    assert [one.entries for section in without.sections for one in section.statements if one.of in of_people] == [
        ()
    ] * 3
    assert "Afi Kodjovi Amégan" not in as_text(without)
    assert "Afi Kodjovi Amégan" in as_text(named)


async def test_next_years_page_is_what_is_projected(sample: OpenNetwork) -> None:
    made = await report(sample)

    assert made.projected_title == "Projected activities in 2023"
    assert {one.title for one in made.projected} == {
        "New knowledge product on the protection of energy infrastructure",
        "Capacity-building in current beneficiary countries",
        "Capacity-building in new beneficiary countries",
        "Capacity-building phase of the project on behavioural insights",
        "In-person activities for the Global Network of Experts",
        "Launch of e-learning courses on vulnerable targets",
        "Stronger partnerships with regional and international bodies",
        "Stronger partnerships with the private sector, civil society and academia",
    }


async def test_a_time_of_which_nothing_is_known_says_so(sample: OpenNetwork) -> None:
    made = await report_of(
        sample.graph,
        PUBLIC,
        span=achievements.year(1950),
        following=achievements.year(1951),
        language="en",
        names_people=False,
        today=date(2022, 12, 31),
    )

    assert (made.sections, made.nothing) == ((), "Nothing is known of this time.")


@pytest.mark.parametrize("language", UN_LANGUAGES)
async def test_every_form_is_in_the_language_and_says_that_the_network_is_fictional(
    sample: OpenNetwork, sample_settings: GraphSettings, language: str
) -> None:
    made = await report(sample, language)

    words = words_of(language)
    fictional, title = words.name("fictional"), words.name("title", year="2022")
    text = as_text(made)
    word = "\n".join(one.text for one in Document(io.BytesIO(as_docx(made))).paragraphs)
    assert (made.notice, made.as_json()["notice"]) == (fictional, fictional)
    for told in (text, word):
        assert title in told
        assert fictional in told
        assert words.number("module", 5) in told
        assert MODULE.get(language, MODULE["en"]) in told
    pdf = as_pdf(made, fonts=web.install(sample_settings))
    shown = extract_text(io.BytesIO(pdf)).replace("\n", " ")
    if language != "ar":
        assert MODULE.get(language, MODULE["en"]) in shown
    if language in {"en", "fr", "es", "ru"}:  # pdfminer gives Arabic and Chinese in the order of their shapes
        assert title in shown
        assert fictional in shown


async def test_an_arabic_document_runs_from_right_to_left(sample: OpenNetwork) -> None:
    arabic, french = as_docx(await report(sample, "ar")), as_docx(await report(sample, "fr"))

    for content, is_turned in ((arabic, True), (french, False)):
        paragraphs = Document(io.BytesIO(content)).paragraphs
        assert {one._p.pPr is not None and one._p.pPr.find(qn("w:bidi")) is not None for one in paragraphs} == {
            is_turned
        }
        assert {bool(run.font.rtl) for one in paragraphs for run in one.runs} == {is_turned}
    with zipfile.ZipFile(io.BytesIO(arabic)) as parts:
        assert 'w:bidi="ar-SA"' in parts.read("word/styles.xml").decode()


async def test_markup_in_a_title_is_text(sample: OpenNetwork, sample_settings: GraphSettings) -> None:
    made = await report(sample)
    odd = made.as_json() | {"title": '#read("/etc/passwd") *x* $y$ <w:p>'}
    report_ = Report(**(odd | {"sections": made.sections, "projected": made.projected}))

    shown = extract_text(io.BytesIO(as_pdf(report_, fonts=web.install(sample_settings))))
    word = Document(io.BytesIO(as_docx(report_))).paragraphs[0].text

    assert '#read("/etc/passwd") *x* $y$ <w:p>' in shown
    assert word == '#read("/etc/passwd") *x* $y$ <w:p>'


async def test_without_fonts_there_is_no_pdf(sample: OpenNetwork, tmp_path: Path) -> None:
    made = await report(sample)

    with pytest.raises(NoFonts, match="knowwho setup"):
        as_pdf(made, fonts=tmp_path)
