"""The schema's main question: who in the network can answer this?"""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

import strawberry
from strawberry import Private, relay

from api.asking import MOST_MONTHS, months_ago
from api.door.limits import Limited, spend
from api.graphql.context import Info
from api.graphql.nouns import Asked, DateInterval, one, type_of
from api.graphql.paging import After, First, first_of
from graph import filters, search, values
from graph.filters import ExpertFilter
from graph.graph import Graph
from graph.values import Cursor, NotACursor, Period
from graph.viewer import Viewer

__all__ = ["MatchingQuery"]

strawberry.enum(search.WhyNobody, description="Why nobody is in an answer.")
strawberry.enum(
    search.Strength,
    description="How likely a person fits: of the strong, nine in ten did in measured questions; of the good, six in "
    "ten; of the weak, two.",
)

DEEPEST = 200
"""How many people an answer has at most, over all its pages."""

Way = Callable[..., Awaitable[search.Answer]]
"""How the search is asked: a method of it."""


@strawberry.type(description="That a person knows a topic.")
class Expertise:
    """Wraps an expertise of the graph."""

    value: Private[values.Expertise]

    @strawberry.field(description="The topic.", graphql_type=type_of("Topic"))
    def topic(self) -> Asked:
        return one("Topic", self.value.topic.id)

    @strawberry.field(description="How deep the expertise goes.")
    def level(self) -> values.ExpertiseLevel:
        return self.value.level

    @strawberry.field(description="The year since when.")
    def since(self) -> int | None:
        return self.value.since


@strawberry.type(description="That a person speaks the asker's language.")
class SpokenLanguage:
    """Wraps a spoken language of the graph."""

    value: Private[values.SpokenLanguage]

    @strawberry.field(description="The language.", graphql_type=type_of("Language"))
    def language(self) -> Asked:
        return one("Language", self.value.language.id)

    @strawberry.field(description="How well they speak it.")
    def proficiency(self) -> values.LanguageLevel:
        return self.value.level


@strawberry.type(description="That a person spoke on it.")
class Talk:
    """Wraps a talk of the graph."""

    value: Private[values.Talk]

    @strawberry.field(description="The event.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", self.value.event.id)

    @strawberry.field(description="As what: speaker, moderator or panellist.")
    def role(self) -> str | None:
        return self.value.role

    @strawberry.field(description="The talk's title.")
    def title(self) -> str | None:
        return self.value.title


@strawberry.type(
    description="That a person works or worked where you work or worked. It is told beside the others and is no part "
    "of the ranking."
)
class SharedOrganisation:
    """Wraps an affiliation of the graph."""

    value: Private[values.Affiliation]

    @strawberry.field(description="The organisation.", graphql_type=type_of("Organisation"))
    def organisation(self) -> Asked:
        return one("Organisation", self.value.organisation.id)

    @strawberry.field(description="As what they work or worked there.")
    def role(self) -> str | None:
        return self.value.role

    @strawberry.field(description="Since when, as the roster has it: a year or a day.")
    def since(self) -> str | None:
        return self.value.since

    @strawberry.field(description="Until when; null while they are there.")
    def until(self) -> str | None:
        return self.value.until


Reason = Annotated[
    Expertise | Talk | SpokenLanguage | SharedOrganisation,
    strawberry.union(
        "Reason",
        description="What speaks for a person: they know it, spoke on it, speak the asker's language, or are or were "
        "where the asker is or was.",
    ),
]


@strawberry.input(
    description="Whom to look among: people of whom all of this is true, as far as they show it. Each text is a code, "
    "an id or a name, of places, languages and topics in one of the six UN languages."
)
class MatchFilter:
    """What a client may filter matches by."""

    countries: list[str] = strawberry.field(default_factory=list, description="Living in one of these countries …")
    regions: list[str] = strawberry.field(default_factory=list, description="… or in one of these regions.")
    languages: list[str] = strawberry.field(default_factory=list, description="Speaking all of these languages.")
    language_level: values.LanguageLevel = strawberry.field(
        default=values.LanguageLevel.BASIC, description="How well they speak each of the languages at least."
    )
    topics: list[str] = strawberry.field(
        default_factory=list, description="Knowing one of these topics or a narrower one."
    )
    worked_in: list[str] = strawberry.field(
        default_factory=list, description="Having worked in one of these countries or regions."
    )
    organisations: list[str] = strawberry.field(
        default_factory=list, description="Working at one of these organisations now."
    )
    organisation_kinds: list[str] = strawberry.field(
        default_factory=list,
        description="Working now at an organisation of one of these kinds, as Organisation.kind has them.",
    )
    spoke_at: list[str] = strawberry.field(
        default_factory=list, description="Having been on the programme of one of these events."
    )
    available: DateInterval | None = strawberry.field(
        default=None,
        description="Available on all of these days: neither said to be away then, nor on an event's programme.",
    )
    active_since: date | None = strawberry.field(
        default=None,
        description="Having spoken, come to an event, published or done else what has a date, since that day.",
    )
    not_invited_for_months: int | None = strawberry.field(
        default=None,
        description=f"On no event's programme in so many months up to today, 1 to {MOST_MONTHS}, nor in one to come. "
        "For organisers.",
    )
    genders: list[values.Gender] = strawberry.field(
        default_factory=list, description="Of one of these genders, as they say of themselves. For organisers."
    )

    async def resolved(self, graph: Graph, viewer: Viewer) -> ExpertFilter:
        """What it stands for; raises as filters.resolve and months_ago do."""
        available = None if self.available is None else Period.parse(self.available)
        months = self.not_invited_for_months
        return await filters.resolve(
            graph,
            viewer,
            countries=self.countries,
            regions=self.regions,
            languages=self.languages,
            language_level=self.language_level,
            topics=self.topics,
            worked_in=self.worked_in,
            organisations=self.organisations,
            organisation_kinds=self.organisation_kinds,
            spoke_at=self.spoke_at,
            available=None if available is None else (available.first, available.last),
            active_since=self.active_since,
            not_invited_since=None if months is None else months_ago(months),
            genders=self.genders,
        )


@strawberry.type(description="A part of a text.")
class TextSpan:
    """Wraps where a part of a passage starts and ends."""

    whole: Private[str]
    span: Private[tuple[int, int]]

    @strawberry.field(description="The part.")
    def text(self) -> str:
        start, end = self.span
        return self.whole[start:end]

    @strawberry.field(
        description="Where it starts in the whole text, in Unicode code points from 0; JavaScript's strings count "
        "otherwise."
    )
    def start(self) -> int:
        return self.span[0]

    @strawberry.field(description="Where it ends: the place after its last code point.")
    def end(self) -> int:
        return self.span[1]


@strawberry.input(description="What people are to be like; one of these.", one_of=True)
class MatchLike:
    """What a client may look for people by, instead of a question."""

    expert: str | None = strawberry.field(
        default=strawberry.UNSET, description="Peers of this person, by slug: whom the viewer finds in a search."
    )
    event: str | None = strawberry.field(
        default=strawberry.UNSET, description="Speakers for this event, by slug, besides those who speak there."
    )
    document: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="People who know what this text is about; "
        f"its first {search.LONGEST_QUESTION} characters are read.",
    )


@strawberry.type(description="A passage that earned a person their place.")
class Evidence:
    """Wraps a piece of evidence."""

    value: Private[search.Evidence]

    @strawberry.field(description="The passage.", graphql_type=type_of("Passage"))
    def passage(self) -> Asked:
        return one("Passage", self.value.passage.id)

    @strawberry.field(description="How near it is to the question by meaning, -1 to 1.")
    def similarity(self) -> float:
        return self.value.similarity

    @strawberry.field(
        description="The passage's sentence that is nearest to the question by meaning, in whatever languages the two "
        "are; null for a passage of one sentence."
    )
    def sentence(self) -> TextSpan | None:
        span = self.value.sentence
        return None if span is None else TextSpan(whole=self.value.passage.text, span=span)


@strawberry.type(description="A person who fits, and why.")
class ExpertMatchEdge:
    """Wraps a match."""

    value: Private[search.Match]
    cursor: str = strawberry.field(description="To go on after it.")

    @strawberry.field(description="The person.", graphql_type=type_of("Expert"))
    def node(self) -> Asked:
        return one("Expert", self.value.expert.id)

    @strawberry.field(description="How well they fit; comparable within one answer only.")
    def score(self) -> float:
        return self.value.score

    @strawberry.field(description="How likely they fit.")
    def strength(self) -> search.Strength:
        return self.value.strength

    @strawberry.field(
        description="In the question's words, what it says of whom it looks for and the person does not show: that "
        "they speak a language, or live or worked somewhere. Such a match is weak."
    )
    def unmet(self) -> list[str]:
        return list(self.value.unmet)

    @strawberry.field(description="The passages that earned the place, nearest first.")
    def evidence(self) -> list[Evidence]:
        return [Evidence(value=one) for one in self.value.evidence]

    @strawberry.field(description="The topics, talks, languages and shared organisations that speak for the person.")
    def reasons(self) -> list[Reason]:
        return [_reason(one) for one in self.value.reasons]


@strawberry.type(
    description="Something that a question says of whom it looks for: languages, places or topics, ready for a "
    "MatchFilter."
)
class SuggestedFilter:
    """Wraps a need."""

    value: Private[search.Need]

    @strawberry.field(description="In which of its words it says so.")
    def said(self) -> str:
        return self.value.said

    @strawberry.field(description="The languages, as BCP 47 tags.")
    def languages(self) -> list[str]:
        return list(self.value.languages)

    @strawberry.field(description="The countries, as ISO 3166 codes.")
    def countries(self) -> list[str]:
        return list(self.value.countries)

    @strawberry.field(description="The regions, as UN M49 codes.")
    def regions(self) -> list[str]:
        return list(self.value.regions)

    @strawberry.field(description="The topics, as slugs.")
    def topics(self) -> list[str]:
        return list(self.value.topics)


@strawberry.type(description="The people who fit a question, best first.")
class ExpertMatchConnection:
    """Wraps an answer; ``passed`` people are in earlier pages."""

    value: Private[search.Answer]
    first: Private[int]
    passed: Private[int]

    @strawberry.field(description="The people.")
    def edges(self) -> list[ExpertMatchEdge]:
        told = self.value.matches[self.passed : self.passed + self.first]
        return [
            ExpertMatchEdge(value=match, cursor=_cursor(place)) for place, match in enumerate(told, self.passed + 1)
        ]

    @strawberry.field(description="Where this part begins and ends, and whether more follow.")
    def page_info(self) -> relay.PageInfo:
        end = min(self.passed + self.first, len(self.value.matches))
        is_empty = end <= self.passed
        return relay.PageInfo(
            has_next_page=len(self.value.matches) > end,
            has_previous_page=self.passed > 0,
            start_cursor=None if is_empty else _cursor(self.passed + 1),
            end_cursor=None if is_empty else _cursor(end),
        )

    @strawberry.field(description="Why nobody is among them, if nobody is.")
    def nobody(self) -> search.WhyNobody | None:
        return self.value.nobody

    @strawberry.field(
        description="What the question says of whom it looks for, and the filter does not. It filtered nothing: that "
        "is for whoever asks to choose."
    )
    def suggested_filters(self) -> list[SuggestedFilter]:
        return [SuggestedFilter(value=one) for one in self.value.suggested]

    @strawberry.field(description="The UN language that the question is surely asked in, as a BCP 47 tag.")
    def question_language(self) -> str | None:
        return self.value.language


@strawberry.type
class MatchingQuery:
    """What is asked of people's knowledge."""

    @strawberry.field(
        description="The people who can answer a question, in any of the six UN languages, best first; "
        f"{DEEPEST} at most over all pages."
    )
    async def match_experts(
        self,
        info: Info,
        question: Annotated[str, strawberry.argument(description="The question, as one would ask a colleague.")],
        filter: Annotated[
            MatchFilter | None, strawberry.argument(description="Whom to look among; everybody if left out.")
        ] = None,
        first: First = 10,
        after: After = None,
    ) -> ExpertMatchConnection:
        return await _answered(info, search.Search.ask, question, filter=filter, first=first, after=after)

    @strawberry.field(
        description="The people who are like a person, could speak at an event, or fit a document, best first; "
        f"{DEEPEST} at most over all pages. The person is not among them, nor who is known to speak at the event."
    )
    async def match_experts_like(
        self,
        info: Info,
        like: Annotated[MatchLike, strawberry.argument(description="What they are to be like.")],
        filter: Annotated[
            MatchFilter | None, strawberry.argument(description="Whom to look among; everybody if left out.")
        ] = None,
        first: First = 10,
        after: After = None,
    ) -> ExpertMatchConnection:
        way: Way = search.Search.ask
        asked = (like.document or "")[: search.LONGEST_QUESTION]
        if isinstance(like.expert, str):
            way, asked = search.Search.like_expert, like.expert
        if isinstance(like.event, str):
            way, asked = search.Search.like_event, like.event
        return await _answered(info, way, asked, filter=filter, first=first, after=after)


async def _answered(
    info: Info,
    way: Way,
    asked: str,
    *,
    filter: MatchFilter | None,
    first: int,
    after: str | None,
) -> ExpertMatchConnection:
    """A page of what one of the search's ways to ask answers."""
    await spend(info, Limited.SEARCH)
    size, passed = first_of(first), 0 if after is None else _place(after)
    network, viewer = info.context.network, info.context.viewer
    only = filters.ANYONE if filter is None else await filter.resolved(network.graph, viewer)
    answer = await way(network.search, viewer, asked, first=min(passed + size + 1, DEEPEST), only=only)
    return ExpertMatchConnection(value=answer, first=size, passed=passed)


def _cursor(place: int) -> str:
    return str(Cursor(("match", str(place))))


def _place(after: str) -> int:
    """How many people come before the next page.

    Raises:
        NotACursor: the text is no cursor of an answer.
    """
    name, place = Cursor.parse(after).key
    if name != "match" or not place.isdecimal() or not 0 < int(place[:4]) <= DEEPEST:
        raise NotACursor(after)
    return int(place[:4])


def _reason(value: search.Reason) -> Expertise | Talk | SpokenLanguage | SharedOrganisation:
    match value:
        case values.Expertise():
            return Expertise(value=value)
        case values.Talk():
            return Talk(value=value)
        case values.SpokenLanguage():
            return SpokenLanguage(value=value)
        case values.Affiliation():
            return SharedOrganisation(value=value)
