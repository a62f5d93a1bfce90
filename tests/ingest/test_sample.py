"""The sample network goes in whole, says that it is fictional, and holds what the programme's year held."""

import csv
import re
from collections import Counter
from itertools import chain

import frontmatter
import pytest
from sentencex import segment

from graph.intake import Kind
from graph.values import UN_LANGUAGES
from ingest import read
from ingest.reference import countries, regions
from ingest.sample import SAMPLE

BIOGRAPHIES = sorted((SAMPLE / "documents" / "biographies").glob("*.md"))


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def continent(place: str, above: dict[str, str]) -> str:
    """The region just below the world that a place lies in."""
    while above[place] != "001":
        place = above[place]
    return place


def test_nothing_of_the_sample_is_refused_or_left_out() -> None:
    found = read(SAMPLE)

    assert [str(refusal) for refusal in found.refusals] == []
    assert [str(note) for note in found.notes] == []
    assert len(found.tables) == len(Kind)


def test_the_sample_says_that_it_is_fictional() -> None:
    described = read(SAMPLE).description

    assert described is not None
    assert described.description.is_fictional
    assert "fictional" in described.description.title


def test_150_members_live_in_at_least_50_countries_over_all_regions() -> None:
    members = rows("experts")
    homes = {member["country"] for member in members}
    above = {country["id"]: country["region"] for country in countries()}
    above |= {region["id"]: region["within"] for region in regions() if region["within"]}

    assert len(members) == 150
    assert len(homes) >= 50
    assert {continent(home, above) for home in homes} == {"002", "009", "019", "142", "150"}


def test_every_address_is_one_that_cannot_exist() -> None:
    domains = {member["email"].partition("@")[2] for member in rows("experts")}

    assert domains <= {"example.org", "example.com", "example.net"}


def test_the_year_has_the_programmes_own_counts() -> None:
    events, resources, activities = rows("events"), rows("resources"), rows("activities")
    done = Counter(activity["kind"] for activity in activities if activity["status"] == "done")
    national = [a["countries"] for a in activities if (a["kind"], a["status"]) == ("national", "done")]
    briefings = [event for event in events if event["series"] == "expert-briefing-series"]
    modules = [resource for resource in resources if resource["kind"] == "module"]
    roadmaps = [resource for resource in resources if resource["kind"] == "roadmap"]

    assert len(briefings) == 6
    assert [sorted(listed(module["languages"])) for module in modules] == [["ar", "en", "fr", "ru"]] * 5
    assert sum(resource["kind"] == "compendium" for resource in resources) == 1
    assert sorted(roadmap["country"] for roadmap in roadmaps) == ["ID", "TG", "TJ", "TN"]
    assert (done["national"], done["regional"] + done["global"], done["outreach"]) == (10, 8, 4)
    assert set(national) == {"ID", "TG", "TJ", "TN"}
    assert len(rows("projects")) == 1
    assert any(activity["status"] == "projected" for activity in activities)


def test_every_briefing_has_speakers_with_an_abstract_and_people_who_attended() -> None:
    talks = {(row["event"], row["expert"]) for row in rows("speakers")}
    abstracts = {tuple(file.stem.split("--")) for file in (SAMPLE / "documents" / "talks").glob("*.md")}
    attended = Counter(row["event"] for row in rows("attendance"))

    assert talks == abstracts
    for event in rows("events"):
        if event["kind"] == "briefing":
            assert sum(briefing == event["id"] for briefing, _ in talks) >= 3
            assert attended[event["id"]] >= 30


def test_topics_have_labels_in_six_languages_and_a_hierarchy() -> None:
    topics = rows("topics")

    assert len(topics) >= 60
    assert sum(bool(topic["broader"]) for topic in topics) > 40
    for topic in topics:
        for language in UN_LANGUAGES:
            assert topic[f"label_{language}"], (topic["id"], language)
            assert topic[f"other_labels_{language}"], (topic["id"], language)


def test_everybody_has_a_biography_and_each_language_has_at_least_a_dozen() -> None:
    written = Counter(str(frontmatter.load(str(file))["language"]) for file in BIOGRAPHIES)

    assert {file.stem for file in BIOGRAPHIES} == {member["id"] for member in rows("experts")}
    assert all(written[language] >= 12 for language in UN_LANGUAGES)


@pytest.mark.parametrize("file", BIOGRAPHIES, ids=lambda file: file.stem)
def test_a_biography_is_60_to_120_words_long(file: str) -> None:
    biography = frontmatter.load(str(file))

    if biography["language"] == "zh":
        assert 110 <= len(re.findall(r"\w", biography.content)) <= 220
    else:
        assert 60 <= len(biography.content.split()) <= 120


def test_no_two_biographies_share_a_sentence() -> None:
    biographies = [frontmatter.load(str(file)) for file in BIOGRAPHIES]

    sentences = Counter(
        chain.from_iterable(
            {sentence.strip() for sentence in segment(str(one["language"]), one.content) if sentence.strip()}
            for one in biographies
        )
    )

    assert [sentence for sentence, times in sentences.items() if times > 1] == []
