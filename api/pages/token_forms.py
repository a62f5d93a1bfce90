"""What a form says of a token that is to be made: how it is called, in which role it asks, how far and how long."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from starlette.datastructures import FormData

from api.pages.terms import TERMS
from api.pages.typed import typed_in
from api.pages.words import N_
from graph.errors import GraphError
from graph.own_tokens import LastsTooLong, RoleAboveOwn
from graph.tokens import SCOPES, ExpiryPassed, NotAName, ScopeNotGranted, TokenNameTaken
from graph.viewer import Role, Scope
from graph.wording import Wording

__all__ = ["NotAnEnd", "choices", "end_of", "role_and_scopes_of"]

EVER: Final = "never"
"""How a form says that a token works until it is revoked."""

LASTS: Final[Mapping[str, tuple[str, timedelta | None]]] = {
    "30": (N_("30 days"), timedelta(days=30)),
    "90": (N_("90 days"), timedelta(days=90)),
    "365": (N_("a year"), timedelta(days=365)),
    "day": (N_("until a day of your choice"), None),
    EVER: (N_("until it is revoked"), None),
}


class NotAnEnd(GraphError):
    """What a form says of a token's end is no end."""

    def __init__(self) -> None:
        super().__init__(
            Wording("It is not said how long the token is good for; choose a span, or write its last day.")
        )


class NotARoleOrScope(GraphError):
    """What a form says a token may is nothing that there is."""

    def __init__(self) -> None:
        super().__init__(Wording("That is no role, or nothing that a token may do; choose among those on the page."))


class NotForThisRole(GraphError):
    """A token was to do what its role does not; in the words of the form."""

    def __init__(self, refused: ScopeNotGranted) -> None:
        super().__init__(
            Wording(
                "A token in the role “%(role)s” cannot have: %(scopes)s. Choose another role, or leave that out.",
                role=Wording(TERMS["role"][refused.role]),
                scopes=[Wording(TERMS["scope"][scope]) for scope in Scope if scope in refused.scopes],
            )
        )


FIELDS: Final[Mapping[type[GraphError], str]] = {
    NotAName: "name",
    TokenNameTaken: "name",
    RoleAboveOwn: "scope",
    ScopeNotGranted: "scope",
    NotARoleOrScope: "scope",
    ExpiryPassed: "day",
    LastsTooLong: "day",
    NotAnEnd: "day",
}
"""Beside which field a refusal stands."""


def role_and_scopes_of(form: FormData) -> tuple[Role, frozenset[Scope]]:
    """In which role a token is to ask, and what it may do; no scopes if nothing was chosen.

    Raises:
        NotARoleOrScope: one of them is none.
    """
    try:
        return Role(str(form.get("role", ""))), frozenset(Scope(str(one)) for one in form.getlist("scope"))
    except ValueError:
        raise NotARoleOrScope from None


def end_of(form: FormData) -> datetime | None:
    """When a token ends: with the day that a form names, else so long from now; None for one that works for ever.

    Raises:
        NotAnEnd: it says neither.
    """
    chosen = form.get("lasts")
    day = str(form.get("day", "")).strip()
    if chosen == EVER and not day:
        return None
    try:
        if chosen == "day" or day:
            last = date.fromisoformat(day)
            return datetime.combine(last + timedelta(days=1), time(), UTC)
        _, span = LASTS[str(chosen)]
    except (ValueError, OverflowError, KeyError):
        raise NotAnEnd from None
    return datetime.now(UTC) + (span or timedelta())


def choices(
    *,
    roles: Collection[Role],
    lasts_for_ever: bool,
    refusal: GraphError | None,
    typed: FormData | None,
) -> dict[str, Any]:
    """What the form shows: roles to choose from, what they may, how long it lasts, and what was typed before."""
    return {
        "refusal": NotForThisRole(refusal) if isinstance(refusal, ScopeNotGranted) else refusal,
        "field": FIELDS.get(type(refusal)) if refusal else None,
        "typed": typed_in(typed),
        "chosen": set(typed.getlist("scope")) if typed else set(),
        "now": datetime.now(UTC),
        "roles": list(roles),
        "scopes": [(scope, of) for scope in Scope if (of := [role for role in roles if scope in SCOPES[role]])],
        "lasts": [(value, words) for value, (words, _) in LASTS.items() if value != EVER or lasts_for_ever],
    }
