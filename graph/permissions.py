"""What a viewer may do: one named rule each, asked by GraphQL, pages and the command line alike.

What a viewer may see of a person, such as how to reach them, is decided by graph.viewer, inside the queries; these are
the rules for doing. A rule
never depends on whether somebody exists, so a refusal tells nothing of who does.
"""

from collections.abc import Mapping
from typing import Final

from graph.errors import GraphError
from graph.values import ExpertId
from graph.viewer import Audience, Role, Scope, Viewer
from graph.wording import Wording

__all__ = [
    "NotAllowed",
    "may_administer",
    "may_answer",
    "may_ask_network",
    "may_change_profile",
    "may_draft",
    "may_end_sessions",
    "may_erase",
    "may_export",
    "may_hold_tokens",
    "may_invite",
    "may_judge",
    "may_load",
    "may_manage_accounts",
    "may_manage_tokens",
    "may_merge_people",
    "may_moderate_questions",
    "may_offer_help",
    "may_organise",
    "may_read_account",
    "may_read_candidacies",
    "may_read_changes",
    "may_read_choices",
    "may_read_drafts",
    "may_read_invitations",
    "may_read_judgements",
    "may_read_questions",
    "may_record_consent",
    "may_save_searches",
    "may_seek_speakers",
    "may_set_audiences",
    "may_set_network",
    "may_shortlist",
    "refuse_unless",
]


WHO: Final[Mapping[str, Wording]] = {
    who: who
    for who in (
        Wording("administrators"),
        Wording("organisers"),
        Wording("organisers and administrators"),
        Wording("people who signed in"),
        Wording("people who signed in and whose account is linked to their profile"),
        Wording("people who are signed in, and clients that may write"),
        Wording("people whom the network lists"),
        Wording("the person"),
        Wording("the person and administrators"),
        Wording("that person"),
        Wording("that person alone"),
        Wording("its holder and administrators"),
        Wording("their holder and administrators"),
        Wording("whoever asked it"),
        Wording("others"),
        Wording("its last day"),
    )
}
"""Who may, where somebody else may not."""


class NotAllowed(GraphError):
    """The viewer may not do this; the sentence says who may."""

    def __init__(self, action: str, *, who: str) -> None:
        self.action = action
        self.who = who
        super().__init__(Wording("You may not %(action)s; %(who)s may.", action=action, who=WHO.get(who, who)))


def refuse_unless(allowed: bool, action: str, *, who: str) -> None:  # noqa: FBT001 -- the rule's own answer
    """Go on if a rule allows it.

    Raises:
        NotAllowed: it does not.
    """
    if not allowed:
        raise NotAllowed(action, who=who)


def may_set_audiences(viewer: Viewer, expert: ExpertId) -> bool:
    """Who sees what of a person is for that person alone to say."""
    return Scope.WRITE in viewer.scopes and viewer.person == expert


def may_change_profile(viewer: Viewer, expert: ExpertId) -> bool:
    """What a profile says: by the person, and by administrators for them."""
    return _is_self(viewer, expert) or may_administer(viewer)


def may_organise(viewer: Viewer) -> bool:
    """Making, changing and cancelling events."""
    return viewer.role.rank >= Role.ORGANISER.rank and Scope.WRITE in viewer.scopes


def may_read_drafts(viewer: Viewer) -> bool:
    """Events that are not published yet: for organisers."""
    return viewer.role.rank >= Role.ORGANISER.rank and Scope.READ_ORGANISERS in viewer.scopes


def may_draft(viewer: Viewer) -> bool:
    """Drafting events, and publishing, discarding and bringing back drafts."""
    return may_organise(viewer) and may_read_drafts(viewer)


def may_read_candidacies(viewer: Viewer) -> bool:
    """Who is considered as a speaker where, what organisers note on them and what they answered: for organisers."""
    return viewer.role.rank >= Role.ORGANISER.rank and Scope.READ_ORGANISERS in viewer.scopes


def may_shortlist(viewer: Viewer) -> bool:
    """Considering people as speakers, and taking down what becomes of that."""
    return may_organise(viewer) and may_read_candidacies(viewer)


def may_answer(viewer: Viewer) -> bool:
    """Answering an invitation to speak: for the person who was invited, which graph.speaking looks for."""
    return Scope.WRITE in viewer.scopes


def may_seek_speakers(viewer: Viewer) -> bool:
    """Filtering people by what is for organisers alone: their gender, and when they were on a programme."""
    return viewer.reach >= Audience.ORGANISERS


def may_read_choices(viewer: Viewer, expert: ExpertId) -> bool:
    """What a person chose and agreed to is read by the person, and by administrators who answer a request."""
    return viewer.person == expert or may_administer(viewer)


def may_record_consent(viewer: Viewer, expert: ExpertId) -> bool:
    """Consent is the person's own; administrators take down what was given on paper."""
    return _is_self(viewer, expert) or may_administer(viewer)


def may_export(viewer: Viewer, expert: ExpertId) -> bool:
    """All that is known of a person: for the person, and for administrators who answer a request."""
    return _is_self(viewer, expert) or may_administer(viewer)


def may_erase(viewer: Viewer, expert: ExpertId) -> bool:
    """Erasure: by the person, and by administrators who answer a request."""
    return _is_self(viewer, expert) or may_administer(viewer)


def may_invite(viewer: Viewer, *, role: Role = Role.MEMBER) -> bool:
    """Inviting people to join: organisers invite members, administrators invite to every role."""
    if role is Role.MEMBER:
        return viewer.role.rank >= Role.ORGANISER.rank and Scope.WRITE in viewer.scopes
    return may_administer(viewer)


def may_read_invitations(viewer: Viewer) -> bool:
    """Who was invited, with their addresses: for those who invite."""
    return viewer.role.rank >= Role.ORGANISER.rank and Scope.READ_ORGANISERS in viewer.scopes


def may_judge(viewer: Viewer, expert: ExpertId | None = None) -> bool:
    """Whether a match was useful is said by people who signed in, of others; a client's token is nobody's account."""
    is_signed_in = bool(viewer.account) and Scope.WRITE in viewer.scopes
    return is_signed_in and (expert is None or viewer.person != expert)


def may_save_searches(viewer: Viewer) -> bool:
    """Saving searches for oneself: people who signed in; a client's token is nobody's account."""
    return bool(viewer.account) and Scope.WRITE in viewer.scopes


def may_read_questions(viewer: Viewer) -> bool:
    """Questions that are open with the network: for people who signed in; a client's token is nobody's account."""
    return bool(viewer.account) and viewer.reach >= Audience.MEMBERS


def may_ask_network(viewer: Viewer) -> bool:
    """Leaving questions open with the network, and closing one's own."""
    return may_read_questions(viewer) and Scope.WRITE in viewer.scopes


def may_offer_help(viewer: Viewer) -> bool:
    """Offering help with others' open questions: people who signed in and are one of the network's experts."""
    return may_ask_network(viewer) and viewer.person is not None


def may_moderate_questions(viewer: Viewer) -> bool:
    """Taking anybody's question down and putting it back: organisers and administrators who signed in."""
    return may_ask_network(viewer) and may_organise(viewer)


def may_hold_tokens(viewer: Viewer) -> bool:
    """Tokens of one's own: people who signed in; a token makes no tokens."""
    return bool(viewer.account) and Scope.WRITE in viewer.scopes


def may_read_judgements(viewer: Viewer) -> bool:
    """What askers said of matches, without who they are: for those who organise."""
    return viewer.role.rank >= Role.ORGANISER.rank and Scope.READ_ORGANISERS in viewer.scopes


def may_administer(viewer: Viewer) -> bool:
    """What concerns the whole network and everybody in it."""
    return viewer.role is Role.ADMINISTRATOR and Scope.ADMINISTER in viewer.scopes


def may_load(viewer: Viewer) -> bool:
    """Taking in and removing whole rosters."""
    return may_administer(viewer)


def may_merge_people(viewer: Viewer) -> bool:
    """Saying that two people of the network are one, or that they are two, and seeing who may be which."""
    return may_administer(viewer)


def may_set_network(viewer: Viewer) -> bool:
    """The audiences in force for those who chose none, and the texts of consent."""
    return may_administer(viewer)


def may_manage_accounts(viewer: Viewer) -> bool:
    """Accounts and their roles."""
    return may_administer(viewer)


def may_read_account(viewer: Viewer, account: str) -> bool:
    """An account and its sessions: for its holder, and for those who manage accounts."""
    return viewer.actor == f"account:{account}" or may_manage_accounts(viewer)


def may_end_sessions(viewer: Viewer, account: str) -> bool:
    """Ending an account's sessions: for its holder, and for those who manage accounts."""
    return may_read_account(viewer, account)


def may_manage_tokens(viewer: Viewer) -> bool:
    """Clients' tokens; a token of somebody's own makes none, since they would outlive it."""
    return may_administer(viewer) and viewer.holder is None


def may_read_changes(viewer: Viewer) -> bool:
    """The change log."""
    return may_administer(viewer)


def _is_self(viewer: Viewer, expert: ExpertId) -> bool:
    return Scope.WRITE in viewer.scopes and viewer.person == expert
