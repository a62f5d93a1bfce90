"""Who is asking, and the one place that turns this into what may be seen.

A person's fields come in groups, each with an audience. What is in force for a person is stamped on their node as
``audience_<group>`` by graph.passages (0 everyone, 1 members, 2 organisers, 3 nobody), never wider than the audience
of being listed. Cypher writes ``SEES(e.contact)`` where it needs the rule, and :func:`seen` writes the rule there.
What has no stamp is seen by nobody.
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, LiteralString

from graph.values import ExpertId

__all__ = ["DEFAULT_AUDIENCES", "PUBLIC", "Audience", "FieldGroup", "Role", "Scope", "Viewer", "found", "seen", "sees"]


class Role(StrEnum):
    """What somebody is in the network; each role may all that the ones before it may."""

    PUBLIC = "public"
    MEMBER = "member"
    ORGANISER = "organiser"
    ADMINISTRATOR = "administrator"

    @property
    def rank(self) -> int:
        """0 for the public to 3 for administrators."""
        return RANKS[self]


RANKS = {role: rank for rank, role in enumerate(Role)}


class Audience(IntEnum):
    """Who may see a group of a person's fields; nobody means the person alone."""

    EVERYONE = 0
    MEMBERS = 1
    ORGANISERS = 2
    NOBODY = 3


class FieldGroup(StrEnum):
    """What of a person has an audience of its own."""

    LISTING = "listing"
    """That the person is in the network, and their name."""
    PROFILE = "profile"
    """Headline, topics, biography and other evidence, works, the day they joined."""
    CONTACT = "contact"
    """How and when to reach them."""
    COUNTRY = "country"
    """Where they live, and where they worked."""
    ORGANISATION = "organisation"
    LANGUAGES = "languages"
    ATTENDANCE = "attendance"
    """Where they spoke and what they attended."""


DEFAULT_AUDIENCES = dict.fromkeys(FieldGroup, Audience.MEMBERS)
"""In force where neither the person nor the network chose."""


class Scope(StrEnum):
    """What a client's token is good for; it never adds to what the role may."""

    READ_PUBLIC = "read:public"
    READ_MEMBERS = "read:members"
    READ_ORGANISERS = "read:organisers"
    WRITE = "write"
    ADMINISTER = "administer"


READS = {
    Scope.READ_PUBLIC: Audience.EVERYONE,
    Scope.READ_MEMBERS: Audience.MEMBERS,
    Scope.READ_ORGANISERS: Audience.ORGANISERS,
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who asks or changes something.

    ``person`` is the expert that they are, if they are one. A person who signed in holds every scope; a client holds
    those of its token. ``actor`` stands in the change log: ``account:…``, ``token:…``, ``command line``,
    ``letters`` (who sends them), ``answer link`` (whoever holds one) or ``public``. ``holder`` is the account whose own
    token asks.
    """

    role: Role
    person: ExpertId | None = None
    scopes: frozenset[Scope] = field(default_factory=lambda: frozenset(Scope))
    actor: str = "public"
    holder: str | None = None

    @classmethod
    def at_the_command_line(cls) -> "Viewer":
        """Whoever runs commands on the network's own machine, where the database's password is at hand."""
        return cls(Role.ADMINISTRATOR, actor="command line")

    @property
    def account(self) -> str:
        """The id of the account of whoever signed in; empty where nobody did, as with a token or a command."""
        kind, _, id = self.actor.partition(":")
        return id if kind == "account" else ""

    @property
    def counted_as(self) -> str:
        """By what it is counted how much the viewer asks: all of somebody's own tokens are counted as they are."""
        return f"account:{self.holder}" if self.holder else self.actor

    @property
    def reach(self) -> Audience:
        """The widest audience that the viewer is among; nobody is among nobody's, administrators neither."""
        of_role = Audience(min(self.role.rank, Audience.ORGANISERS))
        of_scopes = max((READS[scope] for scope in self.scopes if scope in READS), default=Audience.EVERYONE)
        return min(of_role, of_scopes)

    @property
    def sight(self) -> dict[str, Any]:
        """The viewer as the Cypher parameters that ``SEES(…)`` needs: ``reach`` and ``me``."""
        # Nobody has the empty id, so that the rule is never unknown to who is nobody of the network's people.
        return {"reach": int(self.reach), "me": self.person or ""}


PUBLIC = Viewer(Role.PUBLIC, scopes=frozenset({Scope.READ_PUBLIC}))


def seen(cypher: LiteralString) -> LiteralString:
    """A statement with the rule of sight written out.

    ``SEES(e.contact)`` becomes whether the viewer sees that group of the person ``e``; ``SEES(e, p)`` whether they see
    the passage ``p`` of the person ``e``, and ``SEES(p.source)`` the path that it came from; ``SEES(e.gender)`` what
    the person says their gender is; ``PERSON(e)`` the person's own properties, with the maps ``profile`` and
    ``contact``, each null where the viewer does not see it. The statement
    then needs the parameters of :attr:`Viewer.sight`.
    """
    for name, rule in RULES:
        cypher = cypher.replace(name, rule)
    return cypher


def sees(node: str, group: FieldGroup) -> str:
    """The rule itself, in Cypher: whether the viewer sees a group of the person whom a statement calls ``node``."""
    return f"({node}.audience_{group} <= $reach OR {node}.id = $me)"


RULES: tuple[tuple[str, str], ...] = (
    (
        "PERSON(e)",
        "e {.id, .name, gender: CASE WHEN SEES(e.gender) THEN e.gender END, "
        "profile: CASE WHEN SEES(e.profile) THEN e {.headline, .joined, .other_names, .website, .orcid} END, "
        "contact: CASE WHEN SEES(e.contact) THEN e {.email, .phone, .away_from, .away_until} END}",
    ),
    ("SEES(e, p)", "(p.audience <= $reach OR e.id = $me)"),
    # A document may be of several people, and its path in the roster's folder name one whom the viewer must not know.
    ("SEES(p.source)", "($reach >= 2 OR e.id = $me)"),
    # For the balance of panels, which organisers see to: no audience that somebody chooses makes it wider.
    ("SEES(e.gender)", "($reach >= 2 OR e.id = $me)"),
    *((f"SEES(e.{group})", sees("e", group)) for group in FieldGroup),
)


def found(cypher: LiteralString) -> LiteralString:
    """A statement of a search, with the rule written out of what the asker's reach finds.

    ``FINDS(p)`` becomes whether a passage ``p`` may find its person, and so does ``FINDS(dated)``; ``FINDS(e)`` whether
    a person ``e`` may be found, and ``FINDS(e.country)`` whether by that group of their fields. Of themselves people
    find no more than others do. The statement then needs the parameter ``reach``.
    """
    for name, rule in SEARCH_RULES:
        cypher = cypher.replace(name, rule)
    return cypher


SEARCH_RULES: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("FINDS(p)", "p.found_by <= $reach"),
    ("FINDS(dated)", "dated.found_by <= $reach"),
    ("FINDS(e)", "(e.audience_profile <= $reach AND NOT 'matched' IN coalesce(e.withdrawn, []))"),
    ("FINDS(e.country)", "e.audience_country <= $reach"),
    ("FINDS(e.organisation)", "e.audience_organisation <= $reach"),
    ("FINDS(e.languages)", "e.audience_languages <= $reach"),
    ("FINDS(e.attendance)", "e.audience_attendance <= $reach"),
    ("FINDS(e.contact)", "e.audience_contact <= $reach"),
)
