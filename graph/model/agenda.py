"""The agenda of an event: as organisers wrote it (graph.agenda), else the talks that files tell of."""

from graph.model.shapes import Column, Kind, Order, Part, Relation
from graph.viewer import FieldGroup, seen

__all__ = ["AGENDA"]

SPEAKERS = Part(
    "speakers",
    "AgendaSpeaker",
    "Who speaks, as far as you may see.",
    "Somebody who speaks at an item of an agenda.",
    "UNWIND {n}.speakers AS {m}",
    order=(Order("{m}.number"), Order("{m}.name"), Order("{m}.expert")),
    columns=(Column("role", Kind.TEXT, "As what, such as speaker or moderator."),),
    relations=(
        Relation(
            "expert",
            "Expert",
            "({m}:Expert {id: {n}.expert})",
            "The person.",
            sees=FieldGroup.ATTENDANCE,
            owner="m",
            is_one=True,
            is_required=True,
        ),
    ),
)

AFTER_EVERY_TIME = "9223372036854775807"

AGENDA = Part(
    "agenda",
    "AgendaItem",
    "What happens in it, by time: as organisers wrote it, else the talks that files tell of.",
    "A part of an event: a talk, a discussion, a break.",
    # What files tell of a talk is for those who see where its speakers spoke. What organisers wrote is for everybody,
    # but for who speaks. Of two people who were merged, both may have been on one item.
    seen("""
CALL ({n}) {
  MATCH (item:AgendaItem)-[:ON_AGENDA]->({n})
  RETURN item {
    .id, .number, .title, .kind, .starts_at, .ends_at, .room, .language, .description,
    speakers: COLLECT {
      MATCH (e:Expert)-[gives:GIVES]->(item) WHERE SEES(e.attendance)
      WITH e, min(gives.number) AS number, min(gives.role) AS role
      RETURN {number: number, name: e.name, role: role, expert: e.id}
    }
  } AS {m}
UNION ALL
  MATCH (e:Expert)-[spoke:SPOKE_AT]->({n})
  WHERE spoke.talk IS NOT NULL AND SEES(e.attendance) AND NOT EXISTS { (:AgendaItem)-[:ON_AGENDA]->({n}) }
  WITH spoke.talk AS title, spoke.starts_at AS starts_at, e, max(spoke.ends_at) AS ends_at,
       min(spoke.room) AS room, min(spoke.language) AS language, min(spoke.role) AS role
  WITH title, starts_at, max(ends_at) AS ends_at, min(room) AS room, min(language) AS language,
       collect({number: 0, name: e.name, role: role, expert: e.id}) AS speakers
  RETURN {
    number: 0, title: title, starts_at: starts_at, ends_at: ends_at, room: room, language: language, speakers: speakers
  } AS {m}
}
"""),
    order=(
        Order("coalesce({m}.starts_at.epochMillis, " + AFTER_EVERY_TIME + ")"),
        Order("{m}.number"),
        Order("{m}.title"),
    ),
    columns=(
        Column("id", Kind.ID, "The item's id in the agenda; null where a file tells of it."),
        Column("title", Kind.TEXT, "Its title.", is_required=True),
        Column("kind", Kind.TEXT, "What sort of item it is, such as talk, panel or break."),
        Column("starts_at", Kind.MOMENT, "When it begins."),
        Column("ends_at", Kind.MOMENT, "When it ends."),
        Column("room", Kind.TEXT, "The room."),
        Column("language", Kind.LANGUAGE_TAG, "The BCP 47 tag of the language it is in."),
        Column("description", Kind.TEXT, "What it is about."),
    ),
    parts=(SPEAKERS,),
)
