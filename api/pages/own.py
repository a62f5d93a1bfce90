"""What the pages about somebody themselves share: whose they are, and how one leads to the next."""

from urllib.parse import urlencode

from fastapi.responses import RedirectResponse, Response

from api.door import Visitor
from api.pages.return_path import sign_in_address
from graph.errors import GraphError
from graph.values import ExpertId
from graph.wording import Wording

__all__ = ["NotAPerson", "done", "person_of", "sign_in_first"]


class NotAPerson(GraphError):
    """Somebody who signed in is nobody of the network's people."""

    def __init__(self) -> None:
        super().__init__(
            Wording("Your account stands for nobody whom the network lists, so there is nothing of that kind here.")
        )


def person_of(visitor: Visitor) -> ExpertId:
    """Who of the network's people the visitor is.

    Raises:
        NotAPerson: nobody.
    """
    if visitor.viewer.person is None:
        raise NotAPerson
    return visitor.viewer.person


def sign_in_first(page: str) -> Response:
    """Away to sign in, and then back to the page."""
    return RedirectResponse(sign_in_address(page), status_code=303)


def done(page: str, **said: str) -> Response:
    """Back to the page, whose address says what was done."""
    return RedirectResponse(f"{page}?{urlencode(said)}", status_code=303)
