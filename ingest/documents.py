"""The documents of a network: Markdown or text whose front matter says whom it is evidence on."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar, Self

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from graph.intake import Kind
from graph.passages import DocumentRecord, PassageRecord, passage_id
from ingest.cells import Cell, Day, LanguageTag, Title, Unfit, all_different, cleaned, closest, listed, one_of, visible
from ingest.cutting import passages
from ingest.files import FileRefused, lines_of
from ingest.report import Note
from ingest.rows import Row
from ingest.rows.columns import EventId, ExpertId, ResourceId
from ingest.tables import Entry, Table, columns_of, refusals_of
from ingest.texts import markdown_paragraphs, plain_paragraphs, unwrapped

__all__ = ["FOLDER", "Document", "DocumentKind", "read_documents"]

FOLDER = "documents"
SUFFIXES = {".md", ".markdown", ".txt"}
LONGEST_DOCUMENT = 2_000_000
LONGEST_FRONT_MATTER = 10_000


class DocumentKind(StrEnum):
    """What a document is as evidence."""

    BIOGRAPHY = "biography"
    TALK = "talk"
    RESOURCE = "resource"
    ARTICLE = "article"


def several(value: object) -> object:
    """Front matter's list, or a text with semicolons, as a list."""
    return listed(value) if isinstance(value, str) else value


class Document(Row):
    """A document: what its front matter says, and its paragraphs. ``id`` is its path in the network's folder."""

    stands_for: ClassVar[Kind] = Kind.DOCUMENTS

    id: Annotated[str, Cell()]
    owner: Annotated[
        tuple[ExpertId, ...],
        BeforeValidator(several),
        AfterValidator(all_different),
        Cell("list", refers_to=Kind.EXPERTS),
    ] = Field(description="Id of the person whom it is evidence on, or several.", examples=["salma-benrabah"])
    kind: Annotated[DocumentKind, BeforeValidator(one_of(DocumentKind)), Cell(choices=(*DocumentKind,))] = Field(
        description="What it is.", examples=["biography"]
    )
    language: LanguageTag = Field(description="The language it is written in (BCP 47).", examples=["fr"])
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
    paragraphs: Annotated[tuple[str, ...], Cell("list")]

    @model_validator(mode="after")
    def has_somebody_and_something(self) -> Self:
        """A document is evidence on somebody, has text, and tells of one thing at most."""
        if not self.owner:
            raise Unfit("it names nobody", remedy="write the id of the person whom it is evidence on", column="owner")
        if not self.paragraphs:
            raise Unfit("it has no text", remedy="write the text below the second line '---'", column="text")
        if self.event is not None and self.resource is not None:
            raise Unfit("it tells of an event and of a resource", remedy="name one of the two", column="resource")
        return self

    def record(self) -> DocumentRecord:
        """As graph.passages.store_documents takes it, cut into passages, each once for each owner."""
        texts = list(dict.fromkeys(passages(self.paragraphs, language=self.language)))
        return DocumentRecord(
            id=self.id,
            kind=self.kind,
            title=self.title,
            language=self.language,
            occurred_on=self.occurred_on,
            event=self.event,
            resource=self.resource,
            passages=[
                PassageRecord(
                    id=passage_id(owner=owner, document=self.id, text=text), owner=owner, text=text, position=position
                )
                for owner in self.owner
                for position, text in enumerate(texts)
            ],
            digest=self.digest,
        )


def read_documents(folder: Path) -> Table:
    """Every document under a network's folder ``documents``, valid and refused, by path."""
    table = Table(Kind.DOCUMENTS, FOLDER)
    for path in sorted((folder / FOLDER).rglob("*")):
        if path.is_dir() or path.name.startswith((".", "~")):
            continue
        name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        if path.suffix.lower() in SUFFIXES:
            _read_document(table, name, path, folder=folder)
        else:
            table.notes.append(Note(visible(name), "it is neither Markdown (.md) nor text (.txt) and was left out"))
    return table


def _read_document(table: Table, name: str, path: Path, *, folder: Path) -> None:
    shown = visible(name, limit=300)
    given: Mapping[str, object] = {}
    try:
        front, paragraphs = _contents(path, name, folder=folder)
        given = _known_of(front, table, shown)
        document = Document.model_validate({"id": name, "paragraphs": paragraphs, **given})
    except FileRefused as problem:
        table.refuse([problem.refusal(shown)], identity=name, number=None)
    except ValidationError as problem:
        table.refuse(refusals_of(problem, given, file=shown, number=None), identity=name, number=None)
    else:
        table.accept(Entry(document, shown, None))


def _contents(path: Path, name: str, *, folder: Path) -> tuple[Mapping[str, object], tuple[str, ...]]:
    """A document's front matter and its paragraphs.

    Raises:
        FileRefused: it cannot be read, or is no text with front matter.
    """
    try:
        cleaned(name)
        front, body = _parts(_text(path, folder=folder))
        texts = plain_paragraphs(body) if path.suffix.lower() == ".txt" else markdown_paragraphs(body)
        paragraphs = tuple(unwrapped(cleaned(text)) for text in texts)
    except Unfit as problem:
        raise FileRefused(problem.reason, remedy=problem.remedy) from None
    return front, tuple(paragraph for paragraph in paragraphs if paragraph)


def _known_of(front: Mapping[str, object], table: Table, file: str) -> Mapping[str, object]:
    """What the front matter says under known names; the rest is noted and left out."""
    known = [column for field, column in columns_of(Document).items() if field not in ("id", "paragraphs")]
    for key in front:
        if key not in known:
            meant = closest(key, [column for column in known if column not in front])
            hint = f"; did you mean '{meant}'?" if meant else ""
            table.notes.append(Note(file, f"'{visible(key)}' in its front matter is not known and was left out{hint}"))
    return {key: value for key, value in front.items() if key in known and value not in ("", [])}


def _text(path: Path, *, folder: Path) -> str:
    lines: list[str] = []
    length = 0
    for line in lines_of(path, folder=folder):
        length += len(line)
        if length > LONGEST_DOCUMENT:
            raise FileRefused(
                f"it has more than {LONGEST_DOCUMENT:,} characters", remedy="split it into several documents"
            )
        lines.append(line)
    return "".join(lines).replace("\r\n", "\n").replace("\r", "\n")


def _parts(text: str) -> tuple[Mapping[str, object], str]:
    """A document's front matter and its body.

    Every value of the front matter is text or a list: 'no' is the Norwegian language here, not a falsehood.
    """
    handler = YAMLHandler()
    if not handler.detect(text):
        raise FileRefused(
            "it has no front matter", remedy="begin it with a line '---', then owner, kind and language, then '---'"
        )
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
