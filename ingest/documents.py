"""The documents of a network: whose evidence each text is, what it is, and what it says in passages.

Markdown and text are read here. What other documents hold, a reader finds (ingest.readers.documents) in a process of
its own, and :func:`take_found` makes a document of it. Whom a document is evidence on is told by its front matter,
by its own properties, by its folder or by its file's name, in this order, and never guessed from an author's name.
"""

import re
from collections.abc import Container, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Annotated, ClassVar, Self

import yaml
from anyascii import anyascii
from frontmatter.default_handlers import YAMLHandler
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from graph.intake import Kind
from graph.passages import DocumentRecord, PassageRecord, passage_id
from ingest.cells import Cell, Day, LanguageTag, Title, Unfit, all_different, cleaned, closest, listed, one_of, visible
from ingest.cutting import Piece, main_language, passages
from ingest.encodings import encoding_of
from ingest.files import FileRefused, lines_of
from ingest.found import FoundText
from ingest.languages import UNDETERMINED
from ingest.report import Note
from ingest.resolving import ResolvedDocument
from ingest.rows import Row
from ingest.rows.columns import EventId, ExpertId, ResourceId
from ingest.tables import Entry, Table, columns_of, refusals_of
from ingest.texts import Block, markdown_paragraphs, plain_paragraphs, sectioned, unwrapped

__all__ = [
    "FOLDER",
    "LEGACY",
    "SUFFIXES",
    "Document",
    "DocumentKind",
    "Owned",
    "paragraphs_of",
    "read_documents",
    "take_found",
]

Owned = Mapping[str, Sequence[str]]
"""The ids of the people whose a file is, by its path or its name, in lower case."""

FOLDER = "documents"
SUFFIXES = {".md", ".markdown", ".txt"}
LEGACY: Mapping[str, str] = {
    **dict.fromkeys((".doc", ".docm", ".dot", ".dotx", ".rtf", ".pages", ".wpd"), ".docx"),
    **dict.fromkeys((".ppt", ".pptm", ".pps", ".ppsx", ".odp", ".key"), ".pptx"),
}
"""What a document that cannot be read, by its suffix, is to be saved as."""

LONGEST_DOCUMENT = 2_000_000
LONGEST_FRONT_MATTER = 10_000


class DocumentKind(StrEnum):
    """What a document is as evidence."""

    BIOGRAPHY = "biography"
    TALK = "talk"
    RESOURCE = "resource"
    ARTICLE = "article"


KIND_OF_FOLDER = {
    "biographies": DocumentKind.BIOGRAPHY,
    "talks": DocumentKind.TALK,
    "resources": DocumentKind.RESOURCE,
}
BIOGRAPHY_WORDS = {
    *("cv", "bio", "biography", "biographie", "biografia", "biografie"),
    *("resume", "lebenslauf", "curriculum", "curriculo", "vitae"),
}
# What no front matter says of a document.
OWN_FIELDS = {"id", "source", "place", "paragraphs", "left_out"}
# What a file's name may say beside the id of the person: that it is a biography, a language, a year, a number.
BESIDE_THE_ID = re.compile(rf"{'|'.join(sorted(BIOGRAPHY_WORDS))}|[a-z]{{2}}|v?\d{{1,4}}")
SAY_WHOSE = (
    "call the file by the person's id (salma-benrabah-cv.pdf), put it into a folder called so, or write 'owner: "
    "salma-benrabah' in its front matter (Markdown, text) or salma-benrabah as its property Owner (Word, OpenDocument)"
)


def several(value: object) -> object:
    """Front matter's list, or a text with semicolons, as a list."""
    return listed(value) if isinstance(value, str) else value


class Document(Row):
    """A document: what its front matter says, and its paragraphs.

    ``id`` is its path in the network's folder; if the file holds several, followed by '#' and its name there.
    ``source`` is the path alone, ``place`` where it stands in the file. ``left_out`` has the ids of passages that say
    what is counted elsewhere (ingest.likeness).
    """

    stands_for: ClassVar[Kind] = Kind.DOCUMENTS

    id: Annotated[str, Cell()]
    source: Annotated[str, Cell()]
    place: Annotated[str | None, Cell()] = None
    owner: Annotated[
        tuple[ExpertId, ...],
        BeforeValidator(several),
        AfterValidator(all_different),
        Cell("list", refers_to=Kind.EXPERTS),
    ] = Field(
        (),
        description="Id of the person whom it is evidence on, or several; if left out, the folder's or file's name.",
        examples=["salma-benrabah"],
    )
    kind: Annotated[DocumentKind, BeforeValidator(one_of(DocumentKind)), Cell(choices=(*DocumentKind,))] = Field(
        DocumentKind.ARTICLE,
        description="What it is; if left out, the folder or the file's name tells.",
        examples=["biography"],
    )
    language: LanguageTag | None = Field(
        None,
        description="The language it is written in (BCP 47); if left out, told from the words of each passage.",
        examples=["fr"],
    )
    title: Title | None = Field(None, description="Its title.", examples=["Opening the doors"])
    occurred_on: Day | None = Field(
        None, alias="date", description="When the talk was given or the text published.", examples=["2022-06-02"]
    )
    event: EventId | None = Field(
        None, description="Id of the event that it tells of.", examples=["briefing-religious-sites"]
    )
    resource: ResourceId | None = Field(
        None, description="Id of the resource that it tells of.", examples=["module-religious-sites"]
    )
    paragraphs: Annotated[tuple[FoundText, ...], Cell("list")]
    left_out: Annotated[tuple[str, ...], Cell("list")] = ()

    @model_validator(mode="after")
    def has_somebody_and_something(self) -> Self:
        """A document is evidence on somebody, has text, and tells of one thing at most."""
        if not self.owner:
            raise Unfit("it does not say whom it is evidence on", remedy=SAY_WHOSE, column="owner")
        if not self.paragraphs:
            raise Unfit("it has no text", remedy="write the text below the second line '---'", column="text")
        if self.event is not None and self.resource is not None:
            raise Unfit("it tells of an event and of a resource", remedy="name one of the two", column="resource")
        return self

    @cached_property
    def passages(self) -> tuple[Piece, ...]:
        """Its passages in order, each once."""
        pieces = passages(self.paragraphs, language=self.language)
        return tuple({piece.text: piece for piece in reversed(pieces)}.values())[::-1]

    def counted(self, *, paragraphs: Sequence[FoundText], left_out: Sequence[str]) -> "Document":
        """The same document with these of its paragraphs, and without these passages."""
        told = {name: getattr(self, name) for name in self.model_fields_set}
        if "occurred_on" in told:
            told["date"] = told.pop("occurred_on")
        return Document.model_construct(**{**told, "paragraphs": tuple(paragraphs), "left_out": tuple(left_out)})

    def record(self) -> DocumentRecord:
        """As graph.passages.store_documents takes it, cut into passages, each once for each owner."""
        return DocumentRecord(
            id=self.id,
            source=self.source,
            place=self.place,
            kind=self.kind,
            title=self.title,
            language=self.language or main_language(self.passages) or UNDETERMINED,
            occurred_on=self.occurred_on,
            event=self.event,
            resource=self.resource,
            passages=[
                PassageRecord(
                    id=id,
                    owner=owner,
                    text=piece.text,
                    position=position,
                    place=piece.place or None,
                    language=piece.language,
                )
                for owner in self.owner
                for position, piece in enumerate(self.passages)
                if (id := passage_id(owner=owner, document=self.id, text=piece.text)) not in self.left_out
            ],
            digest=self.digest,
        )


def read_documents(
    folder: Path, files: Mapping[str, Path], *, people: Container[str] = frozenset(), owned: Owned | None = None
) -> Table:
    """These Markdown and text files of a network's folder, by their paths in it, valid and refused.

    ``people`` has the ids that a folder or a file may be called by, ``owned`` whose they are as the roster says.
    """
    table = Table(Kind.DOCUMENTS, FOLDER)
    for name, path in sorted(files.items()):
        shown = visible(name, limit=300)
        try:
            encoding = encoding_of(path, folder=folder)
            front, paragraphs = _contents(path, name, folder=folder, encoding=encoding.name)
        except FileRefused as problem:
            table.refuse([problem.refusal(shown)], identity=name, number=None)
            continue
        if encoding.note:
            table.notes.append(Note(shown, encoding.note))
        told: dict[str, object] = {"kind": _kind_told(name)}
        if owners := _owners_told(name, people=people, owned=owned):
            told["owner"] = owners
        told |= _known_of(front, table, shown)
        _take(table, {**told, "id": name, "source": name, "paragraphs": paragraphs}, shown=shown, where=None)
    return table


def take_found(
    table: Table, found: ResolvedDocument, *, people: Container[str] = frozenset(), owned: Owned | None = None
) -> None:
    """Take in a document that a reader found in a foreign file, or refuse it.

    If the file itself names no owner, or nobody in ``people``, then the roster (``owned``), the folder or the file's
    name tells, unless the file holds several documents.
    """
    id = f"{found.file}#{found.key}" if found.key else found.file
    told: dict[str, object] = {key: value for key, value in found.cells.items() if value not in ("", [])}
    owners = [] if found.key else _owners_told(found.file, people=people, owned=owned)
    if owners and not all(one in people for one in _owners(told)):
        told["owner"] = owners
    given: dict[str, object] = {
        "kind": _kind_told(found.file),
        **({"owner": owners} if owners else {}),
        **told,
        "id": id,
        "source": found.file,
        "place": found.place or None,
        "paragraphs": tuple(found.paragraphs),
    }
    _take(table, given, shown=visible(found.file, limit=300), where=found.place or None)


def paragraphs_of(path: Path, *, folder: Path) -> Sequence[FoundText]:
    """The paragraphs of a Markdown or text file of a folder.

    Raises:
        FileRefused: it cannot be read, or is no text.
    """
    _, paragraphs = _contents(path, path.name, folder=folder, encoding=encoding_of(path, folder=folder).name)
    return paragraphs


def _take(table: Table, given: Mapping[str, object], *, shown: str, where: str | None) -> None:
    try:
        document = Document.model_validate(given)
    except ValidationError as problem:
        refusals = refusals_of(problem, given, file=shown, number=None, where=where)
        table.refuse(refusals, identity=str(given["id"]), number=None)
    else:
        table.accept(Entry(document, shown, None, where))


def _owners(told: Mapping[str, object]) -> list[str]:
    owners = several(told.get("owner", []))
    return [owner for owner in owners if isinstance(owner, str)] if isinstance(owners, list) else []


def _owners_told(file: str, *, people: Container[str], owned: Owned | None) -> list[str]:
    """Whose a file is as the roster says, or else the person whom its folder or name tells, if it is one of these."""
    for name in (file, PurePosixPath(file).name):
        if owned and (owners := owned.get(name.casefold())):
            return list(owners)
    owner = _owner_told(file, people=people)
    return [owner] if owner is not None else []


def _owner_told(file: str, *, people: Container[str]) -> str | None:
    path = PurePosixPath(file)
    for name in (part.name for part in path.parents if part.name):
        if (id := _slug(name)) in people:
            return id
    if (id := _slug(path.stem)) in people:
        return id
    parts = [path.stem, *re.split(r"_+|-{2,}", path.stem)]
    found = {told for part in parts if (told := _id_within(_slug(part), people=people)) is not None}
    return found.pop() if len(found) == 1 else None


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower()).strip("-")


def _id_within(slug: str, *, people: Container[str]) -> str | None:
    """The id in a file's name that says nothing else but what may stand beside one: 'salma' in 'cv-salma-fr-2022'."""
    words = slug.split("-")
    is_beside = [BESIDE_THE_ID.fullmatch(word) is not None for word in words]
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            id = "-".join(words[start : start + length])
            if id in people and all(is_beside[:start]) and all(is_beside[start + length :]):
                return id
    return None


def _kind_told(file: str) -> DocumentKind:
    """What a document is, as far as its folder or its file's name tells."""
    path = PurePosixPath(file)
    for folder in path.parents:
        if (kind := KIND_OF_FOLDER.get(folder.name.lower())) is not None:
            return kind
    is_biography = not BIOGRAPHY_WORDS.isdisjoint(_slug(path.stem).split("-"))
    return DocumentKind.BIOGRAPHY if is_biography else DocumentKind.ARTICLE


def _contents(
    path: Path, name: str, *, folder: Path, encoding: str
) -> tuple[Mapping[str, object], tuple[FoundText, ...]]:
    """A document's front matter and its paragraphs.

    Raises:
        FileRefused: it cannot be read, or is no text.
    """
    try:
        cleaned(name)
        front, body = _parts(_text(path, folder=folder, encoding=encoding))
        is_plain = path.suffix.lower() == ".txt"
        blocks = [Block(text) for text in plain_paragraphs(body)] if is_plain else markdown_paragraphs(body)
        lines = [Block(unwrapped(cleaned(block.text)), block.level) for block in blocks]
    except Unfit as problem:
        raise FileRefused(problem.reason, remedy=problem.remedy) from None
    return front, tuple(sectioned([block for block in lines if block.text]))


def _known_of(front: Mapping[str, object], table: Table, file: str) -> Mapping[str, object]:
    """What the front matter says under known names; the rest is noted and left out."""
    known = [columns_of(Document)[field] for field in Document.model_fields if field not in OWN_FIELDS]
    for key in front:
        if key not in known:
            meant = closest(key, [column for column in known if column not in front])
            hint = f"; did you mean '{meant}'?" if meant else ""
            table.notes.append(Note(file, f"'{visible(key)}' in its front matter is not known and was left out{hint}"))
    return {key: value for key, value in front.items() if key in known and value not in ("", [])}


def _text(path: Path, *, folder: Path, encoding: str) -> str:
    lines: list[str] = []
    length = 0
    for line in lines_of(path, folder=folder, encoding=encoding):
        length += len(line)
        if length > LONGEST_DOCUMENT:
            raise FileRefused(
                f"it has more than {LONGEST_DOCUMENT:,} characters", remedy="split it into several documents"
            )
        lines.append(line)
    return "".join(lines).replace("\r\n", "\n").replace("\r", "\n")


def _parts(text: str) -> tuple[Mapping[str, object], str]:
    """A document's front matter, if it has one, and its body.

    Every value of the front matter is text or a list: 'no' is the Norwegian language here, not a falsehood.
    """
    handler = YAMLHandler()
    if not handler.detect(text):
        return {}, text
    try:
        head, body = handler.split(text)
    except ValueError:
        raise FileRefused("its front matter has no end", remedy="close it with a line '---'") from None
    if len(head) > LONGEST_FRONT_MATTER:
        raise FileRefused(
            f"its front matter has more than {LONGEST_FRONT_MATTER:,} characters", remedy="close it with a line '---'"
        )
    try:
        front = handler.load(head, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as problem:
        mark = getattr(problem, "problem_mark", None)
        place = f" near line {mark.line + 1}" if mark is not None else ""
        raise FileRefused(
            f"its front matter is not YAML{place}", remedy="put a value that has a colon between quotes"
        ) from None
    if not isinstance(front, dict):
        raise FileRefused("its front matter is not YAML", remedy="write one 'key: value' on each line")
    return {str(key): value for key, value in front.items()}, body
