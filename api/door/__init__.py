"""The door: who comes in, how they show who they are, and what of theirs could be somebody else's doing."""

from api.door.browser import browser_of, is_secure, remember_browser, remember_fresh_browser
from api.door.csrf import CheckedForm, checked_form, checked_graphql
from api.door.refusals import Refusal
from api.door.visitors import Visitor, VisitorOf, begin_session, end_session, visitor_of

__all__ = [
    "CheckedForm",
    "Refusal",
    "Visitor",
    "VisitorOf",
    "begin_session",
    "browser_of",
    "checked_form",
    "checked_graphql",
    "end_session",
    "is_secure",
    "remember_browser",
    "remember_fresh_browser",
    "visitor_of",
]
