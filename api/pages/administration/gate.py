"""Who is let into the administration: administrators who signed in, and nobody else."""

from typing import Annotated

from fastapi import Depends, Request

from api.door import Refusal, Visitor, VisitorOf
from api.pages.return_path import sign_in_address
from api.pages.words import N_
from graph.accounts import Account
from graph.permissions import may_administer

__all__ = ["Administrator", "account_of"]


class SignInFirst(Refusal):
    """Nobody is signed in; they come back here once they are."""

    def __init__(self, path: str) -> None:
        super().__init__(
            "Sign in first; you then come back here.",
            status=303,
            headers={"Location": sign_in_address(path)},
        )


async def administrator(request: Request, visitor: VisitorOf) -> Visitor:
    """The visitor, if they are an administrator.

    Raises:
        Refusal: they are not, or did not sign in.
    """
    if visitor.account is None:
        path = request.url.path if request.method == "GET" else "/administration"
        raise SignInFirst(f"{path}?{request.url.query}" if request.method == "GET" and request.url.query else path)
    if not may_administer(visitor.viewer):
        raise Refusal(N_("You may not administer this network; administrators may."), status=403)
    return visitor


Administrator = Annotated[Visitor, Depends(administrator)]
"""To be asked for before a form is, so that of what others send nothing is read."""


def account_of(visitor: Visitor) -> Account:
    """The account of an administrator who was let in."""
    assert visitor.account is not None  # noqa: S101 -- the gate lets nobody else in
    return visitor.account
