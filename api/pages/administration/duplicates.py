"""People who may be one: seen beside each other, made one, kept apart, and each of these taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from babel import Locale
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.catalogues import beside
from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator
from api.pages.languages import language_of
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.terms import term
from api.pages.unanswered import NO_ANSWER
from graph import experts, topics
from graph.errors import GraphError, NoSuchExpert
from graph.graph import Graph
from graph.people import duplicates as repository
from graph.people.differences import Difference
from graph.people.merging import Merged, merge
from graph.people.undoing import undo
from graph.values import ExpertId

__all__ = ["duplicates"]

SHOWN: Final = 50
MOST_TOPICS: Final = 2_000
PAGE: Final = "/administration/people/duplicates"
OF_CODES: Final[Mapping[str, str]] = {
    "country": "country",
    "worked_in": "country",
    "languages": "language level",
    "topics": "expertise",
    "gender": "gender",
    "withdrawn": "purpose",
}
"""What the codes in a field of a person are of."""

duplicates = APIRouter()


@duplicates.get(PAGE)
async def duplicates_page(request: Request, visitor: Administrator) -> Response:
    """Who may be one, likeliest first, and what was decided of others."""
    return await _page(request, visitor)


@duplicates.post(f"{PAGE}/compare")
async def compare(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Show what would be different of one person if another were found to be them; nothing is changed."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        rehearsed = await merge(
            network.graph, visitor.viewer, keep=_id(form, "keep"), gone=_id(form, "gone"), dry_run=True
        )
    except NoSuchExpert:
        raise HTTPException(404) from None
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal)
    names = await experts.by_id(network.graph, visitor.viewer, ids=[rehearsed.kept, rehearsed.gone])
    context = {
        "merged": rehearsed,
        "differences": await _in_words(network.graph, visitor, rehearsed.differences, language_of(request)),
        "name_of": {id: names[id].name if id in names else id for id in (rehearsed.kept, rehearsed.gone)},
    }
    return await render(request, "administration/compare.html", visitor, context, page=PAGE)


@duplicates.post(f"{PAGE}/merge")
async def make_one(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Make two people one."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        merged: Merged = await merge(network.graph, visitor.viewer, keep=_id(form, "keep"), gone=_id(form, "gone"))
    except NoSuchExpert:
        raise HTTPException(404) from None
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal)
    network.embedding.soon()
    return await _page(request, visitor, done=("merged", merged.kept, merged.gone))


@duplicates.post(f"{PAGE}/apart")
async def keep_apart(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Take down that two people are two."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    one, other = _id(form, "keep"), _id(form, "gone")
    try:
        await repository.keep_apart(network.graph, visitor.viewer, one=one, other=other)
    except NoSuchExpert:
        raise HTTPException(404) from None
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal)
    return await _page(request, visitor, done=("apart", one, other))


@duplicates.post(f"{PAGE}/undo")
async def take_back(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Take a merge back, or that two are two."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    one, other = _id(form, "keep"), _id(form, "gone")
    try:
        if form.get("was") == "merged":
            await undo(network.graph, visitor.viewer, gone=other)
            network.embedding.soon()
        else:
            await repository.forget_apart(network.graph, visitor.viewer, one=one, other=other)
    except NoSuchExpert:
        raise HTTPException(404) from None
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal)
    return RedirectResponse(f"{PAGE}?said=undone", status_code=303)


async def _in_words(graph: Graph, visitor: Visitor, found: Sequence[Difference], language: str) -> Sequence[Difference]:
    """The differences with words where they have codes: of countries, languages, topics, levels and who sees what."""
    labels: Mapping[str, str] = {}
    if any(one.field == "topics" for one in found):
        known = await topics.page(graph, visitor.viewer, first=MOST_TOPICS)
        labels = {topic.id: topic.labels.in_language(language) for _, topic in known.entries}
    return [
        replace(
            one,
            before=_worded(one.field, one.before, labels, language),
            after=_worded(one.field, one.after, labels, language),
        )
        for one in found
    ]


def _worded(field: str, told: str, labels: Mapping[str, str], language: str) -> str:
    """What a field says, as graph.people.differences has it, in words; what is no code as it is."""
    of = "audience" if field.startswith("who sees ") else OF_CODES.get(field)
    if of is None or not told:
        return told
    return "; ".join(_word(of, code, labels, language) for code in told.split("; "))


def _word(of: str, code: str, labels: Mapping[str, str], language: str) -> str:
    """The word for a code; for one with a level, such as ``ar:fluent``, both words."""
    if of == "country":
        return _country(code, language)
    if of not in {"language level", "expertise"}:
        return term(of, code, language)
    id, _, level = code.rpartition(":")
    name = labels.get(id, id) if of == "expertise" else _language(id, language)
    return beside((name, term(of, level, language)), language)


def _country(code: str, language: str) -> str:
    return str(Locale(language).territories.get(code, code))


def _language(tag: str, language: str) -> str:
    return str(Locale(language).languages.get(tag.replace("-", "_"), tag))


def _id(form: FormData, name: str) -> ExpertId:
    return ExpertId(str(form.get(name, "")))


async def _page(
    request: Request,
    visitor: Visitor,
    *,
    refusal: GraphError | None = None,
    done: tuple[str, ExpertId, ExpertId] | None = None,
) -> Response:
    """The page; ``done`` is what was decided just now of whom, which is named in no address."""
    network: OpenNetwork = request.app.state.network
    graph, viewer = network.graph, visitor.viewer
    found = await repository.candidates(graph, viewer)
    decided = await repository.decisions(graph, viewer)
    said, one, other = done or (request.query_params.get("said"), "", "")
    context = {
        "refusal": refusal,
        "said": said,
        "undo": (one, other),
        "candidates": found[:SHOWN],
        "left": max(0, len(found) - SHOWN),
        "decisions": decided[:SHOWN],
        "country_named": lambda code: _country(code, language_of(request)),
        "names": await experts.by_id(
            graph, viewer, ids=[id for each in decided[:SHOWN] for id in (each.first, each.second)]
        ),
    }
    return await render(
        request, "administration/duplicates.html", visitor, context, status_code=status_of(refusal), page=PAGE
    )
