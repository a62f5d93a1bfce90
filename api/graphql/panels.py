"""Panels in the schema: who should speak at an event together, under an organiser's rules."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import strawberry
from strawberry import Private

from api.door.limits import Limited, spend
from api.graphql.context import Info
from api.graphql.matching import MatchFilter
from api.graphql.nouns import Asked, one, own_id, type_of
from graph import filters, panels, search, values
from graph.graph import Graph
from graph.panels import Rule, RuleKind
from graph.values import EventId, ExpertId, TopicId
from graph.viewer import Viewer

__all__ = ["PanelsQuery"]

strawberry.enum(
    RuleKind,
    name="PanelRuleKind",
    description="What a rule of a panel counts: at least so many of a region, fluent in a language, of a gender, or "
    "newcomers; somebody included or excluded; at most so many of one organisation or country; nobody with more talks.",
)


@strawberry.input(description="At least so many people from a region.")
class RegionQuota:
    """A region, by code or name."""

    region: str = strawberry.field(description="The region: UN M49 code or name in one of the six UN languages.")
    at_least: int = strawberry.field(default=1, description="How many people.")


@strawberry.input(description="At least so many people who speak a language fluently, for those who interpret.")
class LanguageQuota:
    """A language, by tag or name."""

    language: str = strawberry.field(description="The language: BCP 47 tag or name in one of the six UN languages.")
    at_least: int = strawberry.field(default=1, description="How many people.")


@strawberry.input(description="At least so many people of a gender, as they say of themselves.")
class GenderQuota:
    """A gender."""

    gender: values.Gender = strawberry.field(description="The gender.")
    at_least: int = strawberry.field(default=1, description="How many people.")


@strawberry.input(description="What a panel must be like. What somebody does not show to organisers counts as unknown.")
class PanelRules:
    """The rules, as an organiser writes them."""

    regions: list[RegionQuota] = strawberry.field(default_factory=list, description="Where people live.")
    languages: list[LanguageQuota] = strawberry.field(default_factory=list, description="What they speak fluently.")
    genders: list[GenderQuota] = strawberry.field(default_factory=list, description="For balance.")
    newcomers: int = strawberry.field(default=0, description="At least so many who never gave a talk here.")
    most_of_one_organisation: int | None = strawberry.field(
        default=None, description="At most so many who work at one organisation."
    )
    most_of_one_country: int | None = strawberry.field(
        default=None, description="At most so many who live in one country."
    )
    most_talks: int | None = strawberry.field(
        default=None,
        description=f"Nobody who gave more talks than this in the last {panels.LATELY.days} days, announced ones too.",
    )
    include: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Who must be on it, by id or slug: also to lock a seat."
    )
    exclude: list[strawberry.ID] = strawberry.field(default_factory=list, description="Who must not, by id or slug.")

    async def resolved(self, graph: Graph, viewer: Viewer) -> list[Rule]:
        """The rules that these are; raises as filters.ids_of does."""
        regions = await _ids(graph, viewer, "Region", [one.region for one in self.regions])
        languages = await _ids(graph, viewer, "Language", [one.language for one in self.languages])
        most = {
            RuleKind.ORGANISATION: self.most_of_one_organisation,
            RuleKind.COUNTRY: self.most_of_one_country,
            RuleKind.TALKS: self.most_talks,
        }
        return [
            *(Rule(RuleKind.REGION, one.at_least, regions[one.region], one.region) for one in self.regions),
            *(Rule(RuleKind.LANGUAGE, one.at_least, languages[one.language], one.language) for one in self.languages),
            *(Rule(RuleKind.GENDER, one.at_least, one.gender.value) for one in self.genders),
            *([Rule(RuleKind.NEWCOMERS, self.newcomers)] if self.newcomers else []),
            *(Rule(kind, number) for kind, number in most.items() if number is not None),
            *(Rule(RuleKind.INCLUDED, of=own_id(expert, "Expert")) for expert in self.include),
            *(Rule(RuleKind.EXCLUDED, of=own_id(expert, "Expert")) for expert in self.exclude),
        ]


async def _ids(graph: Graph, viewer: Viewer, noun: str, names: Sequence[str]) -> Mapping[str, str]:
    found = await filters.ids_of(graph, viewer, noun=noun, names=names) if names else {}
    for name, ids in found.items():
        if len(ids) > 1:
            raise filters.UnknownFilterValue(kind=noun.lower(), value=name, nearest=ids)
    return {name: ids[0] for name, ids in found.items()}


@strawberry.type(description="A rule of a panel.")
class PanelRule:
    """Wraps a rule."""

    value: Private[Rule]

    @strawberry.field(description="What it counts.")
    def kind(self) -> RuleKind:
        return self.value.kind

    @strawberry.field(description="How many people, or talks.")
    def number(self) -> int:
        return self.value.number

    @strawberry.field(description="The region, language, gender or person that it is about, by code or slug.")
    def of(self) -> str | None:
        return self.value.of or None

    @strawberry.field(description="The rule as a phrase of English.")
    def phrase(self) -> str:
        return str(self.value)


@strawberry.type(description="A rule that gives way.")
class RelaxedRule:
    """Wraps a relaxed rule."""

    value: Private[panels.Relaxed]

    @strawberry.field(description="The rule.")
    def rule(self) -> PanelRule:
        return PanelRule(value=self.value.rule)

    @strawberry.field(description="By how many people.")
    def by(self) -> int:
        return self.value.by


@strawberry.type(description="One person of a panel, and why they sit there.")
class PanelSeat:
    """Wraps a seat."""

    value: Private[panels.Seat]

    @strawberry.field(description="The person.", graphql_type=type_of("Expert"))
    def expert(self) -> Asked:
        return one("Expert", self.value.expert)

    @strawberry.field(description="How likely they fit what the event says of itself.")
    def strength(self) -> search.Strength:
        return search.Strength.of(self.value.fit)

    @strawberry.field(
        description="The event's topics that nobody on the panel covers better.",
        graphql_type=list[type_of("Topic")],  # type: ignore[misc]
    )
    def topics(self) -> Asked:
        return Asked([("Topic", topic) for topic in self.value.topics], is_list=True)

    @strawberry.field(description="The rules that would be broken without them.")
    def needed_for(self) -> list[PanelRule]:
        return [PanelRule(value=rule) for rule in self.value.needed_for]

    @strawberry.field(
        description="Who could sit there instead with all rules kept, best first; told of the best panel alone.",
        graphql_type=list[type_of("Expert")],  # type: ignore[misc]
    )
    def substitutes(self) -> Asked:
        return Asked([("Expert", expert) for expert in self.value.substitutes], is_list=True)


@strawberry.type(description="How well a panel covers a topic of its event.")
class TopicCoverage:
    """A topic and a share."""

    id: Private[TopicId]
    covered: float = strawberry.field(description="By its best person, 0 to 1.")

    @strawberry.field(description="The topic.", graphql_type=type_of("Topic"))
    def topic(self) -> Asked:
        return one("Topic", self.id)


@strawberry.type(description="People who could speak together.")
class Panel:
    """Wraps a panel."""

    value: Private[panels.Panel]

    @strawberry.field(description="Its seats, by slug.")
    def seats(self) -> list[PanelSeat]:
        return [PanelSeat(value=seat) for seat in self.value.seats]

    @strawberry.field(description="How well it covers each topic of the event.")
    def coverage(self) -> list[TopicCoverage]:
        return [TopicCoverage(id=topic, covered=covered) for topic, covered in self.value.coverage]

    @strawberry.field(description="How good it is; comparable within one event only.")
    def quality(self) -> float:
        return self.value.quality


@strawberry.type(description="Rules that no panel keeps together, and how to go on.")
class PanelConflict:
    """Wraps a conflict."""

    value: Private[panels.Conflict]

    @strawberry.field(description="As few rules as there can be that cannot be kept together.")
    def rules(self) -> list[PanelRule]:
        return [PanelRule(value=rule) for rule in self.value.rules]

    @strawberry.field(description="The fewest rules, by the fewest people, that must give way for all the others.")
    def relaxed(self) -> list[RelaxedRule]:
        return [RelaxedRule(value=one) for one in self.value.relaxed]

    @strawberry.field(description="The best panel where these give way.")
    def panel(self) -> Panel:
        return Panel(value=self.value.panel)


@strawberry.type(description="What panel an event should have.")
class PanelSuggestion:
    """Wraps what was suggested."""

    value: Private[panels.Suggested]

    @strawberry.field(description="The best panel that keeps all rules, proven; null if none does.")
    def panel(self) -> Panel | None:
        best = self.value.suggestion.best
        return None if best is None else Panel(value=best)

    @strawberry.field(description="The best of the panels that differ from it and from each other, three at most.")
    def alternatives(self) -> list[Panel]:
        return [Panel(value=other) for other in self.value.suggestion.alternatives]

    @strawberry.field(description="Which rules are in conflict, if no panel keeps all.")
    def conflict(self) -> PanelConflict | None:
        conflict = self.value.suggestion.conflict
        return None if conflict is None else PanelConflict(value=conflict)

    @strawberry.field(description="How many people were thought of.")
    def candidates(self) -> int:
        return self.value.candidates


@strawberry.type
class PanelsQuery:
    """What organisers ask for a panel."""

    @strawberry.field(
        description="The panel that covers an event's topics best under an organiser's rules, of the people nearest to "
        "what the event is about who are free on its days and not on its programme yet. For organisers."
    )
    async def suggest_panel(
        self,
        info: Info,
        event: Annotated[strawberry.ID, strawberry.argument(description="The event, by id or slug, or a draft.")],
        seats: Annotated[int, strawberry.argument(description=f"How many people, 1 to {panels.MOST_SEATS}.")] = 4,
        rules: Annotated[PanelRules | None, strawberry.argument(description="What it must be like.")] = None,
        filter: Annotated[MatchFilter | None, strawberry.argument(description="Whom to look among.")] = None,
        before: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(description="Who was on it before, by id or slug: as few of them change as can be."),
        ] = None,
    ) -> PanelSuggestion:
        await spend(info, Limited.SEARCH)
        network, viewer = info.context.network, info.context.viewer
        found = await panels.suggest_panel(
            network.graph,
            viewer,
            search=network.search,
            event=EventId(own_id(event, "Event")),
            seats=seats,
            rules=[] if rules is None else await rules.resolved(network.graph, viewer),
            before=[ExpertId(own_id(expert, "Expert")) for expert in before or ()],
            only=filters.ANYONE if filter is None else await filter.resolved(network.graph, viewer),
        )
        return PanelSuggestion(value=found)
