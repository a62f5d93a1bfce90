"""What a panel must be like: each rule is a number of people, at least or at most, out of some groups of people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from graph.values import CountryId, ExpertId, Gender, LanguageId, OrganisationId, RegionId, TopicId

__all__ = ["Panellist", "Rule", "RuleKind"]


@dataclass(frozen=True, slots=True)
class Panellist:
    """Somebody who may sit on a panel, as far as the organiser sees them.

    ``fit`` is how likely they fit the event as a whole, and ``covers`` how well they cover each of its topics, 0 to 1
    both. ``countries`` are where they live, none or one; ``languages`` those they speak fluently; ``talks`` how many
    they gave lately, and ``is_new`` whether they never gave any, both None if they hide it.
    """

    expert: ExpertId
    fit: float = 0.0
    covers: Mapping[TopicId, float] = field(default_factory=dict)
    countries: frozenset[CountryId] = frozenset()
    regions: frozenset[RegionId] = frozenset()
    languages: frozenset[LanguageId] = frozenset()
    organisations: frozenset[OrganisationId] = frozenset()
    gender: Gender | None = None
    talks: int | None = None
    is_new: bool | None = None


class RuleKind(StrEnum):
    """What a rule counts."""

    REGION = "region"
    LANGUAGE = "language"
    GENDER = "gender"
    NEWCOMERS = "newcomers"
    INCLUDED = "included"
    EXCLUDED = "excluded"
    ORGANISATION = "organisation"
    COUNTRY = "country"
    TALKS = "talks"


AT_LEAST = frozenset(
    {RuleKind.REGION, RuleKind.LANGUAGE, RuleKind.GENDER, RuleKind.NEWCOMERS, RuleKind.INCLUDED},
)

GENDERS = {
    Gender.WOMAN.value: ("woman", "women"),
    Gender.MAN.value: ("man", "men"),
    Gender.OTHER.value: ("of another gender", "of another gender"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a panel.

    - ``REGION``, ``LANGUAGE``, ``GENDER``: at least ``number`` people of that region, who speak that language fluently,
      of that gender; ``of`` says which. ``NEWCOMERS``: at least ``number`` who never gave a talk.
    - ``INCLUDED``, ``EXCLUDED``: the person ``of`` must, or must not, be on it.
    - ``ORGANISATION``, ``COUNTRY``: at most ``number`` of any one.
    - ``TALKS``: nobody who gave more than ``number`` talks lately.

    ``called`` is what the organiser calls ``of``. As text, a rule is a phrase of English.
    """

    kind: RuleKind
    number: int = 1
    of: str = ""
    called: str = field(default="", compare=False)

    def __str__(self) -> str:
        who = self.called or self.of
        return {
            RuleKind.REGION: f"at least {self.number} from {who}",
            RuleKind.LANGUAGE: f"at least {self.number} who speak {who} fluently",
            RuleKind.GENDER: f"at least {self.number} {GENDERS.get(self.of, (who, who))[self.number != 1]}",
            RuleKind.NEWCOMERS: f"at least {self.number} who never gave a talk",
            RuleKind.INCLUDED: f"{who} is on it",
            RuleKind.EXCLUDED: f"{who} is not on it",
            RuleKind.ORGANISATION: f"at most {self.number} of one organisation",
            RuleKind.COUNTRY: f"at most {self.number} of one country",
            RuleKind.TALKS: f"nobody with more than {self.number} talks lately",
        }[self.kind]

    @property
    def is_at_least(self) -> bool:
        """Whether each of the groups must have so many people; otherwise none may have more."""
        return self.kind in AT_LEAST

    @property
    def bound(self) -> int:
        """How many people of each group, at least or at most."""
        return 0 if self.kind in {RuleKind.TALKS, RuleKind.EXCLUDED} else self.number

    def groups(self, people: Sequence[Panellist]) -> list[list[int]]:
        """The groups that it counts people of, as places in ``people``."""
        if self.kind is RuleKind.ORGANISATION:
            return _by(people, [person.organisations for person in people])
        if self.kind is RuleKind.COUNTRY:
            return _by(people, [person.countries for person in people])
        return [[place for place, person in enumerate(people) if self._counts(person)]]

    def is_kept(self, panel: Sequence[Panellist]) -> bool:
        """Whether a panel of these people keeps it."""
        sizes = [len(group) for group in self.groups(panel)]
        return all(size >= self.bound if self.is_at_least else size <= self.bound for size in sizes)

    def _counts(self, person: Panellist) -> bool:
        match self.kind:
            case RuleKind.REGION:
                return self.of in person.regions
            case RuleKind.LANGUAGE:
                return self.of in person.languages
            case RuleKind.GENDER:
                return person.gender == self.of
            case RuleKind.NEWCOMERS:
                return person.is_new is True
            case RuleKind.TALKS:
                return person.talks is not None and person.talks > self.number
            case _:
                return person.expert == self.of


def _by(people: Sequence[Panellist], told: Sequence[frozenset[str]]) -> list[list[int]]:
    groups: dict[str, list[int]] = {}
    for place in range(len(people)):
        for one in told[place]:
            groups.setdefault(one, []).append(place)
    return [groups[one] for one in sorted(groups)]
