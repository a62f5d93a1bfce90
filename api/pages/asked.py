"""What the first page's address asks, and the answer: the same for the page and for the files that hold its list."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode

from fastapi import Request

from api.door import Visitor
from api.door.limits import Limited, spend
from api.door.waiting import while_waiting
from api.network import OpenNetwork
from api.pages import filtering
from api.pages.languages import language_of
from api.settings import GraphQLSettings
from graph.search import Answer
from graph.search import passing as passing_people
from graph.values import Cursor, Expert, ExpertId

__all__ = ["FIRST", "MOST", "Asked", "Passing", "answer_to", "passing"]

FIRST = 10
"""How many people an answer has, and by how many it grows."""

MOST = 50
"""How many people an answer has at most, and how many there are at once of those who pass filters."""

NOBODY = ExpertId("")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as an address says it: a question, or a person to be like; filters; and how many are wanted."""

    question: str = ""
    like: ExpertId = NOBODY
    chosen: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(filtering.NAMES, ""))
    first: int = FIRST

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Self:
        """As the fields of an address or a form say it; what is no text is nothing."""
        fields = {name: value for name, value in given.items() if isinstance(value, str)}
        wanted = fields.get("first", "")
        return cls(
            fields.get("q", ""),
            ExpertId(fields.get("like", "").strip()),
            {name: fields.get(name, "").strip() for name in filtering.NAMES},
            min(max(int(wanted), FIRST), MOST)
            if wanted.isascii() and wanted.isdecimal() and len(wanted) < 4
            else FIRST,
        )

    @property
    def is_something(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.question or self.like)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is filtered by."""
        return any(self.chosen.values())

    @property
    def about(self) -> dict[str, str]:
        """What is asked, without filters, as the address says it; a question goes before a person."""
        return {"q": self.question} if self.question else {"like": self.like}

    @property
    def fields(self) -> dict[str, str]:
        """All of it, as the address says it."""
        first = {"first": str(self.first)} if self.first != FIRST else {}
        return {name: value for name, value in {**self.about, **self.chosen, **first}.items() if value}

    def address(self, path: str = "/") -> str:
        """Where this is asked."""
        return f"{path}?{urlencode(self.fields)}"

    def among(self, chosen: Mapping[str, str]) -> str:
        """Where the same is asked, of other people and from the beginning."""
        fields = {name: value for name, value in {**self.about, **chosen}.items() if value}
        return f"/?{urlencode(fields)}" if fields else "/"


@dataclass(frozen=True, slots=True)
class Passing:
    """Part of the people whom filters let through, by name; how many there are, and the cursor of those after them."""

    people: Sequence[Expert]
    total: int
    after: Cursor | None


async def passing(request: Request, visitor: Visitor, asked: Asked, *, after: Cursor | None = None) -> Passing:
    """Everybody whom the filters let through where nothing is asked, counted as a question.

    Raises:
        RateLimited: one question too many.
        NotACursor: ``after`` is no place of this list in the page's language.
        GraphError: as api.pages.filtering.resolved does.
    """
    await spend(request, Limited.SEARCH)
    open_: OpenNetwork = request.app.state.network
    settings: GraphQLSettings = request.app.state.graphql
    async with while_waiting(request, seconds=settings.query_timeout_s):
        only = await filtering.resolved(open_.graph, visitor.viewer, asked.chosen)
        found, total = await asyncio.gather(
            passing_people.page(
                open_.graph, visitor.viewer, only=only, first=MOST, after=after, language=language_of(request)
            ),
            passing_people.count(open_.graph, visitor.viewer, only=only),
        )
    last = found.entries[-1][0] if found.has_next and found.entries else None
    return Passing([one for _, one in found.entries], total, last)


async def answer_to(request: Request, visitor: Visitor, asked: Asked, *, further: int = 0) -> Answer:
    """Who fits, counted as a question; ``further`` more people than are asked for.

    Raises:
        RateLimited: one question too many.
        GraphError: as api.pages.filtering.resolved and graph.search.Search do.
    """
    await spend(request, Limited.SEARCH)
    open_: OpenNetwork = request.app.state.network
    settings: GraphQLSettings = request.app.state.graphql
    first = asked.first + further
    async with while_waiting(request, seconds=settings.query_timeout_s):
        only = await filtering.resolved(open_.graph, visitor.viewer, asked.chosen)
        if asked.question:
            return await open_.search.ask(visitor.viewer, asked.question, first=first, only=only)
        return await open_.search.like_expert(visitor.viewer, asked.like, first=first, only=only)
