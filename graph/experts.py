"""Experts and what they are related to; lists are asked for many experts at once, in one query each."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import LiteralString, TypeVar

from graph.filters import ANYONE, ExpertFilter
from graph.graph import Graph, Row
from graph.values import (
    Affiliation,
    Country,
    Cursor,
    Event,
    Expert,
    ExpertId,
    Expertise,
    ExpertiseLevel,
    Language,
    LanguageLevel,
    Organisation,
    Page,
    Passage,
    Slot,
    SpokenLanguage,
    Talk,
    Topic,
)
from graph.viewer import Viewer, seen

__all__ = [
    "affiliations_of",
    "by_id",
    "expertise_of",
    "languages_of",
    "page",
    "passages_of",
    "talks_of",
    "worked_in_of",
]

T = TypeVar("T")

BY_ID: LiteralString = seen("""
UNWIND $ids AS id
MATCH (e:Expert {id: id}) WHERE SEES(e.listing)
OPTIONAL MATCH (e)-[:BASED_IN]->(c:Country) WHERE SEES(e.country)
RETURN id, PERSON(e) AS expert, c {.*} AS country
""")

PAGE: LiteralString = seen("""
MATCH (e:Expert)
WHERE SEES(e.listing)
  AND ($after IS NULL OR e.name > $after[0] OR (e.name = $after[0] AND e.id > $after[1]))
  AND ($countries IS NULL OR (SEES(e.country) AND EXISTS { (e)-[:BASED_IN]->(c:Country) WHERE c.id IN $countries }))
  AND ($languages = [] OR SEES(e.languages))
  AND all(language IN $languages WHERE EXISTS { (e)-[:SPEAKS]->(:Language {id: language}) })
  AND ($topics IS NULL
    OR (SEES(e.profile) AND EXISTS { (e)-[:EXPERT_IN]->(:Topic)-[:BROADER]->*(t:Topic) WHERE t.id IN $topics }))
WITH e ORDER BY e.name, e.id LIMIT $limit
OPTIONAL MATCH (e)-[:BASED_IN]->(c:Country) WHERE SEES(e.country)
RETURN [e.name, e.id] AS key, PERSON(e) AS expert, c {.*} AS country
ORDER BY e.name, e.id
""")

LANGUAGES_OF: LiteralString = seen("""
UNWIND $ids AS id
MATCH (e:Expert {id: id})-[s:SPEAKS]->(l:Language) WHERE SEES(e.languages)
RETURN id, s.level AS level, l {.*} AS language
ORDER BY id, CASE s.level WHEN 'native' THEN 0 WHEN 'fluent' THEN 1 WHEN 'working' THEN 2 ELSE 3 END, l.id
""")

EXPERTISE_OF: LiteralString = seen("""
UNWIND $ids AS id
MATCH (e:Expert {id: id})-[x:EXPERT_IN]->(t:Topic) WHERE SEES(e.profile)
RETURN id, x.level AS level, x.since AS since, t {.*} AS topic
ORDER BY id, CASE x.level WHEN 'lead' THEN 0 WHEN 'practitioner' THEN 1 ELSE 2 END, x.since, t.id
""")

AFFILIATIONS_OF: LiteralString = seen("""
UNWIND $ids AS id
MATCH (e:Expert {id: id})-[a:AFFILIATED_WITH]->(o:Organisation) WHERE SEES(e.organisation)
RETURN id, a.role AS role, a.from AS since, a.to AS until, o {.*} AS organisation
ORDER BY id, a.to IS NOT NULL, a.from DESC, o.id
""")

WORKED_IN_OF: LiteralString = seen("""
UNWIND $ids AS id
MATCH (e:Expert {id: id})-[:WORKED_IN]->(c:Country) WHERE SEES(e.country)
RETURN id, c {.*} AS country
ORDER BY id, c.name_en
""")

TALKS_OF: LiteralString = seen("""
UNWIND $ids AS id
MATCH (e:Expert {id: id})-[s:SPOKE_AT]->(v:Event) WHERE SEES(e.attendance)
RETURN id, s {.*} AS spoke, v {.*} AS event
ORDER BY id, v.starts_at IS NULL, v.starts_at DESC, v.id
""")

PASSAGES_OF: LiteralString = seen("""
UNWIND $ids AS id
MATCH (e:Expert {id: id})-[:EVIDENCED_BY]->(p:Passage) WHERE p.kind <> 'profile' AND SEES(e, p)
OPTIONAL MATCH (p)-[:PART_OF]->(:Document)-[:DRAWN_FROM]->(v:Event)
RETURN id, p {
    .id, .text, .title, .kind, .language, .occurred_on, stands: CASE WHEN SEES(p.source) THEN p {.source, .place} END
  } AS passage, v {.*} AS event
ORDER BY id, p.kind <> 'biography', p.source, p.position
""")


async def by_id(graph: Graph, viewer: Viewer, *, ids: Sequence[ExpertId]) -> Mapping[ExpertId, Expert]:
    """The experts with these ids, as far as the viewer may know of them."""
    rows = await graph.read(BY_ID, **viewer.sight, ids=list(ids))
    return {row["id"]: Expert.from_row(row) for row in rows}


async def page(
    graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None, only: ExpertFilter = ANYONE
) -> Page[Expert]:
    """Experts by name, at most ``first`` of them; a filter lets through those whom the viewer sees to fit."""
    rows = await graph.read(PAGE, **viewer.sight, limit=first + 1, after=after and list(after.key), **only.parameters())
    return Page.of(rows, first, Expert.from_row)


async def languages_of(
    graph: Graph, viewer: Viewer, *, ids: Sequence[ExpertId]
) -> Mapping[ExpertId, list[SpokenLanguage]]:
    """Languages that each expert speaks, best first."""
    return await _listed(
        graph,
        viewer,
        LANGUAGES_OF,
        ids,
        lambda r: SpokenLanguage(Language.from_row(r["language"]), LanguageLevel(r["level"])),
    )


async def expertise_of(graph: Graph, viewer: Viewer, *, ids: Sequence[ExpertId]) -> Mapping[ExpertId, list[Expertise]]:
    """Topics that each expert knows, deepest first, then longest."""
    return await _listed(
        graph,
        viewer,
        EXPERTISE_OF,
        ids,
        lambda r: Expertise(Topic.from_row(r["topic"]), ExpertiseLevel(r["level"]), r["since"]),
    )


async def affiliations_of(
    graph: Graph, viewer: Viewer, *, ids: Sequence[ExpertId]
) -> Mapping[ExpertId, list[Affiliation]]:
    """Where each expert works and worked, present ones first, newest first."""
    return await _listed(
        graph,
        viewer,
        AFFILIATIONS_OF,
        ids,
        lambda r: Affiliation(Organisation.from_row(r["organisation"]), r["role"], r["since"], r["until"]),
    )


async def worked_in_of(graph: Graph, viewer: Viewer, *, ids: Sequence[ExpertId]) -> Mapping[ExpertId, list[Country]]:
    """Countries where each expert worked, by English name."""
    return await _listed(graph, viewer, WORKED_IN_OF, ids, lambda r: Country.from_row(r["country"]))


async def talks_of(graph: Graph, viewer: Viewer, *, ids: Sequence[ExpertId]) -> Mapping[ExpertId, list[Talk]]:
    """Events where each expert spoke, newest first; those whose date is not known yet come last."""
    return await _listed(
        graph,
        viewer,
        TALKS_OF,
        ids,
        lambda r: Talk(
            Event.from_row(r["event"]), r["spoke"].get("role"), r["spoke"].get("talk"), Slot.from_row(r["spoke"])
        ),
    )


async def passages_of(graph: Graph, viewer: Viewer, *, ids: Sequence[ExpertId]) -> Mapping[ExpertId, list[Passage]]:
    """The evidence on each expert: biography first, then by source, in reading order."""
    return await _listed(graph, viewer, PASSAGES_OF, ids, Passage.from_row)


async def _listed(
    graph: Graph, viewer: Viewer, cypher: LiteralString, ids: Sequence[ExpertId], make: Callable[[Row], T]
) -> Mapping[ExpertId, list[T]]:
    found: dict[ExpertId, list[T]] = defaultdict(list)
    for row in await graph.read(cypher, **viewer.sight, ids=list(ids)):
        found[row["id"]].append(make(row))
    return found
