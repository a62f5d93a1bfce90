"""Who comes in here: organisers and administrators; who is not signed in does that first, and others are told so."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from api.door import Refusal, Visitor, VisitorOf
from api.pages.return_path import sign_in_address
from api.pages.words import N_
from graph.permissions import may_draft, may_shortlist
from graph.viewer import Role

__all__ = ["OrganiserOf"]


class ForOrganisers(Refusal):
    """Somebody else asks for what organisers do."""

    def __init__(self) -> None:
        super().__init__(N_("You may not organise events here; organisers and administrators may."), status=403)


async def organiser_of(request: Request, visitor: VisitorOf) -> Visitor:
    """The organiser who asks.

    Raises:
        HTTPException: nobody is signed in, so they are led to do that.
        Refusal: somebody else asks; whatever they ask for, they are told the same.
    """
    if may_draft(visitor.viewer) and may_shortlist(visitor.viewer):
        return visitor
    if visitor.viewer.role is Role.PUBLIC:
        page = request.url.path if request.method == "GET" else "/organise"
        query = f"?{request.url.query}" if request.method == "GET" and request.url.query else ""
        raise HTTPException(303, headers={"Location": sign_in_address(page + query)})
    raise ForOrganisers


OrganiserOf = Annotated[Visitor, Depends(organiser_of)]
