"""The texts that people agree to, in six languages beside each other; a new version is read before it is in force."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.typed import typed_in
from api.pages.unanswered import NO_ANSWER
from graph import consents as repository
from graph.consents import Purpose
from graph.errors import GraphError
from graph.values import UN_LANGUAGES

__all__ = ["consents"]

PAGE: Final = "/administration/consents"

consents = APIRouter()


@consents.get(PAGE)
async def consents_page(request: Request, visitor: Administrator) -> Response:
    """The texts in force, and of how many people nothing is known yet."""
    network: OpenNetwork = request.app.state.network
    texts = await repository.texts(network.graph, visitor.viewer)
    context = {
        "said": request.query_params.get("said"),
        "texts": list(texts.values()),
        "undecided": await repository.undecided(network.graph, visitor.viewer),
        "languages_of_texts": UN_LANGUAGES,
    }
    return await render(request, "administration/consents.html", visitor, context)


@consents.get(f"{PAGE}/{{purpose}}")
async def text_page(request: Request, visitor: Administrator, purpose: str) -> Response:
    """A form with a purpose's text in force, to write the next version."""
    return await _page(request, visitor, _purpose(purpose))


@consents.post(f"{PAGE}/{{purpose}}")
async def write_text(request: Request, visitor: Administrator, form: CheckedForm, purpose: str) -> Response:
    """Show a new version as people will read it; or, once it was read so, put it in force."""
    chosen = _purpose(purpose)
    if form.get("step") != "set":
        return await _page(request, visitor, chosen, typed=form, is_preview=True)
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        await repository.set_text(network.graph, visitor.viewer, purpose=chosen, by_language=_written(form))
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, chosen, typed=form, refusal=refusal)
    return RedirectResponse(f"{PAGE}?said=set", status_code=303)


def _purpose(text: str) -> Purpose:
    try:
        return Purpose(text)
    except ValueError:
        raise HTTPException(404) from None


def _written(form: FormData) -> dict[str, str]:
    """What was written, by language; a language that is left empty has no text."""
    texts = {language: str(form.get(f"text_{language}", "")).replace("\r\n", "\n") for language in UN_LANGUAGES}
    return {language: text for language, text in texts.items() if text.strip()}


async def _page(
    request: Request,
    visitor: Visitor,
    purpose: Purpose,
    *,
    typed: FormData | None = None,
    refusal: GraphError | None = None,
    is_preview: bool = False,
) -> Response:
    network: OpenNetwork = request.app.state.network
    text = (await repository.texts(network.graph, visitor.viewer))[purpose]
    written = typed_in(typed)
    context = {
        "purpose": purpose,
        "text": text,
        "refusal": refusal,
        "is_preview": is_preview,
        "written": {
            language: written[f"text_{language}"] if typed else text.texts.by_language.get(language, "")
            for language in UN_LANGUAGES
        },
    }
    return await render(
        request,
        "administration/consent_text.html",
        visitor,
        context,
        status_code=status_of(refusal),
        page=f"{PAGE}/{purpose.value}",
    )
