"""Joining by invitation: what the network is, what it asks consent to, who sees what; then a yes or a no."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.door import CheckedForm, Visitor, VisitorOf, begin_session
from api.door.limits import spend_sign_in
from api.network import OpenNetwork
from api.pages.languages import language_of
from api.pages.rendering import render
from api.pages.words import N_
from graph import audiences, consents, joining
from graph.consents import Purpose
from graph.errors import GraphError
from graph.invitations import UnfitText
from graph.joining import AccountClosed, AlreadyMember, Answer, InvitationGone, OpenInvitation
from graph.sessions import SignedInBy
from graph.viewer import Audience, FieldGroup
from graph.wording import Wording

__all__ = ["AUDIENCES", "GROUPS", "PURPOSES", "UnfitChoice", "join", "join_address"]

# Why there is nothing to answer: the page's word for it, and its status.
ENDS = {InvitationGone: ("gone", 410), AlreadyMember: ("member", 200), AccountClosed: ("closed", 403)}

join = APIRouter(include_in_schema=False)

GROUPS: Mapping[FieldGroup, str] = {
    FieldGroup.LISTING: N_("That you are in the network, and your name"),
    FieldGroup.PROFILE: N_("What you do: headline, topics, biography, works"),
    FieldGroup.CONTACT: N_("How to reach you"),
    FieldGroup.COUNTRY: N_("Where you live and worked"),
    FieldGroup.ORGANISATION: N_("Whom you work for"),
    FieldGroup.LANGUAGES: N_("Languages you speak"),
    FieldGroup.ATTENDANCE: N_("Events where you spoke or took part"),
}
AUDIENCES: Mapping[Audience, str] = {
    Audience.EVERYONE: N_("everyone"),
    Audience.MEMBERS: N_("members"),
    Audience.ORGANISERS: N_("organisers"),
    Audience.NOBODY: N_("nobody but you"),
}
PURPOSES: Mapping[Purpose, str] = {
    Purpose.LISTED: N_("Being listed"),
    Purpose.MATCHED: N_("Being matched"),
    Purpose.CONTACTED: N_("Being contacted"),
    Purpose.RECORDED: N_("Being recorded as a speaker"),
}


class UnfitChoice(GraphError):
    """What the form brought is none of the choices that it has."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(Wording("That is none of the choices; choose one of them."))


@join.get("/join/{secret}")
async def join_page(request: Request, visitor: VisitorOf, secret: str) -> Response:
    """The invitation and its form; opening it answers nothing."""
    network: OpenNetwork = request.app.state.network
    try:
        invited = await joining.open_invitation(network.graph, visitor.viewer, secret=secret)
    except InvitationGone:
        return await _ended(request, visitor, "gone", status_code=410)
    if invited.is_member:
        return await _ended(request, visitor, "member")
    typed = {"name": invited.name, "headline": invited.headline}
    return await _form(request, visitor, invited, secret=secret, typed=typed)


@join.post("/join/{secret}")
async def answer_invitation(request: Request, visitor: VisitorOf, form: CheckedForm, secret: str) -> Response:
    """Let the person in and sign them in; or take down that they do not want to."""
    await spend_sign_in(request)
    network: OpenNetwork = request.app.state.network
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    response = RedirectResponse("/me", status_code=303)
    try:
        if typed.get("answer") == "decline":
            await joining.decline(network.graph, visitor.viewer, secret=secret)
            return await _ended(request, visitor, "declined")
        account = await joining.accept(network.graph, visitor.viewer, secret=secret, answer=_answer(typed))
        network.embedding.soon()
        await begin_session(request, response, account, how=SignedInBy.LINK)
    except (InvitationGone, AlreadyMember, AccountClosed) as error:
        how, status_code = ENDS[type(error)]
        return await _ended(request, visitor, how, status_code=status_code)
    except (UnfitText, UnfitChoice) as error:
        try:
            invited = await joining.open_invitation(network.graph, visitor.viewer, secret=secret)
        except InvitationGone:
            return await _ended(request, visitor, "gone", status_code=410)
        return await _form(request, visitor, invited, secret=secret, typed=typed, refusal=error)
    return response


def join_address(base: str, secret: str) -> str:
    """The address that is written into a letter or printed."""
    return f"{base}/join/{secret}"


def _answer(typed: Mapping[str, str]) -> Answer:
    return Answer(
        name=typed.get("name", ""),
        headline=typed.get("headline", ""),
        chosen={group: _audience(typed, group) for group in FieldGroup},
        consents={purpose: typed.get(f"consent_{purpose}") == "given" for purpose in Purpose},
    )


def _audience(typed: Mapping[str, str], group: FieldGroup) -> Audience | None:
    """The audience that was chosen for a group; None for what is left to the network."""
    said = typed.get(f"audience_{group}", "")
    if not said:
        return None
    for audience in Audience:
        if said == audience.name.lower():
            return audience
    raise UnfitChoice(f"audience_{group}")


async def _form(
    request: Request,
    visitor: Visitor,
    invited: OpenInvitation,
    *,
    secret: str,
    typed: Mapping[str, Any],
    refusal: UnfitText | UnfitChoice | None = None,
) -> Response:
    network: OpenNetwork = request.app.state.network
    of_network = await audiences.of_network(network.graph, visitor.viewer)
    texts = await consents.texts(network.graph, visitor.viewer)
    language = language_of(request)
    page = await render(
        request,
        "join.html",
        visitor,
        {
            "invited": invited,
            "secret": secret,
            "typed": typed,
            "refusal": refusal,
            "groups": [(group, GROUPS[group], AUDIENCES[of_network[group]]) for group in FieldGroup],
            "audiences": [(audience.name.lower(), AUDIENCES[audience]) for audience in Audience],
            "purposes": [
                (purpose, PURPOSES[purpose], texts[purpose].texts.in_language(language)) for purpose in Purpose
            ],
        },
        status_code=422 if refusal else 200,
    )
    page.headers["Cache-Control"] = "no-store"  # it holds the secret
    return page


async def _ended(request: Request, visitor: Visitor, how: str, *, status_code: int = 200) -> Response:
    """The page of an invitation that cannot be answered, or has just been declined."""
    return await render(request, "join_ended.html", visitor, {"how": how}, status_code=status_code)
