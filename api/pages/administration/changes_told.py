"""The change log in words: who changed something, what it was about, and the fields and values, as readers know them.

The log itself has codes, ids and ISO 8601, for programs; a code that no list has is shown as it is.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from fastapi import Request

from api.door import Visitor
from api.network import OpenNetwork
from api.pages.languages import language_of
from api.pages.reading import read
from api.pages.terms import TERMS, term
from api.pages.words import day, listed, moment, number
from graph import accounts, drafts, experts, tokens
from graph.accounts import AccountId
from graph.changes import Change
from graph.graph import Graph
from graph.values import ExpertId

__all__ = ["ToldChange", "as_asked", "in_words", "meant_by_actor", "meant_by_subject"]

AT_MOST: Final = 50
"""How many of one kind a typed name can stand for."""
MOST_TOKENS: Final = 500
KINDS: Final[Mapping[str, str]] = {
    "event": "events",
    "draft": "events",
    "shortlist": "events",
    "topic": "topics",
    "series": "series",
    "resource": "resources",
}
"""What is asked of subjects that have names of their own, by their kind."""
VALUES: Final[Mapping[str, str]] = {
    "role": "role",
    "scopes": "scope",
    "state": "standing",
    "how": "how",
    "answer": "answer",
    "occasion": "letter",
    "profile": "joined profile",
    "format": "format",
    "status": "stage",
    "gender": "gender",
    **dict.fromkeys(TERMS["purpose"], "decision"),
}
"""What the codes of a field are of."""
MADE_UP: Final = re.compile(r"[0-9a-f]{32}")
FEWEST: Final = 6
"""How many digits are shown of an id that nobody reads, to tell it from the next."""
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change in words: ``kind`` says what kind of thing it was about, ``named`` which one, or None.

    ``fields`` are those of which the log keeps no values, ``values`` a field, what it was and what it is; None where
    there was or is none.
    """

    change: Change
    who: str
    kind: str
    named: str | None
    fields: Sequence[str]
    values: Sequence[tuple[str, str | None, str | None]]


@dataclass(frozen=True, slots=True)
class Names:
    """What those of the changes on a page are called, by kind and id as the log has them."""

    named: Mapping[str, str]
    language: str

    def actor(self, actor: str) -> str:
        """Who changed something."""
        kind, _, _ = actor.partition(":")
        return self.named.get(actor) or (term("actor", kind, self.language) if kind in TERMS["actor"] else actor)

    def subject(self, subject: str) -> tuple[str, str | None]:
        """What kind of thing it is, and which one of its kind."""
        kind, _, id = subject.partition(":")
        if not id and kind in TERMS["kind"]:
            return term("kind", kind, self.language), None
        shown = f"{id[:FEWEST]}…" if MADE_UP.fullmatch(id) else id
        return term("subject", kind, self.language), self.named.get(subject, shown) or None

    def field(self, change: Change, name: str) -> str:
        """What a field is called."""
        if change.verb.startswith("audiences "):
            return term("difference", f"who sees {name}", self.language)
        return term("purpose" if name in TERMS["purpose"] else "changed field", name, self.language)

    def value(self, change: Change, name: str, value: Any) -> str | None:
        """What a value says."""
        if value is None or isinstance(value, list):
            return listed([self.value(change, name, one) or "" for one in value], self.language) if value else None
        if isinstance(value, bool | int | float):
            return number(value, self.language)
        text = str(value)
        if name in {"account", "with"}:
            return self.named.get(f"{'account' if name == 'account' else 'expert'}:{text}", text)
        of = "audience" if change.verb.startswith("audiences ") else VALUES.get(name)
        if name == "kind":
            of = change.subject.partition(":")[0]
        if of is not None and text in TERMS.get(of, ()):
            return term(of, text, self.language)
        return _when(text, self.language) or text


async def in_words(request: Request, visitor: Visitor, found: Sequence[Change]) -> Sequence[ToldChange]:
    """The changes in the language of the page, with names where the visitor may know them."""
    names = Names(await _names(request, visitor, found), language_of(request))
    return [
        ToldChange(
            change,
            names.actor(change.actor),
            *names.subject(change.subject),
            [names.field(change, name) for name in change.fields if name not in {**change.before, **change.after}],
            [
                (
                    names.field(change, name),
                    names.value(change, name, change.before.get(name)),
                    names.value(change, name, change.after.get(name)),
                )
                for name in dict.fromkeys([*change.before, *change.after])
                if name not in change.before or change.before[name] != change.after.get(name)
            ],
        )
        for change in found
    ]


async def meant_by_actor(graph: Graph, visitor: Visitor, text: str, language: str) -> set[str]:
    """The actors that a typed text may mean: one as the log has it, an address, part of a name, or a word for one."""
    if _is_exact(text, TERMS["actor"]):
        return {text}
    sought = text.casefold()
    page = await tokens.page(graph, visitor.viewer, first=MOST_TOKENS)
    return {
        text,
        *await _accounts_called(graph, visitor, text),
        *(f"token:{one.id}" for _, one in page.entries if sought in one.name.casefold()),
        *(code for code in TERMS["actor"] if sought in term("actor", code, language).casefold()),
    }


async def meant_by_subject(request: Request, visitor: Visitor, text: str) -> set[str]:
    """The subjects that a typed text may mean: one as the log has it, an address, part of a name, or a kind."""
    if _is_exact(text, {*TERMS["subject"], *TERMS["kind"]}):
        return {text}
    graph, language = request.app.state.network.graph, language_of(request)
    found = await read(request, visitor, "organise_by_name", who=text)
    return {
        text,
        *await _accounts_called(graph, visitor, text),
        *(f"expert:{edge['node']['slug']}" for edge in found["experts"]["edges"]),
        *(
            code
            for of in ("subject", "kind")
            for code in TERMS[of]
            if text.casefold() == term(of, code, language).casefold()
        ),
    }


async def as_asked(graph: Graph, visitor: Visitor, text: str, language: str, *, of: str) -> str:
    """What stands in a field for what was asked, which finds it again: an account's address, or the word for a code.

    ``of`` is "actor" or "subject".
    """
    words = ("actor",) if of == "actor" else ("kind", "subject")
    if (group := next((one for one in words if text in TERMS[one]), None)) is not None:
        return term(group, text, language)
    kind, _, id = text.partition(":")
    known = await accounts.by_ids(graph, visitor.viewer, ids=[AccountId(id)]) if kind == "account" and id else {}
    return known[AccountId(id)].email if known else text


def _is_exact(text: str, kinds: Collection[str]) -> bool:
    kind, colon, id = text.partition(":")
    return kind in kinds and (bool(id) or not colon)


async def _accounts_called(graph: Graph, visitor: Visitor, text: str) -> set[str]:
    page = await accounts.page(graph, visitor.viewer, first=AT_MOST, matching=text)
    found = [account for _, account in page.entries]
    exact = [one for one in found if one.email == text.strip().lower()]
    return {f"account:{one.id}" for one in exact or found}


async def _names(request: Request, visitor: Visitor, found: Sequence[Change]) -> dict[str, str]:
    network: OpenNetwork = request.app.state.network
    graph, viewer = network.graph, visitor.viewer
    told = {one for change in found for one in (change.actor, change.subject)}
    told |= {f"account:{change.after['account']}" for change in found if "account" in change.after}
    told |= {f"expert:{change.after['with']}" for change in found if "with" in change.after}
    of: dict[str, list[str]] = {}
    for kind, _, id in sorted(one.partition(":") for one in told):
        if id:
            of.setdefault(kind, []).append(id)
    known = await accounts.by_ids(graph, viewer, ids=[AccountId(id) for id in of.get("account", ())])
    names = {f"account:{id}": one.name or one.email for id, one in known.items()}
    people = await experts.by_id(graph, viewer, ids=[ExpertId(id) for id in of.get("expert", ())])
    names |= {f"expert:{id}": one.name for id, one in people.items()}
    if "token" in of:
        page = await tokens.page(graph, viewer, first=MOST_TOKENS)
        names |= {f"token:{one.id}": one.name for _, one in page.entries}
    kept = await drafts.by_ids(graph, viewer, ids=[*of.get("draft", ()), *of.get("shortlist", ())])
    names |= {f"{kind}:{id}": one.title for kind in ("draft", "shortlist") for id, one in kept.items() if one.title}
    return names | await _titles(request, visitor, of)


async def _titles(request: Request, visitor: Visitor, of: Mapping[str, Sequence[str]]) -> dict[str, str]:
    asked: dict[str, list[str]] = {noun: [] for noun in KINDS.values()}
    for kind, noun in KINDS.items():
        asked[noun] += of.get(kind, ())
    if not any(asked.values()):
        return {}
    found = await read(request, visitor, "changed", **asked, first=2 * AT_MOST)
    return {
        f"{kind}:{edge['node']['slug']}": edge["node"]["name"]
        for kind, noun in KINDS.items()
        for edge in found[noun]["edges"]
    }


def _when(text: str, language: str) -> str | None:
    """A moment or a day of ISO 8601, as the language writes it."""
    try:
        if MOMENT.match(text):
            at = datetime.fromisoformat(text)
            return moment(at, language) if at.tzinfo else None
        return day(date.fromisoformat(text), language) if DAY.fullmatch(text) else None
    except ValueError:
        return None
