"""Thesauri: the concepts of SKOS (W3C Recommendation, 18 August 2009) as topics, from any syntax of RDF.

A topic has one preferred name and any number of others in each of the six UN languages, and one broader topic at most;
what a thesaurus says beyond that is left out and told. The order of statements in a file means nothing, so whatever is
chosen among several is chosen by rule: the same file gives the same topics.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import lxml.html
from anyascii import anyascii
from rdflib import DC, DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from graph.intake import Kind
from graph.values import UN_LANGUAGES
from ingest.cells import HOSTILE, Unfit, language, line, prose, visible
from ingest.files import FileRefused
from ingest.found import CellValue, Doubted, Found, NotTaken, Reading
from ingest.readers import Options
from ingest.readers.plain import without_controls
from ingest.readers.rdf import NOWHERE, parsed
from ingest.rows.topics import iri

__all__ = ["read"]

SKOSXL = Namespace("http://www.w3.org/2008/05/skos-xl#")
COLLECTIONS = (SKOS.Collection, SKOS.OrderedCollection)
LEFT_OUT = (SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch, SKOS.related)
NAMES_OF_SCHEMES = (SKOS.prefLabel, RDFS.label, DCTERMS.title, DC.title)

LONGEST_LABEL = 120
LONGEST_ID = 80
"""Of the 100 characters of an id, so that there is room to tell apart what has the same name."""
MOST_NAMED = 5

# How text that says no language tells it: by a script that one of the six languages alone is written in, mostly.
SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ar": re.compile("[\u0600-\u06ff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
}
MARKUP = re.compile(
    r"</?(a|abbr|b|br|cite|code|div|em|h[1-6]|i|iframe|img|li|object|ol|p|pre|q|script|small|span|strong|style|sub|sup|svg"
    r"|table|td|th|tr|u|ul)\b[^>]*>",
    re.IGNORECASE,
)


def read(path: Path, *, options: Options) -> Reading:  # noqa: ARG001 -- every reader takes them
    """The concepts of a thesaurus as topics, in the order of their IRIs.

    Each has an id made from its English label, else from its notation, else from the last part of its IRI. Broader
    concepts that the file itself does not describe are named by their IRI.

    Raises:
        FileRefused: it is not RDF, asks for other files, or holds no concept.
    """
    thesaurus = _Thesaurus(parsed(path))
    return thesaurus.reading()


@dataclass(slots=True)
class _Concept:
    """A concept with what was made of it so far."""

    node: Node
    iri: str | None
    place: str
    labels: dict[str, str]
    others: dict[str, list[str]]
    schemes: tuple[Node, ...]
    is_deprecated: bool
    id: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.labels.get("en") or next(iter(self.labels.values()))


@dataclass(slots=True)
class _Tally:
    """How often something was done that is told once for the whole file."""

    untagged: int = 0
    hidden: int = 0
    foreign_definitions: int = 0
    transitive: int = 0
    in_several_schemes: int = 0
    in_the_only_scheme: int = 0
    other_languages: Counter[str] = field(default_factory=Counter)
    bad_tags: Counter[str] = field(default_factory=Counter)


class _Thesaurus:
    """A graph of triples, read as SKOS."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._refused: list[NotTaken] = []
        self._doubts: list[Doubted] = []
        self._tally = _Tally()
        self._languages: dict[str, str | None] = {}
        self._remedies: dict[str, str] = {}
        self._schemes = sorted(set(graph.subjects(RDF.type, SKOS.ConceptScheme)), key=str)
        self._names_of_schemes: dict[Node, str | None] = {}
        self._collections = {node for kind in COLLECTIONS for node in graph.subjects(RDF.type, kind)}
        self._broader = self._above(SKOS.broader, SKOS.narrower)
        self._transitive = self._above(SKOS.broaderTransitive, SKOS.narrowerTransitive)
        self._matches = self._above(SKOS.exactMatch, SKOS.exactMatch)
        self._concepts: dict[Node, _Concept] = {}

    def reading(self) -> Reading:
        """All that the graph holds."""
        nodes = self._concept_nodes()
        if not nodes:
            raise FileRefused(
                "it holds no concept of SKOS", remedy="export the thesaurus with its skos:Concept and skos:prefLabel"
            )
        for node in nodes:
            concept = self._concept(node)
            if concept is not None:
                self._concepts[node] = concept
        self._give_ids()
        rows = [
            Found(kind=Kind.TOPICS, key=concept.id, cells=self._cells(concept), place=concept.place)
            for concept in self._concepts.values()
        ]
        return Reading(
            rows=rows, documents=[], refused=self._refused, doubts=self._doubts_told(), notes=list(self._notes())
        )

    def _above(self, up: URIRef, down: URIRef) -> dict[Node, set[Node]]:
        """By node what it is related to by one property, or by the inverse of another, where that may be a concept."""
        found: dict[Node, set[Node]] = defaultdict(set)
        pairs = [*self._graph.subject_objects(up), *((low, high) for high, low in self._graph.subject_objects(down))]
        for low, high in pairs:
            if not isinstance(high, Literal) and high not in self._collections and high not in self._schemes:
                found[low].add(high)
        return found

    def _concept_nodes(self) -> list[Node]:
        """All that is said to be a concept, and what has a name and a place among concepts (SKOS, S19 and S20)."""
        found = set(self._graph.subjects(RDF.type, SKOS.Concept))
        placed = {*self._broader, *self._transitive, *self._graph.subjects(SKOS.topConceptOf, None)}
        placed.update(*self._broader.values(), *self._transitive.values())
        placed.update(self._graph.objects(None, SKOS.hasTopConcept))
        found.update(node for node in placed if any(self._texts(node, SKOS.prefLabel, SKOSXL.prefLabel)))
        return sorted((node for node in found - self._collections if not isinstance(node, Literal)), key=self._order)

    def _order(self, node: Node) -> tuple[bool, list[str]]:
        """By IRI; what has none by what it is called, as its name in the file may change with every export."""
        if not isinstance(node, BNode):
            return False, [str(node)]
        labels = self._texts(node, SKOS.prefLabel, SKOSXL.prefLabel)
        said = [str(value) for value in self._graph.objects(node) if isinstance(value, Literal)]
        return True, [*sorted(map(str, labels)), *sorted(said)]

    # Names

    def _texts(self, node: Node, direct: URIRef, reified: URIRef | None = None) -> list[Literal]:
        """The texts of a property, its own and those of SKOS-XL, whose labels are resources with a literal form."""
        found = [value for value in self._graph.objects(node, direct) if isinstance(value, Literal)]
        if reified is not None:
            for label in self._graph.objects(node, reified):
                found += [form for form in self._graph.objects(label, SKOSXL.literalForm) if isinstance(form, Literal)]
        return sorted(set(found), key=lambda text: (text.language or "", str(text)))

    def _concept(self, node: Node) -> _Concept | None:
        place = f"concept {self._called(node)}"
        labels: dict[str, str] = {}
        others: dict[str, list[str]] = {}
        preferred = self._texts(node, SKOS.prefLabel, SKOSXL.prefLabel) or self._texts(node, RDFS.label)
        told = self._by_language(preferred, place=place, column="label")
        more = self._by_language(self._texts(node, SKOS.altLabel, SKOSXL.altLabel), place=place, column="other_labels")
        hidden = self._by_language(
            self._texts(node, SKOS.hiddenLabel, SKOSXL.hiddenLabel), place=place, column="other_labels"
        )
        self._tally.hidden += sum(map(len, hidden.values()))
        for one in UN_LANGUAGES:
            names = [text for _, text in told.get(one, ())]
            if names:
                labels[one] = names[0]
                self._doubt_doubles(told[one], place=place, column=f"label_{one}")
            names += [text for _, text in (*more.get(one, ()), *hidden.get(one, ()))]
            others[one] = [name for name in dict.fromkeys(names) if name != labels.get(one)]
        if not labels:
            self._refuse_nameless(preferred, place)
            return None
        schemes = self._schemes_of(node)
        return _Concept(node, self._iri(node, place), place, labels, others, schemes, self._is_deprecated(node))

    def _by_language(self, texts: Sequence[Literal], *, place: str, column: str) -> dict[str, list[tuple[str, str]]]:
        """By UN language the texts in it that fit, each with its tag: no region or script first, no tag last."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for text in sorted(texts, key=_least_special_first):
            of = self._language_of(text)
            if of is not None and (name := self._fitting(text, line(LONGEST_LABEL), place, f"{column}_{of}")):
                found[of].append((text.language or "", name))
        return found

    def _language_of(self, text: Literal) -> str | None:
        """Which of the six languages a text is in; None if it is in none."""
        if not text.language or text.language == "und":
            self._tally.untagged += 1
            return next((of for of, script in SCRIPTS.items() if script.search(text)), "en")
        tag = text.language
        if tag not in self._languages:
            try:
                self._languages[tag] = language(tag).partition("-")[0]
            except Unfit as problem:
                self._languages[tag] = None
                self._remedies[tag] = problem.remedy
        of = self._languages[tag]
        if of is None:
            self._tally.bad_tags[tag] += 1
        elif of not in UN_LANGUAGES:
            self._tally.other_languages[of] += 1
        return of if of in UN_LANGUAGES else None

    def _fitting(self, text: str, cell: Callable[[str], str], place: str, column: str) -> str | None:
        """The text as its column takes it, without markup; None, and refused, if it does not."""
        try:
            return cell(_plain(text)) or None
        except Unfit as problem:
            value = visible(str(text))
            self._refused.append(
                NotTaken(place=place, column=column, value=value, reason=problem.reason, remedy=problem.remedy)
            )
            return None

    def _doubt_doubles(self, told: Sequence[tuple[str, str]], *, place: str, column: str) -> None:
        """A concept has one preferred name in a language (SKOS, S14)."""
        first_tag, first = told[0]
        doubles = sorted({name for tag, name in told if tag == first_tag and name != first})
        if doubles:
            self._doubts.append(
                Doubted(
                    place=place,
                    column=column,
                    value=_listed(doubles),
                    reason=f"it has several preferred names in one language; '{visible(first)}' was taken, and the "
                    "others are among its other names",
                    remedy="leave one skos:prefLabel and make the others skos:altLabel",
                )
            )

    def _refuse_nameless(self, preferred: Sequence[Literal], place: str) -> None:
        tags = sorted({text.language for text in preferred if text.language})
        self._refused.append(
            NotTaken(
                place=place,
                column="label_en",
                value="",
                reason=f"it has a preferred name only in {_listed(tags)}" if tags else "it has no preferred name",
                remedy=f"give it a skos:prefLabel in one of {', '.join(UN_LANGUAGES)}",
            )
        )

    # What else a concept has

    def _own_iri(self, node: Node) -> str | None:
        """The concept's IRI, if it has one outside the file."""
        return str(node) if isinstance(node, URIRef) and not node.startswith(NOWHERE) else None

    def _iri(self, node: Node, place: str) -> str | None:
        own = self._own_iri(node)
        return None if own is None else self._fitting(own, iri, place, "iri")

    def _called(self, node: Node) -> str:
        """What to call a concept for somebody who opens the file: its IRI as it stands there, else a name."""
        if isinstance(node, BNode):
            return visible(next(iter(self._texts(node, SKOS.prefLabel, SKOSXL.prefLabel)), "without IRI"))
        return visible(str(node).removeprefix(NOWHERE), limit=200)

    def _named(self, node: Node) -> str:
        """What people call a concept, as far as that is known here."""
        return self._concepts[node].name if node in self._concepts else self._called(node)

    def _is_deprecated(self, node: Node) -> bool:
        return any(str(value).strip().lower() in ("true", "1") for value in self._graph.objects(node, OWL.deprecated))

    def _schemes_of(self, node: Node) -> tuple[Node, ...]:
        """The schemes of a concept: those at whose top it stands first."""
        top = {*self._graph.objects(node, SKOS.topConceptOf), *self._graph.subjects(SKOS.hasTopConcept, node)}
        inside = set(self._graph.objects(node, SKOS.inScheme)) - top
        found = (*sorted(top, key=str), *sorted(inside, key=str))
        if not found and len(self._schemes) == 1:
            self._tally.in_the_only_scheme += 1
            return (self._schemes[0],)
        self._tally.in_several_schemes += len(found) > 1
        return found

    def _scheme(self, concept: _Concept) -> str | None:
        """The name of a concept's scheme, in English if it has one; else the last part of its IRI."""
        if not concept.schemes:
            return None
        scheme = concept.schemes[0]
        if scheme not in self._names_of_schemes:
            names = [text for prop in NAMES_OF_SCHEMES for text in self._texts(scheme, prop)]
            names.sort(key=lambda text: not (text.language or "en").startswith("en"))
            name = str(names[0]) if names else _last_part(scheme)
            self._names_of_schemes[scheme] = self._fitting(name, line(300), f"scheme {self._called(scheme)}", "scheme")
        return self._names_of_schemes[scheme]

    def _definition(self, concept: _Concept) -> str | None:
        """What it means, in English if it says so in English: its definition, else its scope note."""
        notes = [self._notes_of(concept.node, prop) for prop in (SKOS.definition, SKOS.scopeNote)]
        for texts in notes:
            english = [text for text in texts if (text.language or "en").partition("-")[0].lower() == "en"]
            if english:
                return self._fitting("\n\n".join(english), prose(10_000), concept.place, "definition")
        foreign = [text for texts in notes for text in texts]
        self._tally.foreign_definitions += bool(foreign)
        return self._fitting(foreign[0], prose(10_000), concept.place, "definition") if foreign else None

    def _notes_of(self, node: Node, prop: URIRef) -> list[Literal]:
        """The texts of a note, also where it is a resource with a value (SKOS Primer, 4.2)."""
        values = [text for note in self._graph.objects(node, prop) for text in self._texts(note, RDF.value)]
        return [*self._texts(node, prop), *values]

    # Where it stands

    def _broader_of(self, concept: _Concept) -> str | None:
        """The one broader topic, as the cell names it."""
        above = self._broader.get(concept.node, set())
        if not above:
            above = self._nearest(concept.node)
            self._tally.transitive += bool(above)
        if not above:
            return None
        first, *others = sorted(above, key=lambda node: self._preference(concept, node))
        if others:
            called = [self._named(node) for node in (first, *others)]
            self._doubts.append(
                Doubted(
                    place=concept.place,
                    column="broader",
                    value=_listed(called),
                    reason=f"it has {len(called)} broader concepts; '{visible(called[0])}' was taken",
                    remedy="leave one skos:broader, or say the right one in topics.csv",
                )
            )
        if first in self._concepts:
            return f"#{self._concepts[first].id}"
        if self._own_iri(first) is None or (first, None, None) in self._graph:
            self._doubts.append(
                Doubted(
                    place=concept.place,
                    column="broader",
                    value=self._called(first),
                    reason="its broader concept was not taken in, so it was left at the top",
                    remedy="make that a skos:Concept with a skos:prefLabel",
                )
            )
            return None
        elsewhere = self._iri(first, concept.place)
        return elsewhere and f"~{elsewhere}"

    def _nearest(self, node: Node) -> set[Node]:
        """Of all that is somewhere above, what is not above any other of it."""
        above = self._transitive.get(node, set()) - {node}
        further = {far for one in above for far in self._transitive.get(one, set()) if far != one}
        return above - further or above

    def _preference(self, concept: _Concept, node: Node) -> tuple[object, ...]:
        """Of several broader concepts: another one, described here, of the same scheme, in use, by its IRI."""
        other = self._concepts.get(node)
        return (
            node == concept.node,
            other is None,
            other is None or not set(other.schemes) & set(concept.schemes),
            other is None or other.is_deprecated,
            self._order(node),
        )

    def _exact_matches(self, concept: _Concept) -> list[str]:
        """The IRIs of what is the same elsewhere, as either side says."""
        nodes = self._matches.get(concept.node, set()) - {concept.node}
        found = (self._iri(node, concept.place) for node in sorted(nodes, key=str))
        return [one for one in found if one is not None]

    def _give_ids(self) -> None:
        taken: set[str] = set()
        for concept in self._concepts.values():
            notations = sorted(map(str, self._graph.objects(concept.node, SKOS.notation)))
            last = _slug(_last_part(concept.node)) if isinstance(concept.node, URIRef) else ""
            proposals = [concept.labels.get("en", ""), *notations[:1], last, concept.name]
            plain = next(filter(None, map(_slug, proposals)), "topic")
            concept.id = next(one for one in _ids(plain, last) if one not in taken)
            taken.add(concept.id)

    def _cells(self, concept: _Concept) -> dict[str, CellValue]:
        cells: dict[str, CellValue | None] = {
            "id": concept.id,
            "broader": self._broader_of(concept),
            **{f"label_{of}": name for of, name in concept.labels.items()},
            **{f"other_labels_{of}": names for of, names in concept.others.items()},
            "definition": self._definition(concept),
            "scheme": self._scheme(concept),
            "iri": concept.iri,
            "exact_match": self._exact_matches(concept),
            "deprecated": "true" if concept.is_deprecated else None,
        }
        return {column: cell for column, cell in cells.items() if cell}

    # What is told of the file

    def _doubts_told(self) -> list[Doubted]:
        """What is told of single concepts, and of each language tag that means nothing."""
        of_tags = [
            Doubted(
                place=f"labels in '{visible(tag)}'",
                column=None,
                value=visible(tag),
                reason=f"'{visible(tag)}' is not a language tag of BCP 47, so they were left out ({count})",
                remedy=self._remedies[tag],
            )
            for tag, count in sorted(self._tally.bad_tags.items())
        ]
        return [*self._doubts, *of_tags]

    def _notes(self) -> Iterator[str]:
        """How the file was read and what was left out, a sentence each."""
        tally = self._tally
        if tally.other_languages:
            counted = ", ".join(f"{count} in {of}" for of, count in tally.other_languages.most_common())
            yield f"labels in other languages than the six of the UN were left out ({counted})"
        relations = {prop: sum(1 for _ in self._graph.triples((None, prop, None))) for prop in LEFT_OUT}
        counted = ", ".join(f"{count} {_last_part(prop)}" for prop, count in relations.items() if count)
        if counted:
            yield f"relations other than broader, narrower and exactMatch were left out ({counted})"
        deprecated = sum(concept.is_deprecated for concept in self._concepts.values())
        sentences = (
            ("labels without a language were told by their script, those in Latin letters as English", tally.untagged),
            ("hidden labels are among the other names", tally.hidden),
            ("definitions in another language were taken where there is none in English", tally.foreign_definitions),
            ("concepts that say only what is broader at any distance were put under the nearest", tally.transitive),
            ("concepts of several schemes were taken as of one, that they are at the top of", tally.in_several_schemes),
            ("concepts that name no scheme were taken as of the file's only one", tally.in_the_only_scheme),
            ("collections were left out, which are no topics", len(self._collections)),
            ("deprecated concepts were kept and are marked", deprecated),
        )
        for sentence, count in sentences:
            if count:
                yield f"{sentence} ({count})"


def _least_special_first(text: Literal) -> tuple[bool, bool, str, str]:
    tag = text.language or ""
    return not tag, "-" in tag, tag, str(text)


def _plain(text: str) -> str:
    """Text without the tags of HTML, and without what scripts and styles hold."""
    if MARKUP.search(text) is None:
        return str(text)
    if HOSTILE.search(text):
        return str(text)  # which its column refuses
    whole = lxml.html.fragment_fromstring(without_controls(text), create_parent="div")
    for silent in whole.xpath("//script|//style"):
        silent.drop_tree()
    return str(whole.text_content())


def _listed(names: Sequence[str]) -> str:
    """Names in a row, only the first of many."""
    shown = ", ".join(visible(name) for name in names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} and {len(names) - MOST_NAMED} more"


def _last_part(address: object) -> str:
    """What an IRI ends with, after its last slash, hash or colon."""
    return next(filter(None, reversed(re.split(r"[/#:]", str(address)))), "")


def _slug(text: str) -> str:
    """Text as an id: 'Стадионы' is 'stadiony'; empty if nothing of it can be in one."""
    plain = anyascii(text).lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_ID].strip("-")


def _ids(plain: str, last: str) -> Iterator[str]:
    """The id that a concept should have, then others, for when that is another's."""
    yield plain
    longer = f"{plain}-{last}"[:LONGEST_ID].rstrip("-") if last and last != plain else plain
    yield longer
    number = 2
    while True:
        yield f"{longer}-{number}"
        number += 1
