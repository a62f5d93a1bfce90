"""The same questions as the best Cypher that we could write by hand, without the rule of sight, for the bare driver.

What comes back has the names and the nesting of the GraphQL answers, without edges and nodes. That names are not null
is said so that the index over them gives the order; without that all experts are read and sorted. Each gives one row:
a row costs the driver more than what is in it.
"""

from collections.abc import Mapping
from typing import LiteralString

__all__ = ["STATEMENTS"]

ONE: LiteralString = """
MATCH (e:Expert {id: $id})
RETURN [e {
  slug: e.id, .name, .headline, .email, .phone, otherNames: e.other_names, .website, .orcid, .joined,
  country: head(COLLECT {
    MATCH (e)-[:BASED_IN]->(c:Country)
    RETURN {code: c.id, name: c.name_en, regions: COLLECT {
      MATCH (c)-[:IN_REGION]->(:Region)-[:WITHIN]->*(r:Region)
      RETURN {code: r.id, name: r.name_en}
    }}
  }),
  languages: COLLECT {
    MATCH (e)-[s:SPEAKS]->(l:Language)
    RETURN {proficiency: s.level, tag: l.id, name: l.name_en}
  },
  expertise: COLLECT {
    MATCH (e)-[x:EXPERT_IN]->(t:Topic)
    OPTIONAL MATCH (t)-[:BROADER]->(b:Topic)
    RETURN {level: x.level, since: x.since, slug: t.id, label: t.label_en, broader: b {slug: b.id, label: b.label_en}}
  },
  affiliations: COLLECT {
    MATCH (e)-[a:AFFILIATED_WITH]->(o:Organisation)
    RETURN {role: a.role, since: a.from, until: a.to, slug: o.id, name: o.name, kind: o.kind, website: o.website}
  },
  workedIn: COLLECT {
    MATCH (e)-[:WORKED_IN]->(c:Country)
    RETURN {code: c.id, name: c.name_en}
  },
  talks: COLLECT {
    MATCH (e)-[s:SPOKE_AT]->(v:Event)
    RETURN {role: s.role, talk: s.talk, slug: v.id, title: v.title, startsAt: v.starts_at, topics: COLLECT {
      MATCH (v)-[:COVERS]->(t:Topic)
      RETURN {slug: t.id, label: t.label_en}
    }}
  },
  passages: COLLECT {
    MATCH (e)-[:EVIDENCED_BY]->(p:Passage) WHERE p.kind <> 'profile'
    RETURN p {.text, .title, .kind, .language}
  }
}] AS experts
"""

TWENTY: LiteralString = """
MATCH (e:Expert) WHERE e.name IS NOT NULL
WITH e ORDER BY e.name, e.id LIMIT 20
RETURN collect(e {
  slug: e.id, .name, .headline,
  country: head([(e)-[:BASED_IN]->(c:Country) | {code: c.id, name: c.name_en}]),
  expertise: [(e)-[x:EXPERT_IN]->(t:Topic) | {level: x.level, slug: t.id, label: t.label_en}],
  affiliations: [(e)-[a:AFFILIATED_WITH]->(o:Organisation) | {role: a.role, slug: o.id, name: o.name}],
  talks: COLLECT {
    MATCH (e)-[s:SPOKE_AT]->(v:Event)
    ORDER BY v.starts_at DESC LIMIT 5
    RETURN {role: s.role, talk: s.talk, slug: v.id, title: v.title, startsAt: v.starts_at}
  }
}) AS experts
"""

HUNDRED: LiteralString = """
MATCH (e:Expert) WHERE e.name IS NOT NULL
WITH e ORDER BY e.name, e.id LIMIT 100
RETURN collect(e {
  slug: e.id, .name,
  expertise: COLLECT {
    MATCH (e)-[x:EXPERT_IN]->(t:Topic)
    OPTIONAL MATCH (t)-[:BROADER]->(b:Topic)
    RETURN {level: x.level, slug: t.id, label: t.label_en, broader: b {slug: b.id, label: b.label_en}}
  },
  affiliations: [(e)-[a:AFFILIATED_WITH]->(o:Organisation) | {role: a.role, since: a.from, name: o.name}],
  talks: COLLECT {
    MATCH (e)-[:SPOKE_AT]->(v:Event)
    ORDER BY v.starts_at DESC LIMIT 3
    RETURN {title: v.title, topics: [(v)-[:COVERS]->(t:Topic) | {label: t.label_en}]}
  }
}) AS experts
"""

PAGE: LiteralString = """
MATCH (:Topic {id: $topic})<-[:EXPERT_IN {level: 'lead'}]-(e:Expert)
WHERE EXISTS { (e)-[:BASED_IN]->(c:Country) WHERE c.id IN $countries }
WITH e ORDER BY e.name, e.id
WITH collect(e) AS found
RETURN size(found) AS totalCount, [e IN found[..20] | e {
  slug: e.id, .name, .headline,
  country: head([(e)-[:BASED_IN]->(c:Country) | {code: c.id, name: c.name_en}]),
  expertise: [(e)-[x:EXPERT_IN]->(t:Topic) | {level: x.level, slug: t.id, label: t.label_en}]
}] AS experts
"""

STATEMENTS: Mapping[str, LiteralString] = {"a": ONE, "b": TWENTY, "c": HUNDRED, "d": PAGE}
