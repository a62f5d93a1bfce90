"""Questions that are open with the network: the list, one of them with who offers help, and the form that leaves one.

All of it is for people who signed in: to others nothing tells whether there are any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from babel import Locale
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.pages import filtering
from api.pages.asked import Asked, answer_to
from api.pages.join import UnfitChoice
from api.pages.languages import language_of
from api.pages.listing import Paged, addresses_of_parts, entries
from api.pages.organise.asking import graph_of
from api.pages.own import done, sign_in_first
from api.pages.reading import read
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.typed import text_in
from api.pages.unanswered import NO_ANSWER
from api.pages.words import N_, in_order_of
from graph import questions as asked_of_all
from graph import suggestions
from graph.errors import GraphError, NoSuchThing
from graph.invitations import UnfitText
from graph.permissions import may_moderate_questions, may_offer_help
from graph.questions import (
    DAYS_OPEN,
    LONGEST_NOTE,
    LONGEST_TEXT,
    MOST_TOPICS,
    NoSuchLanguage,
    NoSuchQuestion,
    NoteTooLong,
    NothingAsked,
    OpenQuestion,
    QuestionId,
    Standing,
    TextTooLong,
    TopicsUnfit,
)
from graph.suggestions import Kind
from graph.values import UN_LANGUAGES, Cursor, Expertise, NotACursor, TopicId

__all__ = ["questions", "questions_on"]

PAGE: Final = "/questions"
NEW: Final = f"{PAGE}/new"
AT_ONCE: Final = 20
ON_TOPIC: Final = 10
MOST_FOUND: Final = 20
MOST_NEAR: Final = 8
LOOKED_AT: Final = 5
"""Of the people who fit a question, whose topics are offered for it."""
CLOSINGS: Final = {one.value: one for one in (Standing.ANSWERED, Standing.WITHDRAWN, Standing.TAKEN_DOWN)}
"""What the buttons that close a question say of it."""

SAID: Final[Mapping[str, str]] = {
    "asked": N_("Your question is open with the network."),
    "closed": N_("The question is closed."),
    "opened": N_("The question is open again."),
    "offered": N_("Whoever asked sees now that you can help."),
    "taken-back": N_("Your offer is taken back."),
}
"""What was done, by what the address says of it."""

FIELDS: Final[Mapping[str, tuple[type[GraphError], ...]]] = {
    "text": (NothingAsked, TextTooLong, UnfitText),
    "topic": (TopicsUnfit, NoSuchThing),
    "language": (NoSuchLanguage,),
    "note": (NoteTooLong, UnfitText),
}
"""Beside which field of a form a refusal is said."""

questions = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as it stands in the form; ``offered`` are topics that can be chosen, whether they are or not."""

    text: str
    language: str
    topics: Sequence[str]
    offered: Sequence[str] = ()
    find: str = ""


@questions.get(PAGE)
async def questions_page(request: Request, visitor: VisitorOf) -> Response:
    """The visitor's own questions, and all that are open; with ``?topic=`` those on a topic or a narrower one."""
    if visitor.account is None:
        return await render(request, "questions.html", visitor, {"questions": None})
    language, topic = language_of(request), request.query_params.get("topic", "").strip()
    known = await asked_of_all.topics_asked(graph_of(request), visitor.viewer)
    order = in_order_of(language)
    named: dict[str, str] = {one.id: one.labels.in_language(language) for one in known}
    if topic and topic not in named:
        named |= await _labels(request, visitor, [topic])
        if topic not in named:
            raise HTTPException(404)
    try:
        found = await _paged(request, visitor, TopicId(topic) if topic else None, first=AT_ONCE, name="after")
    except NotACursor:
        raise HTTPException(404) from None
    own = await asked_of_all.own(graph_of(request), visitor.viewer)
    context = {
        "questions": found,
        "own": [one for one in own if one.is_open],
        "closed": [one for one in own if not one.is_open],
        "topic": topic,
        "topics": sorted(named.items(), key=lambda one: order(one[1])),
        "said": SAID.get(request.query_params.get("done", "")),
    }
    return await render(request, "questions.html", visitor, context)


@questions.get(NEW)
async def new_page(request: Request, visitor: VisitorOf) -> Response:
    """The form, with the question that the address brings and the topics that are recognised in it."""
    if visitor.account is None:
        return sign_in_first(f"{NEW}?{request.url.query}" if request.url.query else NEW)
    asked = request.query_params
    text = asked.get("q", "").strip()
    named, near = await _recognised(request, visitor, text)
    wanted = await _labels(request, visitor, [*asked.getlist("topic")[:MOST_FOUND], *named])
    typed = Draft(text, language_of(request), [*wanted][:MOST_TOPICS], [*named, *near])
    return await _form(request, visitor, typed, refused=TextTooLong(len(text)) if len(text) > LONGEST_TEXT else None)


@questions.post(NEW)
async def leave_open(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Look for topics, and show the form again; or leave the question open with the network."""
    if visitor.account is None:
        return sign_in_first(NEW)
    typed = _typed(form)
    if form.get("do") == "find":
        await spend(request, Limited.SUGGESTION)
        return await _form(request, visitor, typed, looked=True)
    await spend(request, Limited.MUTATION)
    try:
        id = await asked_of_all.ask(
            graph_of(request),
            visitor.viewer,
            text=typed.text,
            language=typed.language,
            topics=[TopicId(one) for one in typed.topics],
        )
    except NO_ANSWER:
        raise
    except GraphError as error:
        return await _form(request, visitor, typed, refused=error)
    return done(_page_of(id), done="asked")


@questions.get(PAGE + "/{id}")
async def question_page(request: Request, visitor: VisitorOf, id: str) -> Response:
    """One question: to whoever asked with those who offer help, to others with the form to offer it."""
    return await _page(request, visitor, QuestionId(id))


@questions.post(PAGE + "/{id}/close")
async def close(request: Request, visitor: VisitorOf, form: CheckedForm, id: str) -> Response:
    """Close a question, as answered or withdrawn, or take it down."""
    if visitor.account is None:
        return sign_in_first(_page_of(id))
    await spend(request, Limited.MUTATION)
    try:
        if (closed_as := CLOSINGS.get(text_in(form, "as"))) is None:
            raise UnfitChoice("as")
        await asked_of_all.close(graph_of(request), visitor.viewer, id=QuestionId(id), closed_as=closed_as)
    except NO_ANSWER:
        raise
    except GraphError as error:
        return await _page(request, visitor, QuestionId(id), refused=error)
    return done(_page_of(id), done="closed")


@questions.post(PAGE + "/{id}/open")
async def open_again(request: Request, visitor: VisitorOf, _: CheckedForm, id: str) -> Response:
    """Open a closed question again."""
    if visitor.account is None:
        return sign_in_first(_page_of(id))
    await spend(request, Limited.MUTATION)
    try:
        await asked_of_all.reopen(graph_of(request), visitor.viewer, id=QuestionId(id))
    except NO_ANSWER:
        raise
    except GraphError as error:
        return await _page(request, visitor, QuestionId(id), refused=error)
    return done(_page_of(id), done="opened")


@questions.post(PAGE + "/{id}/help")
async def offer_help(request: Request, visitor: VisitorOf, form: CheckedForm, id: str) -> Response:
    """Offer help with somebody's question."""
    if visitor.account is None:
        return sign_in_first(_page_of(id))
    await spend(request, Limited.MUTATION)
    note = text_in(form, "note")
    try:
        await asked_of_all.offer(graph_of(request), visitor.viewer, id=QuestionId(id), note=note)
    except NO_ANSWER:
        raise
    except GraphError as error:
        return await _page(request, visitor, QuestionId(id), refused=error, note=note)
    return done(_page_of(id), done="offered")


@questions.post(PAGE + "/{id}/help/remove")
async def take_back(request: Request, visitor: VisitorOf, _: CheckedForm, id: str) -> Response:
    """Take back one's own offer; the page then has what was written with it, to offer help once more."""
    if visitor.account is None:
        return sign_in_first(_page_of(id))
    await spend(request, Limited.MUTATION)
    graph, viewer = graph_of(request), visitor.viewer
    note = await asked_of_all.take_back(graph, viewer, id=QuestionId(id))
    if await asked_of_all.by_id(graph, viewer, id=QuestionId(id)) is None:
        return done(PAGE, done="taken-back")
    # What somebody wrote to one person stays out of addresses, which are kept in histories and logs.
    return await _page(request, visitor, QuestionId(id), did="taken-back", note=note or "")


async def questions_on(request: Request, visitor: Visitor, topic: TopicId) -> Paged | None:
    """The open questions on a topic or a narrower one, as its page lists them; None for who sees none anywhere.

    Raises:
        NotACursor: the address has something else for one.
    """
    if visitor.account is None:
        return None
    return await _paged(request, visitor, topic, first=ON_TOPIC, name="questions")


async def _paged(request: Request, visitor: Visitor, topic: TopicId | None, *, first: int, name: str) -> Paged:
    """Part of the open questions; ``name`` is what the address calls the cursor, and where in the page the list is."""
    graph, after = graph_of(request), request.query_params.get(name)
    found = await asked_of_all.page(
        graph, visitor.viewer, first=first, after=Cursor.parse(after) if after else None, topic=topic
    )
    end = str(found.entries[-1][0]) if found.has_next and found.entries else None
    return {
        "entries": [one for _, one in found.entries],
        "total": await asked_of_all.count(graph, visitor.viewer, topic=topic),
        **addresses_of_parts(request, name, end=end),
    }


async def _page(
    request: Request,
    visitor: Visitor,
    id: QuestionId,
    *,
    refused: GraphError | None = None,
    note: str = "",
    did: str = "",
) -> Response:
    graph, viewer = graph_of(request), visitor.viewer
    did = did or (request.query_params.get("done", "") if request.method == "GET" else "")
    question = await asked_of_all.by_id(graph, viewer, id=id)
    if question is None or isinstance(refused, NoSuchQuestion):
        raise HTTPException(404)
    context: dict[str, Any] = {
        "question": question,
        "offers": await _offers(request, visitor, question) if question.is_own else None,
        "may_help": may_offer_help(viewer),
        "is_seen": await _is_seen(request, visitor, question),
        "may_moderate": may_moderate_questions(viewer),
        "done": did,
        "said": SAID.get(did),
        "note": note,
        "longest": LONGEST_NOTE,
        "refusal": refused,
        "field": _field(refused, "note"),
    }
    status = status_of(refused)
    return await render(request, "question.html", visitor, context, status_code=status, page=_page_of(id))


async def _offers(request: Request, visitor: Visitor, question: OpenQuestion) -> Paged:
    """Part of the offers of help that whoever asked sees."""
    after = request.query_params.get("offers")
    try:
        found = await asked_of_all.offers(
            graph_of(request),
            visitor.viewer,
            id=question.id,
            first=AT_ONCE,
            after=Cursor.parse(after) if after else None,
        )
    except NotACursor:
        raise HTTPException(404) from None
    end = str(found.entries[-1][0]) if found.has_next else None
    return {
        "entries": [one for _, one in found.entries],
        "total": question.offers,
        **addresses_of_parts(request, "offers", end=end),
    }


async def _is_seen(request: Request, visitor: Visitor, question: OpenQuestion) -> bool:
    """Whether an offer of the visitor's would reach whoever asked."""
    if question.is_own or not question.is_open:
        return False
    return await asked_of_all.would_be_seen(graph_of(request), visitor.viewer)


async def _form(
    request: Request,
    visitor: Visitor,
    typed: Draft,
    *,
    looked: bool = False,
    refused: GraphError | None = None,
) -> Response:
    language = language_of(request)
    found = await _found(request, visitor, typed.find) if looked else []
    labels = await _labels(request, visitor, [*typed.topics, *typed.offered, *found])
    known = (await filtering.choices(graph_of(request), visitor.viewer, language=language)).options["topic"]
    context = {
        "typed": typed,
        "choices": labels,
        "others": {id: label for id, label in known.items() if id not in labels},
        "found_none": looked and bool(typed.find.strip()) and not found,
        "languages_of_question": [(one, Locale(language).languages.get(one, one)) for one in UN_LANGUAGES],
        "longest": LONGEST_TEXT,
        "days": DAYS_OPEN,
        "most": MOST_TOPICS,
        "refusal": refused,
        "field": _field(refused, "text", "topic", "language"),
    }
    return await render(request, "question_new.html", visitor, context, status_code=status_of(refused), page=NEW)


async def _recognised(request: Request, visitor: Visitor, text: str) -> tuple[list[str], list[str]]:
    """The topics that a question names; and those that come near it: what the people who fit know, or the nearest."""
    if not text:
        return [], []
    try:
        answer = await answer_to(request, visitor, Asked(text, first=LOOKED_AT))
    except NO_ANSWER:
        raise
    except GraphError:  # what is no question to a search may be one to people
        return [], []
    known: list[str] = [
        reason.topic.id for match in answer.matches for reason in match.reasons if isinstance(reason, Expertise)
    ]
    return [topic for need in answer.suggested for topic in need.topics], [*known, *answer.nearest][:MOST_NEAR]


async def _found(request: Request, visitor: Visitor, text: str) -> list[str]:
    """The topics that have the words of a text among their names, of the last one perhaps the beginning."""
    found = await suggestions.suggested(
        graph_of(request), visitor.viewer, text=text, language=language_of(request), first=MOST_FOUND
    )
    return [one.id for one in found if one.kind is Kind.TOPIC]


async def _labels(request: Request, visitor: Visitor, ids: Sequence[str]) -> dict[str, str]:
    """What those of these topics that there are are called in the page's language, in this order."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    told = entries((await read(request, visitor, "question_topics", slugs=wanted))["topics"])
    labels = {one["slug"]: one["label"] for one in told}
    return {id: labels[id] for id in wanted if id in labels}


def _typed(form: FormData) -> Draft:
    """What the form says; of topics no more than it can show."""
    several = {
        name: [one for one in form.getlist(name) if isinstance(one, str) and one][:MOST_FOUND]
        for name in ("topic", "offered")
    }
    return Draft(
        text_in(form, "text"), text_in(form, "language"), several["topic"], several["offered"], text_in(form, "find")
    )


def _field(refusal: GraphError | None, *names: str) -> str | None:
    """Beside which of the fields a refusal is said."""
    return next((name for name in names if isinstance(refusal, FIELDS[name])), None)


def _page_of(id: str) -> str:
    return f"{PAGE}/{quote(id, safe='')}"
