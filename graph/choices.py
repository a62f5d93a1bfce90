"""What people can be chosen by, under its name in one language: for lists to choose from, in one reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

from graph.graph import Graph
from graph.viewer import Viewer, seen

__all__ = ["MOST", "MOST_TYPED", "Choices", "of_language"]

MOST = 1_000
"""Of the topics."""

MOST_TYPED = 300
"""Of organisations, those with most people; of events, the newest: people type them, and may type another."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What finds somebody, as far as the viewer sees; and the topics. Names by id, in no order.

    A name is the one in the language, else in English; of a topic, else in the first language there is; else the id.
    """

    countries: Mapping[str, str]
    regions: Mapping[str, str]
    languages: Mapping[str, str]
    topics: Mapping[str, str]
    worked_in: Mapping[str, str]
    organisation_kinds: list[str]
    organisations: list[str]
    """The names of those where people work now, by name; each once, however many have it."""
    events: list[str]
    """The titles of those where people spoke, newest first; each once."""


CHOICES: LiteralString = seen("""
RETURN
  COLLECT {
    MATCH (c:Country) WHERE EXISTS { MATCH (c)<-[:BASED_IN]-(e:Expert) WHERE SEES(e.country) }
    RETURN [c.id, coalesce(c['name_' + $language], c.name_en, c.id)]
  } AS countries,
  COLLECT {
    MATCH (r:Region)
    WHERE EXISTS {
      MATCH (r)<-[:WITHIN]-*(:Region)<-[:IN_REGION]-(:Country)<-[:BASED_IN]-(e:Expert) WHERE SEES(e.country)
    }
    RETURN [r.id, coalesce(r['name_' + $language], r.name_en, r.id)]
  } AS regions,
  COLLECT {
    MATCH (l:Language) WHERE EXISTS { MATCH (l)<-[:SPEAKS]-(e:Expert) WHERE SEES(e.languages) }
    RETURN [l.id, coalesce(l['name_' + $language], l.name_en, l.id)]
  } AS languages,
  COLLECT {
    MATCH (t:Topic)
    WITH t, coalesce(t.label_en, t.label_fr, t.label_es, t.label_ar, t.label_ru, t.label_zh) AS label
    ORDER BY label, t.id LIMIT $most
    RETURN [t.id, coalesce(t['label_' + $language], label)]
  } AS topics,
  COLLECT {
    MATCH (c:Country) WHERE EXISTS { MATCH (c)<-[:WORKED_IN]-(e:Expert) WHERE SEES(e.country) }
    RETURN [c.id, coalesce(c['name_' + $language], c.name_en, c.id)]
  } AS worked_in,
  COLLECT {
    MATCH (e:Expert)-[job:AFFILIATED_WITH]->(o:Organisation)
    WHERE job.to IS NULL AND SEES(e.organisation) AND o.kind IS NOT NULL
    RETURN DISTINCT o.kind AS kind ORDER BY kind
  } AS organisation_kinds,
  COLLECT {
    MATCH (o:Organisation)
    WITH o, COUNT { MATCH (o)<-[job:AFFILIATED_WITH]-(e:Expert) WHERE job.to IS NULL AND SEES(e.organisation) } AS of
    WHERE of > 0
    WITH o.name AS name, sum(of) AS people ORDER BY people DESC, name LIMIT $most_typed
    RETURN name ORDER BY name
  } AS organisations,
  COLLECT {
    MATCH (v:Event) WHERE EXISTS { MATCH (v)<-[:SPOKE_AT]-(e:Expert) WHERE SEES(e.attendance) }
    WITH v ORDER BY v.starts_at IS NULL, v.starts_at DESC, v.id
    WITH v.title AS title, collect(v)[0] AS newest
    RETURN title ORDER BY newest.starts_at IS NULL, newest.starts_at DESC, newest.id LIMIT $most_typed
  } AS events
""")


async def of_language(graph: Graph, viewer: Viewer, *, language: str) -> Choices:
    """What the viewer can choose from, named in one of the six UN languages; it grows with the network's experts."""
    (row,) = await graph.read(CHOICES, **viewer.sight, language=language, most=MOST, most_typed=MOST_TYPED)
    named = {name: dict(row[name]) for name in ("countries", "regions", "languages", "topics", "worked_in")}
    return Choices(
        **named,
        organisation_kinds=row["organisation_kinds"],
        organisations=row["organisations"],
        events=row["events"],
    )
