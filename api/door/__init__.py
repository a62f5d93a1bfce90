"""The door: who comes in, how they show who they are, and what of theirs could be somebody else's doing."""

from api.door.browser import FreshBrowsers, browser_of, is_secure, remember_browser
from api.door.csrf import CheckedForm, checked_form, checked_graphql, checked_upload
from api.door.refusals import Refusal
from api.door.visitors import Visitor, VisitorOf, begin_session, confirm, end_session, recalled_visitor_of, visitor_of

__all__ = [
    "CheckedForm",
    "FreshBrowsers",
    "Refusal",
    "Visitor",
    "VisitorOf",
    "begin_session",
    "browser_of",
    "checked_form",
    "checked_graphql",
    "checked_upload",
    "confirm",
    "end_session",
    "is_secure",
    "recalled_visitor_of",
    "remember_browser",
    "visitor_of",
]
