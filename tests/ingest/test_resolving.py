"""From what files say to the network's ids."""

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.intake import Kind
from graph.intake.names import KnownEvent, KnownNames, KnownPerson
from graph.spelling import Written, alikeness
from ingest.found import CellValue, Found, FoundDocument, FoundText, Reading
from ingest.resolving import Resolved, ResolvedRow, resolve
from ingest.resolving.ids import Wanted, new_ids

NOTHING = KnownNames()
SALMA = KnownPerson("salma-benrabah", "Salma Benrabah", email="salma@example.org", orcid="0000-0002-1825-0097")
OTHER_ORCID = "0000-0001-5109-3700"


def found(kind: str, key: str, /, **cells: CellValue) -> Found:
    return Found(
        kind=Kind(kind),
        key=key,
        cells={name.rstrip("_"): value for name, value in cells.items()},
        place=f"{kind} {key}",
    )


def office(size: int) -> list[Found]:
    """So many people with quite different names and one address."""
    by_chance = random.Random(4)

    def word() -> str:
        return "".join(by_chance.choice("bdfgklmnrst") + by_chance.choice("aiu") for _ in range(5)).title()

    names = [f"{word()} {word()}" for _ in range(size)]
    return [
        found("experts", f"{number}", name=name, email="office@example.org") for number, name in enumerate(names, 1000)
    ]


def reading(*rows: Found, documents: Iterable[FoundDocument] = ()) -> Reading:
    return Reading(rows=list(rows), documents=list(documents), refused=[], doubts=[], notes=[])


def person(resolved: Resolved, file: str, key: str) -> str:
    return resolved.ids[file, Kind.EXPERTS, key]


def rows_of(resolved: Resolved, kind: str) -> list[ResolvedRow]:
    return [row for row in resolved.rows if row.kind == kind]


def cells_of(resolved: Resolved, kind: str) -> list[Mapping[str, str | list[str]]]:
    return [row.cells for row in rows_of(resolved, kind)]


def texts(cells: Mapping[str, str | list[str]], column: str) -> tuple[str, ...]:
    value = cells.get(column, ())
    return (value,) if isinstance(value, str) else tuple(value)


def remembered(resolved: Resolved, before: KnownNames = NOTHING) -> KnownNames:
    """What the graph knows when that was stored."""
    people: dict[str, KnownPerson] = {one.id: one for one in before.people}
    events: dict[str, KnownEvent] = {one.id: one for one in before.events}
    topics: dict[str, tuple[str, ...]] = {id: tuple(labels) for id, labels in before.topics.items()}
    organisations = dict(before.organisations)
    resources = dict(before.resources)
    by_iri = dict(before.topics_by_iri)
    for row in resolved.rows:
        cells, id = row.cells, str(row.cells.get("id"))
        if row.kind is Kind.EXPERTS:
            known = people.get(id)
            name = known.name if known else str(cells["name"])
            others = dict.fromkeys(
                [*(known.other_names if known else ()), *texts(cells, "name"), *texts(cells, "other_names")]
            )
            people[id] = KnownPerson(
                id,
                name,
                tuple(one for one in others if one != name),
                (known.email if known else None) or next(iter(texts(cells, "email")), None),
                (known.orcid if known else None) or next(iter(texts(cells, "orcid")), None),
                tuple(
                    dict.fromkeys([*(known.identifiers if known else ()), *texts(cells, "identifiers")]),
                ),
            )
        elif row.kind is Kind.EVENTS:
            earlier = events[id].identifiers if id in events else ()
            events[id] = KnownEvent(id, str(cells["title"]), (*earlier, *texts(cells, "identifiers")))
        elif row.kind is Kind.TOPICS:
            labels = [label for column in cells if "label" in column for label in texts(cells, column)]
            topics[id] = (*topics.get(id, ()), *labels)
            by_iri.update(dict.fromkeys(texts(cells, "iri"), id))
        elif row.kind is Kind.ORGANISATIONS:
            organisations[id] = str(cells["name"])
        elif row.kind is Kind.RESOURCES:
            resources[id] = str(cells["title"])
    return KnownNames(
        people=list(people.values()),
        events=list(events.values()),
        topics=topics,
        topics_by_iri=by_iri,
        organisations=organisations,
        resources=resources,
        distinct=before.distinct,
        merged=before.merged,
    )


# People


def test_an_address_in_other_letters_says_who_it_is() -> None:
    team = reading(found("experts", "2", name="S. Benrabah", email="SALMA@Example.org"))

    resolved = resolve({"team.xlsx": team}, NOTHING, own=KnownNames(people=[SALMA]))

    assert person(resolved, "team.xlsx", "2") == "salma-benrabah"
    assert not resolved.doubts


def test_whoever_is_named_by_a_number_here_and_by_an_address_there_is_one() -> None:
    readings = {
        "a.json": reading(found("experts", "1", name="Kofi Adjei", identifiers=["pretalx:conf.example.org/KOFI"])),
        "b.xlsx": reading(
            found("experts", "1", name="K. Adjei", identifiers=["pretalx:conf.example.org/KOFI"], email="k@example.org")
        ),
        "c.csv": reading(found("experts", "1", name="Adjei, Kofi", email="K@example.org")),
    }

    resolved = resolve(readings, NOTHING, own=NOTHING)

    assert len({person(resolved, file, "1") for file in readings}) == 1
    assert not resolved.doubts


def test_whom_an_identifier_names_keeps_the_id_that_the_graph_has() -> None:
    known = KnownNames(people=[KnownPerson("kofi-a", "Kofi Adjei", identifiers=("openalex:A5000000000",))])
    works = reading(found("experts", "me", name="Kofi Mensah Adjei", identifiers=["openalex:A5000000000"]))

    resolved = resolve({"works.json": works}, known, own=NOTHING)

    assert person(resolved, "works.json", "me") == "kofi-a"


def test_one_address_with_two_orcids_keeps_people_apart() -> None:
    readings = {
        "a.xlsx": reading(found("experts", "2", name="Salma Benrabah", email="s@example.org", orcid=SALMA.orcid or "")),
        "b.xlsx": reading(found("experts", "2", name="Salma Benrabah", email="s@example.org", orcid=OTHER_ORCID)),
    }

    resolved = resolve(readings, NOTHING, own=NOTHING)

    first, second = (person(resolved, file, "2") for file in readings)
    assert first != second
    assert [(doubt.file, doubt.column, doubt.reason) for doubt in resolved.doubts] == [
        (
            "a.xlsx",
            "email",
            "the e-mail address is also that of 'Salma Benrabah' (b.xlsx, experts 2), "
            "who has another ORCID, so the two were kept apart",
        ),
        (
            "b.xlsx",
            "email",
            "the e-mail address is also that of 'Salma Benrabah' (a.xlsx, experts 2), "
            "who has another ORCID, so the two were kept apart",
        ),
    ]


def test_an_address_that_several_in_a_file_have_proves_nothing() -> None:
    team = reading(
        found("experts", "2", name="Salma Benrabah", email="office@example.org"),
        found("experts", "3", name="Kofi Adjei", email="office@example.org"),
    )

    resolved = resolve({"team.xlsx": team}, NOTHING, own=NOTHING)

    assert person(resolved, "team.xlsx", "2") == "salma-benrabah"
    assert person(resolved, "team.xlsx", "3") == "kofi-adjei"
    assert [doubt.place for doubt in resolved.doubts] == ["experts 2", "experts 3"]


def test_of_an_address_that_a_whole_roster_has_there_is_one_doubt_with_how_many() -> None:
    team = {"team.xlsx": reading(*office(50))}

    first = resolve(team, NOTHING, own=NOTHING)
    again = resolve(team, remembered(first), own=NOTHING)

    assert again.ids == first.ids
    for resolved in (first, again):
        (doubt,) = resolved.doubts
        assert (doubt.place, doubt.column, doubt.value) == ("experts 1000", "email", "office@example.org")
        assert re.fullmatch(
            r"the e-mail address is also that of '.*' \(team.xlsx, experts 1001\), who has another name, "
            "and of 48 more, so all were kept apart",
            doubt.reason,
        )
        assert doubt.remedy == "give each an address of their own, and leave out an office's"
    assert len(set(first.ids.values())) == 50


def test_what_an_address_of_a_whole_roster_costs_grows_with_the_roster(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def counting(one: Written, other: Written) -> float:
        nonlocal compared
        compared += 1
        return alikeness(one, other)

    for module in ("graph.spelling", "graph.people.likeness"):
        monkeypatch.setattr(import_module(module), "alikeness", counting)
    counts = []
    for size in (100, 200, 400):
        team = {"team.xlsx": reading(*office(size))}
        compared = 0
        known = remembered(resolve(team, NOTHING, own=NOTHING))
        resolve(team, known, own=NOTHING)
        resolve({"other.xlsx": reading(*office(3))}, known, own=NOTHING)
        counts.append(compared)

    assert counts[2] - counts[1] <= 3 * (counts[1] - counts[0]) + 100


def test_an_address_with_quite_another_name_in_another_file_is_a_doubt() -> None:
    team = reading(found("experts", "2", name="Kofi Adjei", email="salma@example.org"))

    resolved = resolve({"team.xlsx": team}, NOTHING, own=KnownNames(people=[SALMA]))

    assert person(resolved, "team.xlsx", "2") == "kofi-adjei"
    assert [doubt.remedy for doubt in resolved.doubts] == [
        "correct one of them, or run 'knowwho people merge kofi-adjei salma-benrabah' if they are one"
    ]


def test_a_name_alone_makes_nobody_the_same() -> None:
    team = reading(found("experts", "2", name="سلمى بنرابح"))

    resolved = resolve({"team.xlsx": team}, NOTHING, own=KnownNames(people=[SALMA]))

    id = person(resolved, "team.xlsx", "2")
    assert id == "slma-bnrbh"
    assert [(doubt.reason, doubt.remedy) for doubt in resolved.doubts] == [
        (
            f"{id} may be the same person as salma-benrabah (same name in another script)",
            f"run 'knowwho people merge salma-benrabah {id}' or 'knowwho people distinct {id} salma-benrabah'",
        )
    ]


def test_of_whom_somebody_said_that_they_are_two_there_is_no_doubt() -> None:
    readings = {"team.xlsx": reading(found("experts", "2", name="Salma Benrabah"))}
    own = KnownNames(people=[SALMA])
    first = resolve(readings, NOTHING, own=own)
    id = person(first, "team.xlsx", "2")
    said = KnownNames(people=remembered(first).people, distinct=frozenset({frozenset({id, SALMA.id})}))

    resolved = resolve(readings, said, own=own)

    assert first.doubts
    assert person(resolved, "team.xlsx", "2") == id
    assert not resolved.doubts


def test_whoever_was_merged_into_somebody_is_that_person() -> None:
    known = KnownNames(people=[SALMA], merged={"selma": "salma-benrabah"})
    team = reading(found("experts", "2", id="selma", name="Selma B."), found("affiliations", "a", expert="selma"))

    resolved = resolve({"team.xlsx": team}, known, own=NOTHING)

    assert person(resolved, "team.xlsx", "2") == "salma-benrabah"
    assert cells_of(resolved, "affiliations") == [{"expert": "salma-benrabah"}]


def test_nobody_is_asked_again_about_two_who_were_merged() -> None:
    kofi = KnownPerson("kofi-adjei", "Kofi Adjei", (), "k@example.org", None, ("openalex:A5",))
    known = KnownNames(
        people=[kofi], merged={"kofi-adjei-2": "kofi-adjei"}, merged_by_identifier={"openalex:A5": "kofi-adjei-2"}
    )
    works = reading(found("experts", "A5", name="Kofi Adjei", identifiers=["openalex:A5"]))

    resolved = resolve({"openalex.json": works}, known, own=NOTHING)

    assert resolved.doubts == ()
    assert person(resolved, "openalex.json", "A5") == "kofi-adjei-2"


def test_somebody_of_the_same_name_who_comes_later_takes_nobodys_id() -> None:
    first = {"b.xlsx": reading(found("experts", "2", name="Kofi Adjei"))}
    before = resolve(first, NOTHING, own=NOTHING)
    later = {**first, "a.xlsx": reading(found("experts", "2", name="Kofi Adjei"))}

    resolved = resolve(later, remembered(before), own=NOTHING)

    assert person(before, "b.xlsx", "2") == "kofi-adjei"
    assert person(resolved, "b.xlsx", "2") == "kofi-adjei"
    assert person(resolved, "a.xlsx", "2").startswith("kofi-adjei-")
    assert [doubt.file for doubt in resolved.doubts] == ["a.xlsx"]


def test_a_row_that_moved_is_still_the_same_person() -> None:
    before = resolve({"team.xlsx": reading(found("experts", "2", name="Kofi Adjei"))}, NOTHING, own=NOTHING)
    moved = reading(found("experts", "2", name="Salma Benrabah"), found("experts", "3", name="Kofi Adjei"))

    resolved = resolve({"team.xlsx": moved}, remembered(before), own=NOTHING)

    assert person(resolved, "team.xlsx", "3") == "kofi-adjei"
    assert person(resolved, "team.xlsx", "2") == "salma-benrabah"


def test_another_address_in_the_same_row_is_another_person_and_a_doubt() -> None:
    before = resolve(
        {"team.xlsx": reading(found("experts", "2", name="Kofi Adjei", email="old@example.org"))}, NOTHING, own=NOTHING
    )
    changed = reading(found("experts", "2", name="Kofi Mensah Adjei", email="new@example.org"))

    resolved = resolve({"team.xlsx": changed}, remembered(before), own=NOTHING)

    assert person(resolved, "team.xlsx", "2") == "kofi-mensah-adjei"
    assert [str(doubt) for doubt in resolved.doubts] == [
        "team.xlsx, experts 2: the place in the file was that of 'kofi-adjei', who has another e-mail address, so the "
        "two were kept apart; correct one of them, or run 'knowwho people merge kofi-adjei kofi-mensah-adjei' if they "
        "are one"
    ]


def test_whoever_was_merged_is_known_by_each_address_that_a_file_gave_them() -> None:
    rows = [
        found("experts", "2", name="Kofi Adjei", email="k@example.org"),
        found("experts", "3", name="Kofi M. Adjei", email="kofi@example.org"),
    ]
    before = remembered(resolve({"team.xlsx": reading(*rows)}, NOTHING, own=NOTHING))
    kept, gone = before.people
    one = replace(kept, other_names=(gone.name,), identifiers=tuple(sorted({*kept.identifiers, *gone.identifiers})))
    merged = KnownNames(people=[one], merged={gone.id: kept.id})
    inserted = [
        found("experts", "2", name="Kofi Adjei", email="another@example.org"),
        found("experts", "3", name="Kofi Adjei", email="k@example.org"),
        found("experts", "4", name="Kofi M. Adjei", email="kofi@example.org"),
    ]

    resolved = resolve({"team.xlsx": reading(*inserted)}, merged, own=NOTHING)

    assert [person(resolved, "team.xlsx", key) == kept.id for key in "234"] == [False, True, True]


def test_whoever_was_merged_is_known_again_without_addresses_though_a_row_was_put_in_above() -> None:
    rows = [found("experts", "2", name="Kofi Adjei"), found("experts", "3", name="Kofi M. Adjei")]
    before = remembered(resolve({"team.xlsx": reading(*rows)}, NOTHING, own=NOTHING))
    kept, gone = before.people
    one = replace(kept, other_names=(gone.name,), identifiers=(*kept.identifiers, *gone.identifiers))
    merged = KnownNames(people=[one], merged={gone.id: kept.id})
    inserted = [
        found("experts", "2", name="Salma Benrabah"),
        found("experts", "3", name="Kofi Adjei"),
        found("experts", "4", name="Kofi M. Adjei"),
    ]

    same = resolve({"team.xlsx": reading(*rows)}, merged, own=NOTHING)
    moved = resolve({"team.xlsx": reading(*inserted)}, merged, own=NOTHING)

    assert [person(same, "team.xlsx", key) for key in "23"] == [kept.id, kept.id]
    assert [person(moved, "team.xlsx", key) for key in "234"] == ["salma-benrabah", kept.id, kept.id]


@pytest.mark.parametrize("other", ["Kofi Adjei", "Koffi Adjei", "Kofi Mensah Adjei"])
@pytest.mark.parametrize("addresses", [("k@example.org", "other@example.org"), ("k@example.org", "")])
def test_a_namesake_put_in_above_is_somebody_new(other: str, addresses: tuple[str, str]) -> None:
    before = resolve(
        {"team.xlsx": reading(found("experts", "2", name="Kofi Adjei", email=addresses[0]))}, NOTHING, own=NOTHING
    )
    inserted = reading(
        found("experts", "2", name=other, email=addresses[1]),
        found("experts", "3", name="Kofi Adjei", email=addresses[0]),
    )

    resolved = resolve({"team.xlsx": inserted}, remembered(before), own=NOTHING)

    assert person(resolved, "team.xlsx", "3") == "kofi-adjei"
    assert person(resolved, "team.xlsx", "2") != "kofi-adjei"


def test_two_rows_that_change_places_change_nobody() -> None:
    def rows(*names: str) -> dict[str, Reading]:
        return {"team.xlsx": reading(*(found("experts", f"{n}", name=name) for n, name in enumerate(names, 2)))}

    before = resolve(rows("Kofi Adjei", "Koffi Adjei"), NOTHING, own=NOTHING)

    resolved = resolve(rows("Koffi Adjei", "Kofi Adjei"), remembered(before), own=NOTHING)

    assert [person(resolved, "team.xlsx", key) for key in "32"] == [person(before, "team.xlsx", key) for key in "23"]


def test_a_place_that_somebody_else_had_too_hides_no_identifier() -> None:
    place = "file:team.xlsx#2"
    known = KnownNames(
        people=[
            KnownPerson("kofi", "Kofi Adjei", identifiers=("openalex:A1", place)),
            KnownPerson("salma", "Salma Benrabah", identifiers=(place,)),
        ]
    )
    works = reading(found("experts", "me", name="Kofi Adjei", identifiers=["openalex:A1"]))

    resolved = resolve({"works.json": works}, known, own=NOTHING)

    assert person(resolved, "works.json", "me") == "kofi"


def test_a_name_in_a_cell_means_who_alone_is_called_so() -> None:
    own = KnownNames(people=[SALMA, KnownPerson("kofi-1", "Kofi Adjei"), KnownPerson("kofi-2", "Kofi Adjei")])
    talks = [
        FoundDocument(key="1", cells={"owner": ["~SALMA  benrabah", "~Kofi Adjei"]}, paragraphs=[FoundText(text="a")]),
    ]

    resolved = resolve({"talks.pdf": reading(documents=talks)}, NOTHING, own=own)

    assert [document.cells for document in resolved.documents] == [{"owner": ["salma-benrabah"]}]
    assert [doubt.reason for doubt in resolved.doubts] == [
        "several could be meant by 'Kofi Adjei' (kofi-1, kofi-2), so none was taken"
    ]


# Topics

TOPICS = KnownNames(topics={"religious-sites": ["Religious sites", "Sites religieux", "places of worship"]})


@pytest.mark.parametrize("label", ["RELIGIOUS SITES", "sites  réligieux", "Places-of-Worship"])
def test_a_topic_is_found_by_any_of_its_labels(label: str) -> None:
    row = found("experts", "2", name="Kofi Adjei", topics=[[f"~{label}", "lead", "2011"]])

    resolved = resolve({"team.xlsx": reading(row)}, NOTHING, own=TOPICS)

    assert cells_of(resolved, "experts")[0]["topics"] == ["religious-sites:lead:2011"]
    assert not resolved.doubts


def test_a_near_miss_is_a_doubt_and_not_linked() -> None:
    row = found("experts", "2", name="Kofi Adjei", topics=[["~Religous sites", "lead"]])

    resolved = resolve({"team.xlsx": reading(row)}, NOTHING, own=TOPICS)

    assert "topics" not in cells_of(resolved, "experts")[0]
    assert [(doubt.column, doubt.reason) for doubt in resolved.doubts] == [
        ("topics", "no topic is called 'Religous sites', though one is called 'Religious sites' (religious-sites)")
    ]


def test_a_track_is_the_topic_that_is_called_so_or_a_new_one() -> None:
    readings = {
        "schedule.json": reading(
            found("topics", "1", label_fr="Sites religieux"),
            found("topics", "2", label_en="Law"),
            found("events", "E", title="Briefing", topics=["#1", "#2"]),
        )
    }

    resolved = resolve(readings, NOTHING, own=TOPICS)

    assert cells_of(resolved, "topics") == [{"id": "law", "label_en": "Law"}]
    assert cells_of(resolved, "events")[0]["topics"] == ["religious-sites", "law"]
    again = resolve(readings, remembered(resolved), own=TOPICS)
    assert cells_of(again, "topics") == cells_of(resolved, "topics")


def test_a_label_of_two_topics_is_a_doubt_unless_they_match_exactly() -> None:
    def thesaurus(scheme: str, **more: CellValue) -> Found:
        iri = f"https://example.org/{scheme}/law"
        return found("topics", "law", id="law", iri=iri, scheme=scheme, label_en="Law", **more)

    row = found("experts", "2", name="Kofi Adjei", topics=[["~law", "lead"]])
    apart = {"a.ttl": reading(thesaurus("a")), "b.ttl": reading(thesaurus("b")), "team.xlsx": reading(row)}
    match: CellValue = ["https://example.org/b/law"]
    matched = {**apart, "a.ttl": reading(thesaurus("a", exact_match=match, deprecated="true"))}

    doubted = resolve(apart, NOTHING, own=NOTHING)
    resolved = resolve(matched, NOTHING, own=NOTHING)

    ids = [apart_id for (_, kind, _), apart_id in sorted(doubted.ids.items()) if kind is Kind.TOPICS]
    assert len(set(ids)) == 2
    assert [doubt.file for doubt in doubted.doubts] == ["team.xlsx"]
    assert cells_of(resolved, "experts")[0]["topics"] == [f"{resolved.ids['b.ttl', Kind.TOPICS, 'law']}:lead"]
    assert not resolved.doubts


def test_a_concept_keeps_the_id_that_the_graph_has_for_its_iri() -> None:
    concept = found("topics", "law", id="law", iri="https://example.org/law", label_en="Law")
    known = KnownNames(topics={"legal": ["Legal matters"]}, topics_by_iri={"https://example.org/law": "legal"})
    below = found("topics", "x", id="x", iri="https://example.org/x", label_en="X", broader="~https://example.org/law")

    resolved = resolve({"a.ttl": reading(concept, below)}, known, own=NOTHING)

    assert [(one["id"], one.get("broader")) for one in cells_of(resolved, "topics")] == [
        ("legal", None),
        ("x", "legal"),
    ]


# Organisations, events, resources


def test_an_organisation_that_is_named_has_a_row_and_nearly_the_same_is_a_doubt() -> None:
    own = KnownNames(organisations={"osce": "OSCE", "stewards": "Association of Stewards"})
    rows = [
        found("experts", "2", name="Kofi Adjei"),
        found("affiliations", "a", expert="#2", organisation="~Osce"),
        found("affiliations", "b", expert="#2", organisation="~Association of Steward"),
    ]

    resolved = resolve({"team.xlsx": reading(*rows)}, NOTHING, own=own)

    assert cells_of(resolved, "organisations") == [{"id": "association-of-steward", "name": "Association of Steward"}]
    assert [one["organisation"] for one in cells_of(resolved, "affiliations")] == ["osce", "association-of-steward"]
    assert [doubt.reason for doubt in resolved.doubts] == [
        "the organisation 'Association of Steward' was taken as a new one (association-of-steward), "
        "though there is 'Association of Stewards' (stewards)"
    ]


def test_events_of_one_title_are_several_and_one_identifier_is_one() -> None:
    def event(key: str, day: str, uid: str) -> Found:
        return found("events", key, title="Briefing", starts_at=f"{day}T10:00:00Z", identifiers=[f"ical:{uid}"])

    readings = {
        "a.ics": reading(event("1", "2022-03-16", "one"), event("2", "2022-04-20", "two")),
        "b.ics": reading(event("1", "2022-03-16", "one")),
    }

    resolved = resolve(readings, NOTHING, own=NOTHING)

    assert {one["id"] for one in cells_of(resolved, "events")} == {"briefing-2022-03-16", "briefing-2022-04-20"}
    assert resolved.ids["a.ics", Kind.EVENTS, "1"] == resolved.ids["b.ics", Kind.EVENTS, "1"]


def test_works_of_one_title_are_told_apart_by_their_identifiers() -> None:
    def works(*numbers: str) -> Reading:
        return reading(
            *(
                found("resources", one, title="Editorial", kind_="report", identifiers=[f"doi:10.1/{one}"])
                for one in numbers
            )
        )

    alone = resolve({"a.json": works("1")}, NOTHING, own=NOTHING)
    both = resolve({"a.json": works("1"), "b.json": works("2")}, remembered(alone), own=NOTHING)
    other = resolve({"b.json": works("2")}, remembered(alone), own=NOTHING)

    assert both.ids["a.json", Kind.RESOURCES, "1"] == alone.ids["a.json", Kind.RESOURCES, "1"]
    assert both.ids["b.json", Kind.RESOURCES, "2"] == other.ids["b.json", Kind.RESOURCES, "2"]
    assert len(set(both.ids.values())) == 2


def test_a_work_with_another_title_now_is_told_by_its_identifier() -> None:
    known = KnownNames(resources={"guide": "A guide"}, resources_by_identifier={"doi:10.1/1": "guide"})
    works = reading(found("resources", "1", title="A guide, revised", identifiers=["doi:10.1/1"]))

    resolved = resolve({"a.json": works}, known, own=NOTHING)

    assert resolved.ids["a.json", Kind.RESOURCES, "1"] == "guide"


def test_a_speaker_whom_one_file_knows_by_a_code_is_named_by_another() -> None:
    readings = {
        "conf/talks.json": reading(
            found("experts", "KOFI", identifiers=["pretalx:KOFI"]),
            found("events", "conf", identifiers=["pretalx:conf"]),
            found("speakers", "t", event="#conf", expert="#KOFI", talk="Law"),
        ),
        "conf/speakers.json": reading(
            found("experts", "KOFI", name="Kofi Adjei", identifiers=["pretalx:conf.example.org/KOFI"])
        ),
        "conf/event.json": reading(
            found("events", "conf", title="Conference", kind_="conference", identifiers=["pretalx:conf"])
        ),
    }

    resolved = resolve(readings, NOTHING, own=NOTHING)

    assert cells_of(resolved, "speakers") == [{"event": "conference", "expert": "kofi-adjei", "talk": "Law"}]
    assert [row.file for row in resolved.rows] == ["conf/speakers.json", "conf/event.json", "conf/talks.json"]
    assert not resolved.refusals


def test_a_speaker_whom_nobody_names_is_refused_with_all_that_names_them() -> None:
    talks = reading(
        found("experts", "KOFI", identifiers=["pretalx:KOFI"]),
        found("events", "conf", id="conf", title="Conference"),
        found("speakers", "t", event="#conf", expert="#KOFI"),
    )

    resolved = resolve({"talks.json": talks}, NOTHING, own=NOTHING)

    assert [(one.place, one.reason) for one in resolved.refusals] == [
        ("experts KOFI", "it names a person only by 'pretalx:KOFI', and nobody is known by that"),
        ("speakers t", "the person 'KOFI', which this names, is itself refused"),
    ]
    assert not cells_of(resolved, "speakers")


# Rows


def test_what_names_nothing_in_its_file_is_refused() -> None:
    resolved = resolve(
        {"team.xlsx": reading(found("affiliations", "a", expert="#9", organisation="~OSCE"))}, NOTHING, own=NOTHING
    )

    assert [str(one) for one in resolved.refusals] == [
        "team.xlsx, affiliations a, column expert: the file has no person '9', which this names; "
        "export the file again, or correct what it names"
    ]
    assert not resolved.rows


def test_what_a_file_says_twice_of_somebody_is_put_together() -> None:
    team = reading(
        found("experts", "2", name="Salma Benrabah", email="s@example.org", languages=[["fr", "fluent"]], country="TN"),
        found(
            "experts",
            "7",
            name="S. Benrabah",
            email="S@example.org",
            languages=[["fr", "basic"], ["ar", "native"]],
            country="FR",
        ),
    )

    resolved = resolve({"team.xlsx": team}, NOTHING, own=NOTHING)

    (row,) = rows_of(resolved, "experts")
    assert row.keys == ("2", "7")
    assert row.cells["languages"] == ["fr:fluent", "ar:native"]
    assert row.cells["other_names"] == ["S. Benrabah"]
    assert row.cells["country"] == "TN"
    assert [(one.place, one.column, one.reason) for one in resolved.doubts] == [
        ("experts 7", "email", "'S@example.org' here is 's@example.org' at team.xlsx, experts 2, which was taken"),
        ("experts 7", "country", "'FR' here is 'TN' at team.xlsx, experts 2, which was taken"),
    ]


# Whatever becomes of a roster

NAMESAKES = ["Kofi Adjei", "Koffi Adjei", "Kofi Mensah Adjei", "K. Adjei", "Adjei, Kofi"]


def rosters(rows: st.SearchStrategy[list[tuple[int, str]]]) -> st.SearchStrategy[list[list[tuple[int, str]]]]:
    """One roster after the other: by numbers whose row it is, and the name that it has."""
    return st.lists(rows, min_size=2, max_size=4)


NAMED = st.sampled_from(NAMESAKES)
ALL_WITH_ADDRESSES = st.lists(st.tuples(st.integers(0, 5), NAMED), max_size=6)
ONE_WITHOUT = st.lists(st.tuples(st.integers(0, 6), NAMED), max_size=6, unique_by=lambda row: row[0])


@given(rosters(ALL_WITH_ADDRESSES) | rosters(ONE_WITHOUT), st.sampled_from(["email", "orcid"]))
@settings(deadline=None)
def test_whatever_becomes_of_a_roster_of_namesakes_ids_stay_with_addresses(
    given: list[list[tuple[int, str]]], column: str
) -> None:
    """Rows are put in, taken out, sorted and written otherwise; whoever has an address is its owner."""
    orcids = [f"0000-0002-1825-000{n}" for n in range(6)]
    signs = {"email": [f"k{n}@example.org" for n in range(6)] + [""], "orcid": [*orcids, ""]}
    known, owners = NOTHING, dict[str, str]()
    for roster in given:
        rows = [
            found("experts", f"{number}", name=name, **{column: signs[column][sign]})
            for number, (sign, name) in enumerate(roster, 2)
        ]

        resolved = resolve({"team.xlsx": reading(*rows)}, known, own=NOTHING)

        for row in rows:
            if not row.cells[column]:
                continue
            id = person(resolved, "team.xlsx", row.key)
            assert owners.setdefault(str(row.cells[column]), id) == id
        assert len(set(owners.values())) == len(owners)
        known = remembered(resolved, known)


# Whatever the files

NAMES = ["Salma Benrabah", "سلمى بنرابح", "Kofi Adjei", "K. Adjei", "ama"]
LABELS = ["Law", "LAW", "Religious sites", "Religous sites", "Design"]


@st.composite
def files(draw: st.DrawFn) -> dict[str, Reading]:
    given: dict[str, Reading] = {}
    for file in draw(st.sets(st.sampled_from(["a.xlsx", "b.json", "c/d.csv"]), min_size=1)):
        rows: list[Found] = []
        for key in draw(st.sets(st.sampled_from("123456"), max_size=5)):
            cells: dict[str, CellValue] = {}
            if draw(st.integers(0, 9)):
                cells["name"] = draw(st.sampled_from(NAMES))
            if draw(st.booleans()):
                cells["email"] = draw(st.sampled_from(["s@example.org", "S@example.org", "k@example.org"]))
            if draw(st.integers(0, 3)) == 0:
                cells["orcid"] = draw(st.sampled_from([SALMA.orcid or "", OTHER_ORCID]))
            if draw(st.integers(0, 3)) == 0:
                cells["identifiers"] = [draw(st.sampled_from(["pretalx:x.org/A", "pretalx:A", "openalex:A1"]))]
            if draw(st.integers(0, 5)) == 0:
                cells["id"] = draw(st.sampled_from(["salma-benrabah", "kofi", "gone"]))
            if draw(st.booleans()):
                cells["topics"] = [[f"~{draw(st.sampled_from(LABELS))}", "lead"]]
            rows.append(Found(kind=Kind.EXPERTS, key=key, cells=cells, place=f"row {key}"))
            if draw(st.booleans()):
                organisation = draw(st.sampled_from(["~OSCE", "~Osce", "~Association", "#1"]))
                works: dict[str, CellValue] = {
                    "expert": f"#{draw(st.sampled_from('123'))}",
                    "organisation": organisation,
                }
                rows.append(Found(kind=Kind.AFFILIATIONS, key=f"a{key}", cells=works, place=f"row {key}"))
        for key in draw(st.sets(st.sampled_from("xy"))):
            label = draw(st.sampled_from(LABELS))
            rows.append(Found(kind=Kind.TOPICS, key=key, cells={"label_en": label}, place=f"topic {key}"))
            event: dict[str, CellValue] = {"title": draw(st.sampled_from(LABELS)), "topics": [f"#{key}"]}
            rows.append(Found(kind=Kind.EVENTS, key=key, cells=event, place=f"event {key}"))
        given[file] = reading(*rows)
    return given


OWN = KnownNames(
    people=[SALMA],
    topics={"religious-sites": ["Religious sites"]},
    organisations={"osce": "OSCE"},
    merged={"gone": "salma-benrabah"},
)


def shuffled(given: Mapping[str, Reading], seed: int) -> dict[str, Reading]:
    by_chance = random.Random(seed)
    order = list(given)
    by_chance.shuffle(order)
    return {file: reading(*by_chance.sample(given[file].rows, len(given[file].rows))) for file in order}


def said(resolved: Resolved) -> list[tuple[object, ...]]:
    """What the rows say, whatever their order."""
    return sorted(
        (
            row.kind,
            row.file,
            sorted(row.keys),
            sorted((column, sorted(texts(row.cells, column))) for column in row.cells),
        )
        for row in resolved.rows
    )


def doubts_on_meaning(resolved: Resolved) -> set[str]:
    """Without those on a row that says what another row does, the first of which has the word."""
    return {str(doubt) for doubt in resolved.doubts if "which was taken" not in doubt.reason}


@given(files(), st.integers(0, 1000))
@settings(deadline=None)
def test_the_order_of_files_and_rows_changes_no_id(given: dict[str, Reading], seed: int) -> None:
    in_order, by_chance = resolve(given, OWN, own=OWN), resolve(shuffled(given, seed), OWN, own=OWN)

    assert by_chance.ids == in_order.ids
    assert doubts_on_meaning(by_chance) == doubts_on_meaning(in_order)


@given(files())
@settings(deadline=None)
def test_the_same_files_again_change_nothing(given: dict[str, Reading]) -> None:
    before = resolve(given, OWN, own=OWN)

    again = resolve(given, remembered(before, OWN), own=OWN)

    assert again.ids == before.ids
    assert said(again) == said(before)


@given(files())
@settings(deadline=None)
def test_nobody_is_lost_and_nobody_has_anothers_id(given: dict[str, Reading]) -> None:
    resolved = resolve(given, OWN, own=OWN)

    refused = {(one.file, one.place) for one in resolved.refusals}
    doubted = {(one.file, one.place) for one in resolved.doubts}
    kept = {(row.file, row.kind, key) for row in resolved.rows for key in row.keys}
    for file, one in given.items():
        for row in one.rows:
            told = (file, row.kind, row.key)
            assert told in kept or told in resolved.ids or (file, row.place) in refused | doubted
    by_orcid: dict[str, set[str]] = {}
    for row_ in rows_of(resolved, "experts"):
        for orcid in texts(row_.cells, "orcid"):
            by_orcid.setdefault(str(row_.cells["id"]), set()).add(orcid)
    explicit = {"salma-benrabah", "kofi"}
    assert all(len(orcids) == 1 for id, orcids in by_orcid.items() if id not in explicit)


# Ids


def test_namesakes_who_come_together_have_each_an_id_of_their_own_in_any_order() -> None:
    wanted = {number: Wanted("Kofi Adjei", f"file\0{number}") for number in range(3)}

    ids = new_ids(wanted, {"ama"}, otherwise="person")

    assert ids == new_ids(dict(reversed(wanted.items())), {"ama"}, otherwise="person")
    assert all(id.startswith("kofi-adjei-") for id in ids.values())
    assert len(set(ids.values())) == 3


@pytest.mark.parametrize("name, id", [("Kofi Adjéi", "kofi-adjei"), ("王小明", "wang-xiao-ming"), ("?!", "person")])
def test_an_id_is_made_from_a_name_in_any_script(name: str, id: str) -> None:
    assert new_ids({1: Wanted(name, "a")}, (), otherwise="person") == {1: id}


# The page

PAGE = (Path(__file__).parents[2] / "docs" / "ingest" / "people.md").read_text(encoding="utf-8")


def test_the_pages_example_gives_the_report_that_it_shows() -> None:
    table = re.search(r"<!-- example: roster -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    report = re.search(r"<!-- report: roster -->\n```text\n(.*?)\n```", PAGE, re.DOTALL)
    assert table is not None
    assert report is not None
    rows: list[Found] = []
    for line in table[1].splitlines()[2:]:
        number, name, email, topic = (cell.strip() for cell in line.strip("|").split("|"))
        cells: dict[str, CellValue] = {"name": name}
        cells |= {"email": email} if email else {}
        cells |= {"topics": [[f"~{topic}", "familiar"]]} if topic else {}
        rows.append(Found(kind=Kind.EXPERTS, key=number, cells=cells, place=f"row {number}"))
    own = KnownNames(people=[SALMA], topics={"prevention": ["Prevention"]})

    resolved = resolve({"roster.xlsx": reading(*rows)}, NOTHING, own=own)

    people = [f"row {row.key} is {person(resolved, 'roster.xlsx', row.key)}" for row in rows]
    assert [*people, "", *map(str, resolved.doubts)] == report[1].splitlines()
