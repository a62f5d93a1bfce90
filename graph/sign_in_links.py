"""Links to sign in by, which travel in letters: good once, for a quarter of an hour, in the browser that asked.

Only a link's digest is stored, so nobody who reads the database can sign in by it. Using a link deletes it, and every
other link of its address; a new one replaces the one that the same browser asked for earlier. Links that other browsers
asked for stay: whoever knows an address could otherwise keep its owner out by asking for links all day.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import LiteralString, Self

from graph.accounts import knows_address, normal_address
from graph.changes import record
from graph.credentials import digest_of, fresh_secret
from graph.errors import GraphError
from graph.graph import Graph, Row, Transaction
from graph.idempotency import keep, made_before
from graph.permissions import may_manage_accounts, refuse_unless
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = [
    "LINK_LASTS",
    "LinkGone",
    "LinkMadeBefore",
    "NobodyToSignIn",
    "OtherBrowser",
    "SignInLink",
    "create",
    "open_link",
    "use",
]

LINK_LASTS = timedelta(minutes=15)
MUTATION = "makeSignInLink"


class LinkGone(GraphError):
    """The link signs nobody in, or nobody any more; which of the two is not told."""

    def __init__(self) -> None:
        super().__init__(
            Wording("This link has been used, is too old, or was replaced by a newer one; ask for a new one.")
        )


class OtherBrowser(GraphError):
    """The link was asked for in another browser; it stays good there."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "This link was asked for in another browser; open it in that one, or ask for a new one in this one."
            )
        )


class NobodyToSignIn(GraphError):
    """The address is no open account's and not that of exactly one person of the roster."""

    def __init__(self) -> None:
        super().__init__(Wording("Nobody may sign in with that address; invite them first."))


class LinkMadeBefore(GraphError):
    """The same key made a link already, which was shown then."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "That link was made already and is shown only once; it stays good. If it is lost, make another, which "
                "takes its place."
            )
        )


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A link that is good now; ``browser`` is the digest of the asking browser's secret, None for any browser."""

    email: str
    browser: str | None

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """From a row with ``link`` (properties)."""
        return cls(row["link"]["email"], row["link"].get("browser"))


SWEEP: LiteralString = """
MATCH (l:SignInLink)
WHERE l.expires_at <= datetime()
   OR l.email = $email AND coalesce(l.browser, '') = coalesce($browser, '')
DELETE l
"""

CREATE: LiteralString = """
CREATE (:SignInLink {digest: $digest, email: $email, browser: $browser, created_at: datetime(),
                     expires_at: datetime() + $lasts})
"""

OPEN_LINK: LiteralString = """
MATCH (l:SignInLink {digest: $digest})
WHERE l.expires_at > datetime()
RETURN l {.*} AS link
"""

# Written to before it is looked at: of two requests with one link, the second waits here and then finds it gone.
HOLD: LiteralString = """
MATCH (l:SignInLink {digest: $digest})
SET l.digest = l.digest
"""

USE: LiteralString = """
MATCH (l:SignInLink {email: $email})
DELETE l
"""

WHOSE: LiteralString = """
MATCH (a:Account {email: $email})
RETURN a.id AS account
"""


async def create(
    graph: Graph, viewer: Viewer, *, email: str, browser: str | None, idempotency_key: str | None = None
) -> str | None:
    """The secret of a new link for an address, bound to the browser of this secret; None if nobody could sign in by it.

    Expired links of everybody are swept. A link for any browser is for administrators to give away.

    Raises:
        NotAllowed: the link is for any browser and the viewer is no administrator.
        NotAnAddress: the address is none.
        NobodyToSignIn: the link is for any browser and nobody has the address; who may ask for it may know that.
        LinkMadeBefore: this key made one before.
        KeyUnfit, KeyOfOther: as graph.idempotency.made_before.
    """
    refuse_unless(
        browser is not None or may_manage_accounts(viewer), "make a link for any browser", who="administrators"
    )
    address = normal_address(email)
    secret = fresh_secret()
    bound_to = None if browser is None else digest_of(browser)

    known = await knows_address(graph, email=address)

    async def work(tx: Transaction) -> None:
        if await made_before(tx, viewer, mutation=MUTATION, key=idempotency_key, given={"email": address}):
            raise LinkMadeBefore
        await keep(tx, viewer, mutation=MUTATION, key=idempotency_key, result="made")
        await tx.run(SWEEP, email=address, browser=bound_to)
        if known:
            await tx.run(CREATE, digest=digest_of(secret), email=address, browser=bound_to, lasts=LINK_LASTS)
        if known and browser is None:  # who can sign in as others is watched; what people ask for themselves is not
            account = await tx.run(WHOSE, email=address)
            await record(
                tx,
                viewer,
                verb="sign-in link made",
                subject=f"account:{account[0]['account']}" if account else "person of the roster",
            )

    await graph.transact(work)
    if not known and browser is None:
        raise NobodyToSignIn
    return secret if known else None


async def open_link(graph: Graph, viewer: Viewer, *, secret: str, browser: str | None) -> SignInLink:
    """The link that has this secret, without using it up: letters are opened by machines too.

    Raises:
        LinkGone: there is none, or no longer.
        OtherBrowser: it is bound to another browser.
    """
    return _good(await graph.read(OPEN_LINK, digest=digest_of(secret)), browser)


async def use(graph: Graph, viewer: Viewer, *, secret: str, browser: str | None) -> str:
    """The address whose owner holds this link, which is used up with that, and every other link of the address.

    Raises:
        LinkGone: there is none, or no longer.
        OtherBrowser: it is bound to another browser; it is not used up.
    """
    digest = digest_of(secret)

    async def work(tx: Transaction) -> str:
        await tx.run(HOLD, digest=digest)
        link = _good(await tx.run(OPEN_LINK, digest=digest), browser)
        await tx.run(USE, email=link.email)
        return link.email

    return await graph.transact(work)


def _good(rows: list[Row], browser: str | None) -> SignInLink:
    if not rows:
        raise LinkGone
    link = SignInLink.from_row(rows[0])
    if link.browser is not None and not (browser and hmac.compare_digest(digest_of(browser), link.browser)):
        raise OtherBrowser
    return link
