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
from api.pages.reading import read
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.terms import term
from api.pages.unanswered import NO_ANSWER
from graph import experts, topics
from graph.errors import GraphError, NoSuchExpert
from graph.people import duplicates as repository
from graph.people.differences import Difference
from graph.people.merging import Merged, merge
from graph.people.undoing import undo
from graph.values import ExpertId

__all__ = ["duplicates"]

SHOWN: Final = 50
MOST_TOPICS: Final = 2_000
PAGE: Final = "/administration/people/duplicates"
NOUN_OF: Final[Mapping[str, str]] = {
    "organisations": "organisations",
    "spoke_at": "events",
    "attended": "events",
    "authored": "resources",
}
"""The fields of a difference that have ids, and of what; of events there are two."""
EACH_FIELD: Final = 50
"""Of how many ids of each such field the names are asked at once."""
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
        "differences": await _in_words(request, visitor, rehearsed.differences),
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


async def _in_words(request: Request, visitor: Visitor, found: Sequence[Difference]) -> Sequence[Difference]:
    """The differences with words where they have codes, and with names where they have ids."""
    language = language_of(request)
    labels: dict[str, str] = {}
    if any(one.field == "topics" for one in found):
        graph = request.app.state.network.graph
        known = await topics.page(graph, visitor.viewer, first=MOST_TOPICS)
        labels = {topic.id: topic.labels.in_language(language) for _, topic in known.entries}
    names = await _names(request, visitor, found)
    found = [
        replace(one, before=_named(one.before, names[one.field]), after=_named(one.after, names[one.field]))
        if one.field in names
        else one
        for one in found
    ]
    return [
        replace(
            one,
            before=_worded(one.field, one.before, labels, language),
            after=_worded(one.field, one.after, labels, language),
        )
        for one in found
    ]


async def _names(request: Request, visitor: Visitor, found: Sequence[Difference]) -> Mapping[str, Mapping[str, str]]:
    """By the fields that have ids of organisations, events and resources, what each of these is called."""
    ids = {
        one.field: sorted(set(filter(None, f"{one.before}; {one.after}".split("; "))))
        for one in found
        if one.field in NOUN_OF
    }
    names: dict[str, dict[str, str]] = {field: {} for field in ids}
    for start in range(0, max(map(len, ids.values()), default=0), EACH_FIELD):
        asked: dict[str, list[str]] = {noun: [] for noun in NOUN_OF.values()}
        for field, of in ids.items():
            asked[NOUN_OF[field]] += of[start : start + EACH_FIELD]
        told = await read(request, visitor, "compared", **asked, first=2 * EACH_FIELD)
        for field in ids:
            names[field] |= {edge["node"]["slug"]: edge["node"]["name"] for edge in told[NOUN_OF[field]]["edges"]}
    return names


async def _organisations(
    request: Request, visitor: Visitor, candidates: Sequence[repository.Candidate]
) -> Mapping[str, str]:
    """What the organisations of people who may be one are called, by their ids."""
    ids = sorted({id for each in candidates for one in (each.first, each.second) for id in one.organisations})
    names: dict[str, str] = {}
    for start in range(0, len(ids), EACH_FIELD):
        some = ids[start : start + EACH_FIELD]
        told = await read(request, visitor, "compared", organisations=some, events=[], resources=[], first=EACH_FIELD)
        names |= {edge["node"]["slug"]: edge["node"]["name"] for edge in told["organisations"]["edges"]}
    return names


def _named(told: str, names: Mapping[str, str]) -> str:
    return "; ".join(names.get(id, id) for id in told.split("; "))


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
        "organisations": await _organisations(request, visitor, found[:SHOWN]),
        "country_named": lambda code: _country(code, language_of(request)),
        "names": await experts.by_id(
            graph, viewer, ids=[id for each in decided[:SHOWN] for id in (each.first, each.second)]
        ),
    }
    return await render(
        request, "administration/duplicates.html", visitor, context, status_code=status_of(refusal), page=PAGE
    )
