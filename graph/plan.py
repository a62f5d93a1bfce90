"""What a programme plans for a year or another span: how far each thing is, and what it has not got yet."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, LiteralString

from graph.graph import Graph
from graph.model.programme import event_stage
from graph.permissions import may_read_candidacies
from graph.values import Cursor, EventStage, Page, Period, day
from graph.viewer import Viewer, seen

__all__ = ["Lack", "Planned", "Stage", "page"]


class Stage(StrEnum):
    """How far something is, from idea to done, as far as the graph tells."""

    IDEA = "idea"
    """It has no day yet, or is said to be no more than that."""
    PLANNED = "planned"
    """It has a day."""
    CONFIRMED = "confirmed"
    """It is said that it takes place."""
    UNDER_WAY = "under_way"
    """It has begun."""
    DONE = "done"


class Lack(StrEnum):
    """What is missing for something to take place."""

    DATE = "date"
    SPEAKER = "speaker"
    """An event has nobody on its programme or agenda, as far as the viewer sees; nor, for those who read who is
    considered as a speaker, anybody who said yes."""
    PARTNER = "partner"
    COUNTRY = "country"
    """It is held in a country, or for some, and for none yet."""
    TOPIC = "topic"
    OUTCOME = "outcome"
    """Its last day has passed, and nobody said that it is done."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An activity, event, project or resource of a plan."""

    noun: str
    id: str
    title: str
    kind: str | None
    status: str | None
    starts_on: date | None
    ends_on: date | None
    stage: Stage
    lacks: tuple[Lack, ...]

    @classmethod
    def from_row(cls, row: Mapping[str, Any], *, today: date) -> "Planned":
        """From a row of the statement, as it is on a day."""
        starts_on, ends_on = day(row["starts_on"]), day(row["ends_on"])
        if row["noun"] == "Event":
            stage = _stage_of_event(starts_on, EventStage(row["stage"]))
        else:
            stage = _stage(row["noun"], row["status"], starts_on, ends_on, today=today)
        lacks = tuple(_lacks(row, starts_on, ends_on, today=today)) if stage is not Stage.DONE else ()
        return cls(row["noun"], row["id"], row["title"], row["kind"], row["status"], starts_on, ends_on, stage, lacks)


# An event is of the day that it begins on where it is held. What has no day is in every plan until it has one; but a
# resource without one may have been published long ago.
PLANNED: LiteralString = seen(
    """
CALL () {
  MATCH (a:Activity)
  WHERE coalesce(a.status, '') <> 'cancelled'
    AND ((a.starts_on IS NULL AND coalesce(a.status, '') <> 'done')
      OR (a.starts_on <= $until AND coalesce(a.ends_on, a.starts_on) >= $since))
  RETURN a AS n, 'Activity' AS noun, a.starts_on AS starts_on, a.ends_on AS ends_on, null AS stage,
         NOT a.kind IN ['national', 'regional'] OR EXISTS { (a)-[:FOR_COUNTRY]->() } AS has_country, true AS has_speaker
UNION ALL
  MATCH (v:Event)
  WHERE coalesce(v.status, '') <> 'cancelled'
    AND (v.starts_at IS NULL OR (date(v.starts_at) >= $since AND date(v.starts_at) <= $until))
  RETURN v AS n, 'Event' AS noun, date(v.starts_at) AS starts_on, date(v.ends_at) AS ends_on,
         EVENT_STAGE AS stage,
         coalesce(v.format, '') = 'online' OR EXISTS { (v)-[:HELD_IN]->() } AS has_country,
         EXISTS { MATCH (e:Expert)-[:SPOKE_AT]->(v) WHERE SEES(e.attendance) }
           OR EXISTS { MATCH (e:Expert)-[:GIVES]->(:AgendaItem)-[:ON_AGENDA]->(v) WHERE SEES(e.attendance) }
           OR ($reads_candidacies AND EXISTS {
             MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {event: v.id})
             WHERE c.state IN ['accepted', 'confirmed', 'spoke', 'absent'] AND SEES(e.listing)
           }) AS has_speaker
UNION ALL
  MATCH (p:Project)
  WHERE (p.starts_on IS NULL OR p.starts_on <= $until) AND (p.ends_on IS NULL OR p.ends_on >= $since)
  RETURN p AS n, 'Project' AS noun, p.starts_on AS starts_on, p.ends_on AS ends_on, null AS stage,
         true AS has_country, true AS has_speaker
UNION ALL
  MATCH (r:Resource)
  WHERE r.published_on >= $since AND r.published_on <= $until
  RETURN r AS n, 'Resource' AS noun, r.published_on AS starts_on, r.published_on AS ends_on, null AS stage,
         r.kind <> 'roadmap' OR EXISTS { (r)-[:FOR_COUNTRY]->() } AS has_country, true AS has_speaker
}
WITH n, noun, starts_on, ends_on, stage, has_country, has_speaker,
     coalesce(toString(starts_on), 'later') AS word, noun + ':' + n.id AS place
WHERE ($noun IS NULL OR noun = $noun) AND ($statuses IS NULL OR n.status IN $statuses)
  AND ($after IS NULL OR word > $after[0] OR (word = $after[0] AND place > $after[1]))
WITH * ORDER BY word, place LIMIT $size
RETURN collect({
  key: [word, place], noun: noun, id: n.id, title: n.title, kind: n.kind, status: n.status,
  starts_on: starts_on, ends_on: ends_on, stage: stage, has_country: has_country, has_speaker: has_speaker,
  has_topic: EXISTS { (n)-[:COVERS]->() }, has_partner: EXISTS { (n)<-[:PARTNER_IN]-() }
}) AS found
""".replace(
        "EVENT_STAGE",
        event_stage(
            status="v.status",
            starts="date(v.starts_at)",
            ends="date(coalesce(v.ends_at, v.starts_at))",
            now="$today",
        ),
    )
)


async def page(
    graph: Graph,
    viewer: Viewer,
    *,
    span: Period,
    today: date,
    first: int,
    after: Cursor | None = None,
    noun: str | None = None,
    statuses: Collection[str] | None = None,
) -> Page[Planned]:
    """What is planned for these days, by the day it begins, what has none last; done things stand among it.

    Speakers count as far as the viewer sees them. However short the page, the database looks at every activity, event,
    project and resource.
    """
    (row,) = await graph.read(
        PLANNED,
        **viewer.sight,
        reads_candidacies=may_read_candidacies(viewer),
        since=span.first,
        until=span.last,
        today=today,
        noun=noun,
        statuses=None if statuses is None else list(statuses),
        after=list(after.key) if after else None,
        size=first + 1,
    )
    return Page.of(row["found"], first, lambda one: Planned.from_row(one, today=today))


OF_EVENTS: Mapping[EventStage, Stage] = {
    EventStage.PLANNED: Stage.PLANNED,
    EventStage.CONFIRMED: Stage.CONFIRMED,
    EventStage.UNDER_WAY: Stage.UNDER_WAY,
    EventStage.HELD: Stage.DONE,
}
"""What a plan calls the stages of events; one that is cancelled is in none."""


def _stage_of_event(starts_on: date | None, stage: EventStage) -> Stage:
    return Stage.IDEA if starts_on is None else OF_EVENTS[stage]


def _stage(noun: str, status: str | None, starts_on: date | None, ends_on: date | None, *, today: date) -> Stage:
    is_over = starts_on is not None and (ends_on or starts_on) < today
    if status == "done" or (noun == "Resource" and starts_on is not None and starts_on <= today):
        return Stage.DONE
    if starts_on is None or status == "idea":
        return Stage.IDEA
    # Of an activity it is said when it is done; projects end on their last day.
    if noun != "Activity" and is_over and ends_on is not None:
        return Stage.DONE
    if starts_on <= today and not (noun == "Activity" and is_over):
        return Stage.UNDER_WAY
    return Stage.CONFIRMED if status == "confirmed" else Stage.PLANNED


def _lacks(row: Mapping[str, Any], starts_on: date | None, ends_on: date | None, *, today: date) -> Iterator[Lack]:
    if starts_on is None:
        yield Lack.DATE
    for lack in (Lack.SPEAKER, Lack.PARTNER, Lack.COUNTRY, Lack.TOPIC):
        if not row[f"has_{lack}"]:
            yield lack
    if row["noun"] == "Activity" and starts_on is not None and (ends_on or starts_on) < today:
        yield Lack.OUTCOME
