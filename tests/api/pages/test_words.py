"""Every text of a page is in every language: none stands in a template untranslated, none is missing in a catalogue."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from lxml import html

from api.pages.extraction import extracted
from api.pages.rendering import templates
from api.pages.terms import TERMS
from api.pages.words import FOLDER, told, translated
from graph.errors import GraphError
from graph.permissions import WHO
from graph.values import UN_LANGUAGES
from graph.wording import Either, Wording

PAGES = FOLDER.parent
TEMPLATES = sorted((PAGES / "templates").rglob("*.html"))
TRANSLATED = tuple(language for language in UN_LANGUAGES if language != "en")

NAMES = {"Knowwho", "GraphQL", "JSON", "Neo4j", "ORCID", "UTC"}
"""What is the same in every language."""

COUNTS = {"n", "num", "count", "shown"}
"""What a number is called in a text that has one."""

READ_OUT = ("alt", "aria-label", "placeholder", "title", "content")
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
"""What a block or macro puts into a tag stands by itself here."""

ENGLISH_ALONE = {"action"}
"""What a sentence names in English only; in other languages it says the rest."""

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


WHERE_CHANGES_ARE_RECORDED = ("graph", "ingest")
DONE_TO_EACH_KIND = ("made", "changed", "removed")
"""What is recorded of whatever has a description in graph.programme: what it is ``called``, and one of these."""


def recorded_verbs() -> Iterator[str]:
    """Every verb that code writes into the change log."""
    for folder in WHERE_CHANGES_ARE_RECORDED:
        for file in (PAGES.parent.parent / folder).rglob("*.py"):
            for said in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(said, ast.keyword) and said.arg in {"verb", "called"}:
                    choices = (
                        [said.value.body, said.value.orelse] if isinstance(said.value, ast.IfExp) else [said.value]
                    )
                    for choice in choices:
                        one = choice.args[0] if isinstance(choice, ast.Call) and choice.args else choice
                        if isinstance(one, ast.Constant):
                            kind = str(one.value)
                            yield from (
                                [kind] if said.arg == "verb" else [f"{kind} {done}" for done in DONE_TO_EACH_KIND]
                            )


def test_the_change_log_has_a_word_for_all_that_is_recorded_and_no_more() -> None:
    assert set(TERMS["change"]) == set(recorded_verbs())


NOT_ON_PAGES = ("graph/engine/", "graph/encoder/", "graph/schema.py", "api/cli/", "api/web/", "api/graphql/")
"""What goes wrong where no page is answered yet, or by another way in; findings of these are worded all the same."""
SAID_ELSEWHERE = {"ToldByFile", "StillNeeded", "RateLimited"}
"""No page removes what the first two are about; what is limited has a page of its own, api.pages.limited."""


def errors_of_the_graph() -> Iterator[tuple[str, ast.ClassDef]]:
    """Every class of error that a page may have to tell, with the file that has it."""
    root = PAGES.parent.parent
    parsed = {
        str(file.relative_to(root)): ast.parse(file.read_text("utf-8"))
        for folder in (root / "graph", root / "api")
        for file in sorted(folder.rglob("*.py"))
    }
    classes = [
        (file, node) for file, tree in parsed.items() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]
    known, before = {"GraphError"}, 0
    while len(known) > before:
        before = len(known)
        known |= {node.name for _, node in classes if {ast.unparse(base) for base in node.bases} & known}
    for file, node in classes:
        if node.name in known - SAID_ELSEWHERE and not file.startswith(NOT_ON_PAGES):
            yield file, node


def english_alone(node: ast.AST) -> Iterator[str]:
    """The texts that a class hands to its base as they are, or filled in English."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__" and call.args:
            yield from (
                (
                    ast.unparse(one)
                    for one in (call.args[0].body, call.args[0].orelse)
                    if isinstance(one, ast.Constant | ast.JoinedStr)
                )
                if isinstance(call.args[0], ast.IfExp)
                else ([ast.unparse(call.args[0])] if isinstance(call.args[0], ast.Constant | ast.JoinedStr) else [])
            )


def test_what_the_graph_refuses_can_be_said_in_every_language() -> None:
    found = list(errors_of_the_graph())

    assert {"NoSuchExpert", "NotAllowed", "CannotMerge", "UnfitUpload", "NotADay"} <= {node.name for _, node in found}
    assert {f"{file} {node.name}": texts for file, node in found if (texts := list(english_alone(node)))} == {}


def test_whoever_may_is_named_in_every_language() -> None:
    root = PAGES.parent.parent
    named = {
        given.value.value
        for folder in ("graph", "api")
        for file in (root / folder).rglob("*.py")
        for given in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(given, ast.keyword) and given.arg == "who" and isinstance(given.value, ast.Constant)
    }

    assert named <= WHO.keys()


WHERE_PROBLEMS_ARE_TOLD = ("graph", "api/pages")


def problems_told() -> Iterator[tuple[str, ast.expr]]:
    """What each problem of a field says, as code has it, with where that stands."""
    for folder in WHERE_PROBLEMS_ARE_TOLD:
        for file in sorted((PAGES.parent.parent / folder).rglob("*.py")):
            for call in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"Problem", "Unfit"}:
                    said = [*call.args, *(given.value for given in call.keywords)]
                    yield f"{file.name}:{call.lineno}", said[-1]


def test_what_is_wrong_with_a_field_can_be_said_in_every_language() -> None:
    told = dict(problems_told())

    assert len(told) > 30
    assert {
        place: ast.unparse(said)
        for place, said in told.items()
        if not isinstance(said, ast.Name | ast.Attribute | ast.Subscript)
        and not (isinstance(said, ast.Call) and getattr(said.func, "id", "") == "Wording")
    } == {}


@pytest.mark.parametrize(
    "wording,language,said",
    [
        (
            Wording("The note has %(length)s characters, more than %(most)s; shorten it.", length=1200, most=500),
            "fr",
            "La note compte 1\u202f200 caractères, pour un maximum de 500\u00a0; raccourcissez-la.",
        ),
        (
            Wording(
                "The period from %(first)s to %(last)s ends before it begins; swap its days.",
                first=date(2026, 3, 2),
                last=date(2026, 3, 1),
            ),
            "ru",
            "Период 2 марта 2026\u202fг. — 1 марта 2026\u202fг.",
        ),
        (
            Wording(
                "The network knows no %(kind)s '%(value)s'; did you mean %(nearest)s?",
                kind=Wording("country"),
                value="Tunesia",
                nearest=Either(("Tunisia", "Tunisie")),
            ),
            "es",
            "Tunisia o Tunisie",
        ),
        (
            Wording(
                "'%(language)s' is none of the languages %(languages)s; choose one of them.",
                language="xx",
                languages=["ar", "en", "zh"],
            ),
            "zh",
            "ar、en和zh",
        ),
    ],
)
def test_numbers_days_and_lists_are_written_as_the_language_does(wording: Wording, language: str, said: str) -> None:
    assert said in (translated(wording, language) or "")
    assert translated(wording, "en") == wording


@pytest.mark.parametrize(
    "language, said", [("en", "at 2 June 2022, 12:00 UTC; correct it."), ("fr", "2 juin 2022, 12:00 UTC")]
)
def test_moments_are_for_people_on_pages_and_for_programs_elsewhere(language: str, said: str) -> None:
    begins = datetime(2022, 6, 2, 12, tzinfo=UTC)
    wording = Wording(
        "Item %(number)s, '%(title)s', would begin before the event begins, at %(moment)s; correct it.",
        number=2,
        title="Early",
        moment=begins,
    )

    assert str(wording).endswith("at 2022-06-02T12:00Z; correct it.")
    assert said in (translated(wording, language) or "")


def test_what_no_catalogue_has_is_not_said_in_part() -> None:
    class Unsaid(GraphError):
        @property
        def sentences(self) -> tuple[str, ...]:
            return (Wording("This cannot be empty; write something."), Wording("Nobody ever said this."))

    assert translated(Wording("This cannot be empty; write something."), "fr")
    assert translated(Wording("Nobody ever said this."), "fr") is None
    assert told(Unsaid(), "fr") is None
    assert told(Unsaid(), "en") == "This cannot be empty; write something. Nobody ever said this."


def key(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


def strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_no_more(language: str) -> None:
    said = {key(message) for message in extracted() if message.id}
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    kept = {key(message): message for message in catalogue if message.id}

    assert said - kept.keys() == set(), "run `make words`, then translate what is new"
    assert kept.keys() - said == set(), "run `make words`"
    assert not catalogue.obsolete
    for message in kept.values():
        assert not message.fuzzy, message.id
        assert all(text.strip() for text in strings(message)), message.id
        if isinstance(message.id, tuple):
            assert len(strings(message)) == catalogue.num_plurals, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_names_what_the_english_names(language: str) -> None:
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)

    for message in catalogue:
        if not message.id:
            continue
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        named = set(PLACEHOLDER.findall(english[-1]))
        for text in strings(message):
            assert set(PLACEHOLDER.findall(text)) - named == set(), text
            # A form for one alone may leave the number out.
            assert named - set(PLACEHOLDER.findall(text)) <= (COUNTS if len(english) > 1 else ENGLISH_ALONE), text
            assert not set(PLACEHOLDER.findall(text)) & ENGLISH_ALONE, text
            assert "%" not in re.sub(PLACEHOLDER, "", text).replace("%%", ""), text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_no_template_says_what_no_catalogue_translates(template: Path) -> None:
    environment = templates("en").env

    assert list(_untranslated(environment, template)) == []


def _untranslated(environment: Environment, template: Path) -> Iterator[str]:
    """Texts, attributes that are read out, and commas, which stand in a template as they are."""
    tree = environment.parse(template.read_text())
    written = "".join(node.data for node in tree.find_all(nodes.TemplateData))
    page = html.fromstring(f"<div>{written}</div>")
    for element in page.iter():
        if element.tag in {"script", "style", "code"} or not isinstance(element.tag, str):
            continue
        said = [element.text or "", *(child.tail or "" for child in element)]
        said += [element.get(name, "") for name in READ_OUT if element.tag != "meta"]
        for text in said:
            if _says_something(text) or "," in ATTRIBUTE.sub("", text):
                yield " ".join(text.split())
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            for text in _chosen(node):
                if _says_something(text) and (" " in text.strip() or text[:1].isupper()):
                    yield text


def _says_something(text: str) -> bool:
    """Whether there are words in it, beside names that are the same in every language."""
    words = re.sub("|".join(NAMES), "", ATTRIBUTE.sub("", text))
    return any(character.isalpha() for character in words)


def _chosen(node: nodes.Node) -> Iterator[str]:
    """The constants that an expression may come to by itself."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr | nodes.Or | nodes.And | nodes.Concat | nodes.Add):
        for child in node.iter_child_nodes():
            yield from _chosen(child)


PLURALS = {
    "ar": ["zero", "one", "two", "few", "many", "other"],
    "es": ["one", "other"],
    "fr": ["one", "other"],
    "ru": ["one", "few", "many"],
    "zh": ["other"],
}
"""What Unicode calls the forms of each language, in the order in which catalogues have them."""


@pytest.mark.parametrize("catalogue", sorted(PAGES.parent.rglob("??.po")), ids=lambda file: "-".join(file.parts[-3:]))
def test_every_number_has_the_form_that_unicode_says(catalogue: Path) -> None:
    language = catalogue.stem
    with catalogue.open("rb") as file:
        header = read_po(file, locale=language).plural_forms
    form = c2py(header.partition("plural=")[2].rstrip(";"))

    assert [PLURALS[language][form(number)] for number in range(500)] == [
        Locale(language).plural_form(number) for number in range(500)
    ]


@pytest.mark.parametrize("catalogue", sorted(PAGES.parent.rglob("fr.po")), ids=lambda file: file.parts[-3])
def test_no_line_of_french_begins_with_its_punctuation(catalogue: Path) -> None:
    with catalogue.open("rb") as file:
        said = [text for message in read_po(file, locale="fr") if message.id for text in strings(message)]

    assert len(said) > 10
    assert [text for text in said if re.search(" [:;?!»]|« ", text)] == []
