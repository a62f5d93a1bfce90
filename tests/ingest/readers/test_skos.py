# ruff: noqa: E501 -- exact sentences stand on one line each
"""Thesauri written by rdflib are read as topics: names, what is broader, schemes, matches, and all that is left out."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from graph.intake import Kind
from ingest.files import FileRefused
from ingest.found import Doubted, Found, NotTaken, Reading
from ingest.readers import Options
from ingest.readers.skos import read
from ingest.rows import Topic

T = Namespace("https://example.org/places/")
SKOSXL = Namespace("http://www.w3.org/2008/05/skos-xl#")
PLACES = T["scheme"]

Triple = tuple[Node, Node, Node]
Reader = Callable[..., Reading]


@pytest.fixture
def reading(tmp_path: Path) -> Reader:
    """What is read of these statements, written to a file in a syntax."""

    def written(*statements: Triple, syntax: str = "turtle", name: str = "places.ttl") -> Reading:
        graph = Graph()
        for statement in statements:
            graph.add(statement)
        graph.serialize(tmp_path / name, format=syntax, encoding="utf-8")
        return read(tmp_path / name, options=Options(file=name))

    return written


def concept(node: Node, *english: str) -> list[Triple]:
    """A concept with English preferred names."""
    return [(node, RDF.type, SKOS.Concept), *((node, SKOS.prefLabel, Literal(name, lang="en")) for name in english)]


def named(node: Node, prop: URIRef, **names: str) -> list[Triple]:
    return [(node, prop, Literal(name, lang=language)) for language, name in names.items()]


def by_key(found: Reading) -> dict[str, Found]:
    return {row.key: row for row in found.rows}


def cells(found: Reading) -> dict[str, object]:
    """The cells of the one row that there is."""
    (row,) = found.rows
    return dict(row.cells)


def sentences(found: Iterable[Doubted | NotTaken]) -> list[str]:
    return [f"{one.place}, {one.column}, {one.value}: {one.reason}; {one.remedy}" for one in found]


WHOLE = [
    (PLACES, RDF.type, SKOS.ConceptScheme),
    *named(PLACES, DCTERMS.title, fr="Lieux vulnérables", en="Vulnerable places"),
    (PLACES, SKOS.hasTopConcept, T.sites),
    *concept(T.sites, "Religious sites"),
    *named(T.sites, SKOS.prefLabel, fr="Sites religieux", es="Lugares religiosos", ar="المواقع الدينية", ru="Религиозные объекты", zh="宗教场所"),
    (T.sites, SKOS.narrower, T.stewards),
    *concept(T.stewards, "Stewards at places of worship"),
    *named(T.stewards, SKOS.altLabel, en="church wardens", fr="placiers"),
    *named(T.stewards, SKOS.hiddenLabel, en="church wardans"),
    *named(T.stewards, SKOS.definition, en="Volunteers who welcome worshippers.", fr="Des bénévoles."),
    (T.stewards, SKOS.inScheme, PLACES),
    (T.stewards, SKOS.exactMatch, URIRef("https://example.org/jobs/17")),
    (T.stewards, OWL.deprecated, Literal(True)),
]  # fmt: skip


@pytest.mark.parametrize(
    "name,syntax", [("a.ttl", "turtle"), ("a.nt", "nt11"), ("a.rdf", "pretty-xml"), ("a.owl", "xml"), ("a.jsonld", "json-ld")]
)  # fmt: skip
def test_a_thesaurus_is_read_whole_in_every_syntax(reading: Reader, name: str, syntax: str) -> None:
    found = reading(*WHOLE, syntax=syntax, name=name)

    assert by_key(found)["religious-sites"] == Found(
        kind=Kind.TOPICS,
        key="religious-sites",
        place="concept https://example.org/places/sites",
        cells={
            "id": "religious-sites",
            "label_en": "Religious sites",
            "label_fr": "Sites religieux",
            "label_es": "Lugares religiosos",
            "label_ar": "المواقع الدينية",
            "label_ru": "Религиозные объекты",
            "label_zh": "宗教场所",
            "scheme": "Vulnerable places",
            "iri": "https://example.org/places/sites",
        },
    )
    assert by_key(found)["stewards-at-places-of-worship"].cells == {
        "id": "stewards-at-places-of-worship",
        "broader": "#religious-sites",
        "label_en": "Stewards at places of worship",
        "other_labels_en": ["church wardens", "church wardans"],
        "other_labels_fr": ["placiers"],
        "definition": "Volunteers who welcome worshippers.",
        "scheme": "Vulnerable places",
        "iri": "https://example.org/places/stewards",
        "exact_match": ["https://example.org/jobs/17"],
        "deprecated": "true",
    }
    assert len(found.rows) == 2
    assert not found.refused
    assert not found.doubts
    assert found.notes == [
        "hidden labels are among the other names (1)",
        "deprecated concepts were kept and are marked (1)",
    ]


def test_what_is_found_fits_the_columns_of_topics(reading: Reader) -> None:
    found = reading(*WHOLE)

    rows = [Topic.model_validate(row.cells | {"broader": "religious-sites"}) for row in found.rows]

    assert [row.record()["exact_match"] for row in rows] == [[], ["https://example.org/jobs/17"]]
    assert [row.record()["deprecated"] for row in rows] == [None, True]


class TestNames:
    def test_in_other_languages_are_left_out_and_counted(self, reading: Reader) -> None:
        found = reading(
            *concept(T.a, "Hotels"),
            *named(T.a, SKOS.altLabel, de="Herbergen", pt="Hotéis", it="Alberghi"),
            *named(T.a, SKOS.prefLabel, de="Hotels"),
        )

        assert cells(found) == {"id": "hotels", "label_en": "Hotels", "iri": str(T.a)}
        assert found.notes == [
            "labels in other languages than the six of the UN were left out (2 in de, 1 in it, 1 in pt)"
        ]

    def test_of_a_region_are_names_of_the_language(self, reading: Reader) -> None:
        found = reading(
            *concept(T.a),
            *named(
                T.a,
                SKOS.prefLabel,
                **{"en-us": "Ushers", "en-gb": "Stewards", "zh-hant": "招待員", "zh-hans": "招待员"},
            ),
        )

        assert cells(found) == {
            "id": "stewards",
            "label_en": "Stewards",
            "other_labels_en": ["Ushers"],
            "label_zh": "招待员",
            "other_labels_zh": ["招待員"],
            "iri": str(T.a),
        }
        assert not found.doubts

    def test_without_a_language_are_told_by_their_script(self, reading: Reader) -> None:
        labels = ["Hotels", "فنادق", "Гостиницы", "酒店"]
        found = reading(*concept(T.a), *((T.a, SKOS.prefLabel, Literal(label)) for label in labels))

        assert cells(found) == {
            "id": "hotels",
            "iri": str(T.a),
            "label_en": "Hotels",
            "label_ar": "فنادق",
            "label_ru": "Гостиницы",
            "label_zh": "酒店",
        }
        assert found.notes == [
            "labels without a language were told by their script, those in Latin letters as English (4)"
        ]

    def test_that_are_two_in_a_language_are_doubted(self, reading: Reader) -> None:
        found = reading(*concept(T.a, "Inns", "Hotels", "Lodging"))

        assert cells(found)["label_en"] == "Hotels"
        assert cells(found)["other_labels_en"] == ["Inns", "Lodging"]
        assert sentences(found.doubts) == [
            "concept https://example.org/places/a, label_en, Inns, Lodging: it has several preferred names in one language; 'Hotels' was taken, and the others are among its other names; leave one skos:prefLabel and make the others skos:altLabel"
        ]

    def test_in_no_language_that_there_is_are_doubted_once_a_tag(self, reading: Reader) -> None:
        found = reading(
            *concept(T.a, "Hotels"),
            *named(T.a, SKOS.altLabel, english="Inns", xx="?"),
            *concept(T.b, "Bars"),
            *named(T.b, SKOS.altLabel, english="Pubs"),
        )

        assert "other_labels_en" not in by_key(found)["hotels"].cells
        assert sentences(found.doubts) == [
            "labels in 'english', None, english: 'english' is not a language tag of BCP 47, so they were left out (2); write en",
            "labels in 'xx', None, xx: 'xx' is not a language tag of BCP 47, so they were left out (1); write a tag such as fr, or look it up in BCP 47",
        ]

    def test_that_are_missing_refuse_the_concept_alone(self, reading: Reader) -> None:
        found = reading(
            *concept(T.a, "Hotels"),
            *concept(T.b),
            *concept(T.c),
            *named(T.c, SKOS.prefLabel, de="Märkte", it="Mercati"),
        )

        assert by_key(found).keys() == {"hotels"}
        assert sentences(found.refused) == [
            "concept https://example.org/places/b, label_en, : it has no preferred name; give it a skos:prefLabel in one of en, fr, es, ar, ru, zh",
            "concept https://example.org/places/c, label_en, : it has a preferred name only in de, it; give it a skos:prefLabel in one of en, fr, es, ar, ru, zh",
        ]

    def test_are_those_of_rdfs_where_skos_has_none(self, reading: Reader) -> None:
        found = reading(*concept(T.a), *named(T.a, RDFS.label, en="Hotels"))

        assert cells(found)["label_en"] == "Hotels"

    def test_are_read_from_skos_xl_too(self, reading: Reader) -> None:
        preferred, other = BNode(), BNode()
        found = reading(
            *concept(T.a),
            (T.a, SKOSXL.prefLabel, preferred),
            (preferred, SKOSXL.literalForm, Literal("Hotels", lang="en")),
            (T.a, SKOSXL.altLabel, other),
            (other, SKOSXL.literalForm, Literal("Inns", lang="en")),
        )

        assert cells(found) == {"id": "hotels", "label_en": "Hotels", "other_labels_en": ["Inns"], "iri": str(T.a)}

    @pytest.mark.parametrize("control", ["\x01", "\x0b", "\x0c", "&#1;", "&#11;"])
    def test_that_hold_controls_beside_markup_refuse_no_more_than_themselves(
        self, reading: Reader, control: str
    ) -> None:
        found = reading(*concept(T.a, "Hotels"), *named(T.a, SKOS.altLabel, en=f"Inns{control} <b>here</b>"))

        assert cells(found)["label_en"] == "Hotels"
        assert cells(found).get("other_labels_en", []) in (["Inns here"], [])
        assert len(found.refused) == (control == "\x01")

    def test_lose_markup_and_what_scripts_hold(self, reading: Reader) -> None:
        found = reading(
            *concept(T.a, "<b>Hotels</b><script>alert(1)</script>"),
            *named(T.a, SKOS.altLabel, en="a < b", fr="Auberges<br/>"),
        )

        assert cells(found)["label_en"] == "Hotels"
        assert cells(found)["other_labels_en"] == ["a < b"]
        assert cells(found)["other_labels_fr"] == ["Auberges"]

    def test_that_do_not_fit_are_refused_alone(self, reading: Reader) -> None:
        found = reading(*concept(T.a, "Hotels"), *named(T.a, SKOS.altLabel, en="x" * 121, fr="a\u202eb"))

        assert cells(found) == {"id": "hotels", "label_en": "Hotels", "iri": str(T.a)}
        assert sentences(found.refused) == [
            f"concept https://example.org/places/a, other_labels_en, {'x' * 79}…: it has 121 characters, more than 120; shorten it",
            "concept https://example.org/places/a, other_labels_fr, a\\u202eb: it holds the hidden character U+202E (RIGHT-TO-LEFT OVERRIDE); delete that character",
        ]


class TestDefinitions:
    @pytest.mark.parametrize(
        "told,definition",
        [
            ({"definition": {"en": "Where people sleep.", "fr": "Où l'on dort."}, "scopeNote": {"en": "Not hostels."}}, "Where people sleep."),
            ({"definition": {"fr": "Où l'on dort."}, "scopeNote": {"en": "Not hostels."}}, "Not hostels."),
            ({"definition": {"fr": "Où l'on dort.", "de": "Wo man schläft."}}, "Wo man schläft."),
            ({"scopeNote": {"fr": "Où l'on dort."}}, "Où l'on dort."),
            ({"definition": {"en": "<p>Where people sleep.</p>"}}, "Where people sleep."),
        ],
    )  # fmt: skip
    def test_are_in_english_if_any_is(self, reading: Reader, told: dict[str, dict[str, str]], definition: str) -> None:
        notes = [note for prop, texts in told.items() for note in named(T.a, SKOS[prop], **texts)]

        found = reading(*concept(T.a, "Hotels"), *notes)

        assert cells(found)["definition"] == definition

    def test_in_another_language_are_noted(self, reading: Reader) -> None:
        found = reading(*concept(T.a, "Hotels"), *named(T.a, SKOS.definition, fr="Où l'on dort."))

        assert found.notes == ["definitions in another language were taken where there is none in English (1)"]

    def test_may_be_resources_with_a_value(self, reading: Reader) -> None:
        note = BNode()
        found = reading(
            *concept(T.a, "Hotels"), (T.a, SKOS.definition, note), *named(note, RDF.value, en="Where people sleep.")
        )

        assert cells(found)["definition"] == "Where people sleep."


class TestBroader:
    def test_is_said_from_either_side(self, reading: Reader) -> None:
        found = reading(
            *concept(T.a, "Top"),
            *concept(T.b, "Below"),
            *concept(T.c, "Beside"),
            (T.b, SKOS.broader, T.a),
            (T.a, SKOS.narrower, T.c),
        )

        assert {key: row.cells.get("broader") for key, row in by_key(found).items()} == {
            "top": None,
            "below": "#top",
            "beside": "#top",
        }

    def test_is_one_of_several_by_rule_and_doubted(self, reading: Reader) -> None:
        schemes = [
            (T.c, SKOS.inScheme, T.one),
            (T.d, SKOS.inScheme, T.one),
            (T.a, SKOS.inScheme, T.one),
            (T.b, SKOS.inScheme, T.two),
        ]
        found = reading(
            *concept(T.a, "Old"),
            (T.a, OWL.deprecated, Literal(True)),
            *concept(T.b, "Of another scheme"),
            *concept(T.c, "Right"),
            *concept(T.d, "Below"),
            *schemes,
            *((T.d, SKOS.broader, above) for above in (T.a, T.b, T.c, T.d, T.elsewhere)),
        )

        assert by_key(found)["below"].cells["broader"] == "#right"
        assert sentences(found.doubts) == [
            "concept https://example.org/places/d, broader, Right, Old, Of another scheme, https://example.org/places/elsewhere, Below: it has 5 broader concepts; 'Right' was taken; leave one skos:broader, or say the right one in topics.csv"
        ]

    def test_of_which_only_all_that_is_above_is_said_is_the_nearest(self, reading: Reader) -> None:
        above = [(T.c, T.b), (T.c, T.a), (T.b, T.a), (T.c, T.c)]
        found = reading(
            *concept(T.a, "Top"),
            *concept(T.b, "Middle"),
            *concept(T.c, "Below"),
            *((low, SKOS.broaderTransitive, high) for low, high in above),
        )

        assert {key: row.cells.get("broader") for key, row in by_key(found).items()} == {
            "top": None,
            "middle": "#top",
            "below": "#middle",
        }
        assert not found.doubts
        assert found.notes == ["concepts that say only what is broader at any distance were put under the nearest (2)"]

    def test_in_another_file_is_named_by_its_iri(self, reading: Reader) -> None:
        found = reading(*concept(T.a, "Hotels"), (T.a, SKOS.broader, URIRef("https://example.org/other/1")))

        assert cells(found)["broader"] == "~https://example.org/other/1"

    def test_that_was_refused_is_doubted(self, reading: Reader) -> None:
        found = reading(*concept(T.a, "Hotels"), *concept(T.b), (T.a, SKOS.broader, T.b))

        assert "broader" not in cells(found)
        assert sentences(found.doubts) == [
            "concept https://example.org/places/a, broader, https://example.org/places/b: its broader concept was not taken in, so it was left at the top; make that a skos:Concept with a skos:prefLabel"
        ]

    def test_is_no_scheme_and_no_collection(self, reading: Reader) -> None:
        found = reading(
            (T.scheme, RDF.type, SKOS.ConceptScheme),
            (T.list, RDF.type, SKOS.OrderedCollection),
            *concept(T.a, "Hotels"),
            (T.a, SKOS.broader, T.scheme),
            (T.a, SKOS.broader, T.list),
        )

        assert "broader" not in cells(found)
        assert "collections were left out, which are no topics (1)" in found.notes

    def test_makes_a_concept_of_what_is_only_named_and_placed(self, reading: Reader) -> None:
        found = reading(*named(T.a, SKOS.prefLabel, en="Top"), *concept(T.b, "Below"), (T.b, SKOS.broader, T.a))

        assert by_key(found).keys() == {"top", "below"}


class TestSchemes:
    def test_are_several_in_a_file(self, reading: Reader) -> None:
        found = reading(
            (T.one, RDF.type, SKOS.ConceptScheme),
            *named(T.one, SKOS.prefLabel, en="Places"),
            (T.two, RDF.type, SKOS.ConceptScheme),
            *concept(T.a, "Hotels"),
            (T.a, SKOS.inScheme, T.one),
            *concept(T.b, "Hotels"),
            (T.b, SKOS.topConceptOf, T.two),
            (T.a, SKOS.exactMatch, T.b),
            *concept(T.c, "Bars"),
        )

        told = {row.key: (row.cells.get("scheme"), row.cells.get("exact_match")) for row in found.rows}
        assert told == {"hotels": ("Places", [str(T.b)]), "hotels-b": ("two", [str(T.a)]), "bars": (None, None)}

    def test_of_one_concept_are_one_by_rule_and_noted(self, reading: Reader) -> None:
        found = reading(*concept(T.a, "Hotels"), (T.a, SKOS.inScheme, T.one), (T.a, SKOS.topConceptOf, T.two))

        assert cells(found)["scheme"] == "two"
        assert found.notes == ["concepts of several schemes were taken as of one, that they are at the top of (1)"]

    def test_that_a_concept_does_not_name_is_the_only_one(self, reading: Reader) -> None:
        found = reading((T.places, RDF.type, SKOS.ConceptScheme), *concept(T.a, "Hotels"))

        assert cells(found)["scheme"] == "places"
        assert found.notes == ["concepts that name no scheme were taken as of the file's only one (1)"]


def test_only_exact_matches_join_concepts(reading: Reader) -> None:
    found = reading(
        *concept(T.a, "Hotels"),
        (T.a, SKOS.closeMatch, T.x),
        (T.a, SKOS.related, T.y),
        (T.a, SKOS.related, T.z),
        (T.x, SKOS.exactMatch, T.a),
    )

    assert cells(found)["exact_match"] == [str(T.x)]
    assert found.notes == [
        "relations other than broader, narrower and exactMatch were left out (1 closeMatch, 2 related)"
    ]


class TestIds:
    @pytest.mark.parametrize(
        "statements,id",
        [
            (concept(T.a, "Hotels & Inns: St. John's"), "hotels-inns-st-johns"),
            (concept(T.a, "Église"), "eglise"),
            ([*concept(T.a), *named(T.a, SKOS.prefLabel, ru="Гостиницы"), (T.a, SKOS.notation, Literal("B 1.2"))], "b-1-2"),
            ([*concept(T.c_17), *named(T.c_17, SKOS.prefLabel, ru="Гостиницы")], "c-17"),
            ([*concept(URIRef("urn:x:Отели")), *named(URIRef("urn:x:Отели"), SKOS.prefLabel, ru="Гостиницы")], "oteli"),
            (concept(BNode("x"), "Hotels"), "hotels"),
            ([*concept(BNode("x")), *named(BNode("x"), SKOS.prefLabel, ar="فنادق")], "fndq"),
            (concept(T.a, "†"), "a"),
            (concept(T.a, "x" * 100), "x" * 80),
        ],
    )  # fmt: skip
    def test_are_readable(self, reading: Reader, statements: list[Triple], id: str) -> None:
        assert cells(reading(*statements))["id"] == id

    def test_are_different_in_a_file_and_the_same_again(self, reading: Reader) -> None:
        nodes = [T.b, T.a, URIRef("https://example.org/other/a"), BNode(), BNode()]
        statements = [statement for node in nodes for statement in concept(node, "Hotels")]
        statements += named(nodes[3], SKOS.altLabel, en="Inns")

        found = reading(*statements)
        again = reading(*reversed(statements), name="again.rdf", syntax="xml")

        assert [row.key for row in found.rows] == ["hotels", "hotels-a", "hotels-b", "hotels-2", "hotels-3"]
        assert again == found

    def test_of_concepts_known_in_the_file_alone_have_no_iri_beside(self, tmp_path: Path) -> None:
        path = tmp_path / "a.ttl"
        path.write_text(
            f"<#hotels> a <{SKOS.Concept}> ; <{SKOS.prefLabel}> 'Hotels'@en ; <{SKOS.exactMatch}> <#inns> ."
        )

        found = read(path, options=Options(file="a.ttl"))

        assert cells(found) == {"id": "hotels", "label_en": "Hotels"}
        assert found.rows[0].place == "concept #hotels"


@pytest.mark.parametrize("statements", [[], named(T.a, RDFS.label, en="A class"), [(T.a, RDF.type, OWL.Class)]])
def test_a_file_without_concepts_is_refused(reading: Reader, statements: list[Triple]) -> None:
    with pytest.raises(FileRefused) as refused:
        reading(*statements)

    assert (
        str(refused.value)
        == "it holds no concept of SKOS; export the thesaurus with its skos:Concept and skos:prefLabel"
    )
