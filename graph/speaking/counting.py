"""Who is thought of, asked and heard: counted by region, gender, language and organisation, and who is asked too often.

All is counted from what organisers may see of people who are in the network now, whenever it is asked; nothing of it is
stored. Who does not show a thing, or says nothing of it, is counted under None.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from graph.errors import GraphError
from graph.graph import Graph, Row
from graph.permissions import may_read_candidacies, refuse_unless
from graph.speaking.candidacies import WHO, steps_of
from graph.speaking.states import State
from graph.values import ExpertId
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = ["Fairness", "Share", "SpanEndsFirst", "TimesAsked", "fairness"]


class SpanEndsFirst(GraphError):
    """A span of days ends before it begins."""

    def __init__(self, since: date, until: date) -> None:
        super().__init__(
            Wording(
                "The span from %(since)s to %(until)s ends before it begins; swap its days.", since=since, until=until
            )
        )


@dataclass(frozen=True, slots=True)
class Share:
    """How often people of one group came onto a shortlist, were invited, said yes and spoke; ``group`` is an id.

    Somebody in two groups, such as a speaker of two languages, counts in each. Each person and event counts once.
    """

    group: str | None
    shortlisted: int
    invited: int
    accepted: int
    spoke: int


@dataclass(frozen=True, slots=True)
class TimesAsked:
    """Somebody who was asked again and again: to how many events."""

    expert: ExpertId
    times: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """What happened from ``since`` to ``until``, both days included (UTC): in all, and by group, the largest first.

    ``asked_often`` are those who were invited to more events than so many, or were on their programmes, most first.
    """

    since: date
    until: date
    total: Share
    regions: tuple[Share, ...]
    genders: tuple[Share, ...]
    languages: tuple[Share, ...]
    organisations: tuple[Share, ...]
    asked_often: tuple[TimesAsked, ...]


# A region is the broadest below the world, such as Africa. Of who is on a programme no organiser may have a record.
PEOPLE: LiteralString = seen("""
MATCH (e:Expert) WHERE SEES(e.listing)
WITH e,
  COLLECT {
    MATCH (e)-[:SPOKE_AT]->(w:Event)
    WHERE SEES(e.attendance) AND coalesce(w.status, '') <> 'cancelled' AND w.starts_at <= datetime()
      AND date(w.starts_at) >= $since AND date(w.starts_at) <= $until
    RETURN DISTINCT w.id
  } AS talks,
  COLLECT {
    MATCH (e)-[:CONSIDERED_AS]->(c:Candidacy)
    RETURN {event: c.event, steps: COLLECT {
      MATCH (c)-[:STEP]->(s:Step)
      WHERE s.undone IS NULL AND (NOT s.to IN ['spoke', 'absent'] OR SEES(e.attendance))
        AND date(s.at) >= $since AND date(s.at) <= $until
      RETURN s {.to, .at} ORDER BY s.at, s.number
    }}
  } AS considered
WHERE size(talks) > 0 OR size(considered) > 0
RETURN collect({
  expert: e.id, talks: talks, considered: considered,
  genders: CASE WHEN SEES(e.gender) AND e.gender IS NOT NULL THEN [e.gender] ELSE [] END,
  regions: COLLECT {
    MATCH (e)-[:BASED_IN]->(:Country)-[:IN_REGION]->(:Region)-[:WITHIN]->*(r:Region)
    WHERE SEES(e.country) AND r.id <> '001' AND NOT EXISTS { (r)-[:WITHIN]->(:Region)-[:WITHIN]->(:Region) }
    RETURN DISTINCT r.id
  },
  languages: COLLECT { MATCH (e)-[:SPEAKS]->(l:Language) WHERE SEES(e.languages) RETURN DISTINCT l.id },
  organisations: COLLECT {
    MATCH (e)-[a:AFFILIATED_WITH]->(o:Organisation) WHERE a.to IS NULL AND SEES(e.organisation)
    RETURN DISTINCT o.id
  }
}) AS people
""")

STAGES = ("shortlisted", "invited", "accepted", "spoke")
GROUPS = ("regions", "genders", "languages", "organisations")


async def fairness(graph: Graph, viewer: Viewer, *, since: date, until: date, more_than: int = 3) -> Fairness:
    """How often each group was shortlisted, invited, said yes and spoke, and who was asked more than so many times.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
        SpanEndsFirst: it does.
    """
    refuse_unless(may_read_candidacies(viewer), "see who was asked how often", who=WHO)
    if until < since:
        raise SpanEndsFirst(since, until)
    (row,) = await graph.read(PEOPLE, **viewer.sight, since=since, until=until)
    people: Sequence[Row] = row["people"]
    events = {one["expert"]: _events(one) for one in people}
    groups: dict[str, dict[str | None, Counter[str]]] = {name: {} for name in GROUPS}
    total: Counter[str] = Counter()
    for person in people:
        counted = Counter({stage: len(events[person["expert"]][stage]) for stage in STAGES})
        total += counted
        for name in GROUPS:
            for group in person[name] or [None]:
                groups[name].setdefault(group, Counter()).update(counted)
    often = [TimesAsked(ExpertId(expert), len(of["asked"])) for expert, of in events.items()]
    return Fairness(
        since,
        until,
        _share(None, total),
        _shares(groups["regions"]),
        _shares(groups["genders"]),
        _shares(groups["languages"]),
        _shares(groups["organisations"]),
        tuple(sorted((one for one in often if one.times > more_than), key=lambda one: (-one.times, one.expert))),
    )


def _events(person: Row) -> Mapping[str, set[str]]:
    """At which events somebody came so far within the span."""
    found: dict[str, set[str]] = {stage: set() for stage in (*STAGES, "asked")}
    for one in person["considered"]:
        reached = [step.to for step in steps_of(one["steps"])]
        for stage in STAGES:
            if State(stage) in reached:
                found[stage].add(one["event"])
        # Of spoke and absent the last counts: the other was taken down by mistake.
        if State.SPOKE in reached and [to for to in reached if to in {State.SPOKE, State.ABSENT}][-1] is State.ABSENT:
            found["spoke"].discard(one["event"])
    found["spoke"] |= set(person["talks"])
    found["asked"] = found["invited"] | set(person["talks"])
    return found


def _shares(groups: Mapping[str | None, Counter[str]]) -> tuple[Share, ...]:
    shares = [_share(group, counted) for group, counted in groups.items() if counted.total()]
    return tuple(
        sorted(shares, key=lambda one: (one.group is None, -one.invited, -one.shortlisted, -one.spoke, one.group or ""))
    )


def _share(group: str | None, counted: Counter[str]) -> Share:
    return Share(group, counted["shortlisted"], counted["invited"], counted["accepted"], counted["spoke"])
