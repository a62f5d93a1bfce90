"""Why somebody could not be signed in: one class for each thing that can be said, with the status of the page.

The text of an error is for the person and says nothing of who is known here; ``reason`` is for the log. Neither holds a
word that came from outside.
"""

from typing import Final

from api.catalogues import N_

__all__ = [
    "AttemptOver",
    "CodeRefused",
    "Denied",
    "NoProvider",
    "NotAMember",
    "ProviderMisbehaved",
    "ProviderUnreachable",
    "SignInFailed",
    "WrongIssuer",
    "known_word",
]

KNOWN_ERRORS: Final = frozenset(
    {
        *("access_denied", "account_selection_required", "consent_required", "interaction_required", "invalid_client"),
        *("invalid_grant", "invalid_request", "invalid_scope", "login_required", "server_error"),
        *("temporarily_unavailable", "unauthorized_client", "unsupported_grant_type", "unsupported_response_type"),
    }
)
"""Codes of RFC 6749 and OpenID Connect; another word from outside is not written into a log."""


class SignInFailed(Exception):
    """Base of every reason why somebody was not signed in."""

    status = 400
    title = N_("You are not signed in")

    def __init__(self, sentence: str, *, reason: str) -> None:
        self.reason = reason
        super().__init__(sentence)


class ProviderUnreachable(SignInFailed):
    """The provider did not answer, or not in time."""

    status = 502

    def __init__(self, reason: str) -> None:
        super().__init__(N_("The sign-in service does not answer; try again in a few minutes."), reason=reason)


class ProviderMisbehaved(SignInFailed):
    """The provider's answer cannot be used or cannot be trusted."""

    status = 502

    def __init__(self, reason: str) -> None:
        super().__init__(
            N_(
                "The sign-in service gave an answer that cannot be trusted, so nobody was signed in; try again, and "
                "if it happens again, tell the people who run this network."
            ),
            reason=reason,
        )


class WrongIssuer(SignInFailed):
    """The answer came from another provider than the one that was asked (RFC 9207)."""

    def __init__(self) -> None:
        super().__init__(
            N_("The answer came from another sign-in service than this network's; sign in again."),
            reason="wrong issuer",
        )


class CodeRefused(SignInFailed):
    """The provider does not take the code: it was used already, is too old or was given to somebody else."""

    def __init__(self) -> None:
        super().__init__(N_("This sign-in was used already or is too old; sign in again."), reason="invalid_grant")


class Denied(SignInFailed):
    """The provider, or the person there, decided against it."""

    status = 403

    def __init__(self, error: str) -> None:
        super().__init__(
            N_("The sign-in service did not let you in, or you decided against it; you can sign in again."),
            reason=known_word(error),
        )


class AttemptOver(SignInFailed):
    """Nothing was begun in this browser that this answer could end, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This sign-in was not begun in this browser, was ended already or took longer than ten minutes; "
                "sign in again."
            ),
            reason="no such attempt",
        )


class NoProvider(SignInFailed):
    """The network has no provider to sign in through."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            N_("This network has no sign-in service; sign in by e-mail instead."), reason="no provider is set"
        )


class NotAMember(SignInFailed):
    """The provider knows them, and the network does not."""

    status = 403
    title = N_("You are not a member yet")

    def __init__(self) -> None:
        super().__init__(
            N_(
                "You are signed in there, but you are not a member of this network yet. Members come in by "
                "invitation: if you have one, open the link in its letter; if not, ask somebody who organises the "
                "network for one."
            ),
            reason="not a member",
        )


def known_word(error: object) -> str:
    """An error code as a log may hold it."""
    return error if isinstance(error, str) and error in KNOWN_ERRORS else "an error of its own"
