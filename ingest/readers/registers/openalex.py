"""Authors and works as OpenAlex gives them: an author, works, or both, as one object, a list or a page of results.

OpenAlex puts its records together by machine; an author may be two people, or half of one. So a person is taken from
it by its identifier, and nothing that it reckons (topics, concepts, scores) is believed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from ingest import cells, recognise
from ingest.files import FileRefused
from ingest.found import NotTaken, Reading
from ingest.readers.plain import PlainText
from ingest.readers.registers.people import Membership, Person, rows_of
from ingest.readers.registers.values import accepted, at, number_at, objects_at, text_at
from ingest.readers.registers.works import Work, documents_of

__all__ = ["read_openalex"]

Object = Mapping[str, object]

IDENTIFIER = re.compile(r"(?:https?://(?:api\.)?openalex\.org/(?:(?:authors|works)/)?)?([AW]\d{1,15})", re.IGNORECASE)
# What is in a list of works without being anybody's text.
NO_TEXT = frozenset({"paratext", "erratum", "retraction"})
MOST_WORDS = 5_000
"""More than any abstract has."""


class _Export:
    """What is in a file, by what it is, and what there is to say of it."""

    def __init__(self, payload: object) -> None:
        self.plain = PlainText()
        self.refused: list[NotTaken] = []
        self.authors: dict[str, Object] = {}
        self.works: dict[str, Object] = {}
        for one in _objects(payload):
            key = _identifier(text_at(one, "id"))
            if key.startswith("A"):
                self.authors.setdefault(key, one)
            elif key.startswith("W"):
                self.works.setdefault(key, one)


def read_openalex(payload: object, *, mapping: Mapping[str, object]) -> Reading:
    """The authors of a file, their organisations and works; without authors, the one author of all its works.

    ``mapping`` may say ``author: A5023888391`` where the works of a file have several authors in common.

    Raises:
        FileRefused: it holds neither authors nor works, or does not tell whose works they are.
    """
    export = _Export(payload)
    people = [person for key, one in export.authors.items() if (person := _author(export, key, one)) is not None]
    if not export.authors and export.works:
        people = [_common_author(export, _identifier(str(mapping.get("author", ""))))]
    if not people:
        raise FileRefused(
            "it names no author", remedy="export the author from api.openalex.org/authors, and the works beside them"
        )
    works, notes = _works(export, frozenset(person.key for person in people))
    has_topics = any(
        one.get("topics") or one.get("x_concepts") or one.get("concepts") for one in export.authors.values()
    )
    if has_topics:
        notes.append(
            "its topics are not taken: OpenAlex reckons them from citations, and does not say how deeply somebody "
            "knows a topic; write that into experts.csv"
        )
    return Reading(
        rows=rows_of(people),
        documents=documents_of(works),
        refused=export.refused,
        notes=[*export.plain.notes(), *notes],
    )


def _objects(payload: object) -> Iterator[Object]:
    """Every author and work of a file: alone, in a list, or in a page of results."""
    if isinstance(payload, list):
        for one in payload:
            yield from _objects(one)
    elif isinstance(payload, Mapping):
        if _identifier(text_at(payload, "id")):
            yield payload
        else:
            yield from _objects(payload.get("results"))


def _identifier(text: str) -> str:
    """OpenAlex's own identifier, without its address: "A5023888391"; empty if it is none."""
    found = IDENTIFIER.fullmatch(text)
    return found[1].upper() if found else ""


def _author(export: _Export, key: str, one: Object) -> Person | None:
    name = export.plain.line(text_at(one, "display_name"))
    if not name:
        export.refused.append(
            NotTaken(
                place=f"author {key}",
                column="name",
                value="",
                reason="it does not tell the person's name",
                remedy="write them into experts.csv",
            )
        )
        return None
    alternatives = at(one, "display_name_alternatives")
    others = (
        [export.plain.line(text) for text in alternatives if isinstance(text, str)]
        if isinstance(alternatives, list)
        else []
    )
    return Person(
        key=key,
        place=f"author {key}",
        name=name,
        orcid=accepted(recognise.orcid, text_at(one, "orcid")),
        other_names=tuple(dict.fromkeys(other for other in others if other and other != name)),
        identifiers=(f"openalex:{key}",),
        memberships=tuple(_memberships(export, one, key)),
    )


def _memberships(export: _Export, one: Object, key: str) -> Iterator[Membership]:
    """Where the author published from: from the first year to the last, or until now where OpenAlex knows them last."""
    present = {text_at(institution, "id") for institution in objects_at(one, "last_known_institutions")}
    for affiliation in objects_at(one, "affiliations"):
        institution = at(affiliation, "institution")
        name = export.plain.line(text_at(institution, "display_name"))
        given = at(affiliation, "years")
        years = sorted(accepted(cells.partial_date, str(year)) for year in given) if isinstance(given, list) else []
        known = [year for year in years if year]
        if name:
            yield Membership(
                organisation=name,
                country=accepted(cells.country, text_at(institution, "country_code")),
                role="",
                since=known[0] if known else "",
                until="" if text_at(institution, "id") in present or not known else known[-1],
                place=f"author {key}, {name}",
            )


def _common_author(export: _Export, wanted: str) -> Person:
    """Who wrote all works of a file that has no author of its own: the one whom the mapping names, if it does.

    Raises:
        FileRefused: nobody or several people wrote all of them.
    """
    counts: Counter[str] = Counter()
    authors: dict[str, Object] = {}
    for work in export.works.values():
        found = {_identifier(text_at(one, "author", "id")): one for one in objects_at(work, "authorships")}
        counts.update(found.keys() - {""})
        for key, one in found.items():
            author = at(one, "author")
            if isinstance(author, Mapping):
                authors.setdefault(key, author)
    common = [wanted] if wanted in counts else [key for key, count in counts.items() if count == len(export.works)]
    person = _author(export, common[0], authors[common[0]]) if len(common) == 1 and common[0] in authors else None
    if person is None:
        raise FileRefused(
            f"its works have {'several authors' if common else 'no author'} in common",
            remedy="put the author's own object beside them, or write 'author: A…' into its mapping file",
        )
    return person


def _works(export: _Export, authors: frozenset[str]) -> tuple[list[Work], list[str]]:
    """The works of these authors, and what there is to say of the others."""
    works: list[Work] = []
    left_out: Counter[str] = Counter()
    for key, one in export.works.items():
        ids = (_identifier(text_at(authorship, "author", "id")) for authorship in objects_at(one, "authorships"))
        owners = tuple(dict.fromkeys(author for author in ids if author in authors))
        title = export.plain.line(text_at(one, "display_name") or text_at(one, "title"))
        if one.get("is_retracted") is True:
            why = "were retracted"
        elif not title or one.get("is_paratext") is True or text_at(one, "type") in NO_TEXT:
            why = "are no texts of their own"
        elif not owners:
            why = "are by none of its authors"
        else:
            works.append(_work(export, key, one, title=title, owners=owners))
            continue
        left_out[why] += 1
    notes = [f"{count} of its works {why} and were left out" for why, count in left_out.items()]
    return works, notes


def _work(export: _Export, key: str, one: Object, *, title: str, owners: tuple[str, ...]) -> Work:
    year = accepted(cells.partial_date, f"{number_at(one, 'publication_year'):g}")
    day = accepted(cells.day, text_at(one, "publication_date"))
    return Work(
        key=key,
        place=f"work {key}",
        title=title,
        owners=owners,
        journal=export.plain.line(text_at(one, "primary_location", "source", "display_name")),
        # Of a work of which only the year is known, OpenAlex says that it was published on the first of January.
        date=year or day[:4] if day.endswith("-01-01") else day or year,
        language=accepted(cells.language, text_at(one, "language")),
        abstract=tuple(export.plain.written(_abstract(at(one, "abstract_inverted_index")))),
    )


def _abstract(index: object) -> str:
    """The abstract, which OpenAlex gives as the places of each word."""
    if not isinstance(index, Mapping):
        return ""
    placed: list[tuple[int, str]] = []
    for word, places in index.items():
        if isinstance(places, list):
            placed += [(place, str(word)) for place in places[:MOST_WORDS] if isinstance(place, int)]
    return " ".join(word for _, word in sorted(placed)[:MOST_WORDS])
