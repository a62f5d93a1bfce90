"""Who was at an event: who spoke, who came and who did not, ticked by organisers once it has begun."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.languages import language_of
from api.pages.organise.asking import asked, graph_of, texts_in, when
from api.pages.organise.door import OrganiserOf
from api.pages.organise.saying import Said, done, in_words, said_in
from api.pages.rendering import render
from api.pages.typed import text_in
from api.pages.words import in_order_of
from graph import experts, speaking
from graph.errors import GraphError, NoSuchEvent, NoSuchExpert
from graph.fields import InvalidFields
from graph.speaking import Before, EventCancelled, EventNotBegun, OtherAttendance, Present
from graph.values import EventId, ExpertId

__all__ = ["attendance"]

EXPECTED: Final = ("ACCEPTED", "CONFIRMED", "SPOKE", "ABSENT")
"""Who was to speak, so far as organisers took it down."""

MOST_NAMED: Final = 20

BEFORE: Final = TypeAdapter(tuple[Before, ...])
"""As the form has it that takes attendance back."""

attendance = APIRouter()


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody of the list: ``was`` is spoke, came, absent or nothing, as it is known or was ticked just now.

    ``known`` is the same as it is known, with the talk that is; ``talk`` may be typed just now.
    """

    slug: str
    name: str
    known: tuple[str, str]
    was: str
    talk: str
    standing: str | None = None
    organisations: Sequence[str] = ()


@attendance.get("/events/{slug}/attendance", response_class=HTMLResponse)
async def attendance_page(request: Request, visitor: OrganiserOf, slug: str) -> HTMLResponse:
    """Who was to be there and who was; with ``?who=`` more people, by a part of their name."""
    return await _page(request, visitor, slug)


@attendance.post("/events/{slug}/attendance")
async def record(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Take down what was ticked; whoever was not ticked, or is as the page had them, stays as they are."""
    await spend(request, Limited.MUTATION)
    ticked = {slug_: (was, talk) for slug_, was, talk in _ticked(form)}
    present = [
        Present(ExpertId(one), spoke=was == "spoke", talk=talk or None if was == "spoke" else None)
        for one, (was, talk) in ticked.items()
        if was in {"spoke", "came"}
    ]
    absent = [ExpertId(one) for one, (was, _) in ticked.items() if was == "absent"]
    try:
        made = await speaking.record_attendance(
            graph_of(request), visitor.viewer, event=EventId(slug), present=present, absent=absent
        )
    except NoSuchEvent:
        raise HTTPException(404) from None
    except (NoSuchExpert, EventCancelled, EventNotBegun, InvalidFields) as error:
        return await _page(request, visitor, slug, refusal=error, ticked=ticked, who=text_in(form, "who"))
    network: OpenNetwork = request.app.state.network
    network.embedding.soon()
    said = Said.RECORDED if made.recorded else Said.RECORDED_BEFORE if present or absent else Said.NOBODY_CHOSEN
    came = [one.expert for one in present if not one.spoke]
    if made.not_recorded or made.unexpected or made.before or came:  # not in the address, which browsers and logs keep
        left = {"hidden": made.not_recorded, "unexpected": made.unexpected, "came": came}
        return await _page(request, visitor, slug, said=said, left=left, before=made.before)
    return done(f"/organise/events/{quote(slug)}/attendance", said)


@attendance.post("/events/{slug}/attendance/back")
async def take_back(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Have of these people what was taken down before, unless somebody has changed it since."""
    await spend(request, Limited.MUTATION)
    try:
        before = BEFORE.validate_json(text_in(form, "before"))
    except ValidationError:
        raise HTTPException(404) from None
    try:
        hidden = await speaking.restore_attendance(
            graph_of(request), visitor.viewer, event=EventId(slug), before=before
        )
    except NoSuchEvent:
        raise HTTPException(404) from None
    except (NoSuchExpert, OtherAttendance, EventCancelled, EventNotBegun, InvalidFields) as error:
        return await _page(request, visitor, slug, refusal=error)
    network: OpenNetwork = request.app.state.network
    network.embedding.soon()
    if hidden:
        return await _page(request, visitor, slug, said=Said.NOT_RECORDED, left={"hidden": hidden})
    return done(f"/organise/events/{quote(slug)}/attendance", Said.NOT_RECORDED)


def _ticked(form: FormData) -> Iterator[tuple[str, str, str]]:
    """Person by person who was touched, what was ticked, nothing if that is none of the three, and their talk."""
    for slug in dict.fromkeys(texts_in(form, "person")):
        was, talk = text_in(form, f"was {slug}"), text_in(form, f"talk {slug}").strip()
        if (was, talk) == (text_in(form, f"had {slug}"), text_in(form, f"had talk {slug}").strip()):
            continue  # a file may say it too, and goes on saying it
        if was in {"spoke", "came", "absent"}:
            yield slug, was, talk
        elif talk:
            yield slug, "", talk


async def _page(
    request: Request,
    visitor: Visitor,
    slug: str,
    *,
    refusal: GraphError | None = None,
    ticked: Mapping[str, tuple[str, str]] | None = None,
    who: str | None = None,
    said: Said | None = None,
    left: Mapping[str, Sequence[ExpertId]] | None = None,
    before: Sequence[Before] = (),
) -> HTMLResponse:
    who = (request.query_params.get("who", "") if who is None else who).strip()[:200]
    try:
        found = await asked(request, visitor, "organise_attendance", id=slug, who=who, looks=bool(who))
    except NoSuchEvent:
        raise HTTPException(404) from None
    event = found["event"]
    if event is None:
        raise HTTPException(404)
    rows = _rows(found, ticked or {}, in_order=in_order_of(language_of(request)))
    graph, viewer = graph_of(request), visitor.viewer
    others = [one["node"] for one in found["experts"]["edges"]] if who else []
    left = left or {}
    named: dict[str, Sequence[Any]] = {
        name: list((await experts.by_id(graph, viewer, ids=left.get(name, ())[:MOST_NAMED])).values())
        for name in ("hidden", "unexpected")
    }
    named["spoke"] = [row for row in rows if row.slug in left.get("came", ()) and row.known[0] == "spoke"]
    if said is Said.RECORDED_BEFORE and any(named.values()):
        sentence = None
    else:
        sentence = said_in(request) if said is None else in_words(request, said)
    context = {
        "event": event,
        "when": when(event, language_of(request)),
        "rows": rows,
        "others": [one for one in others if one["slug"] not in {row.slug for row in rows}],
        "is_cut": event["attendees"]["pageInfo"]["hasNextPage"],
        "who": who,
        "has_begun": event["stage"] in {"UNDER_WAY", "HELD"},
        "left": named,
        "before": BEFORE.dump_json(tuple(before)).decode() if before else "",
        "said": sentence,
        "refusal": refusal,
    }
    status = 200 if refusal is None else 409 if isinstance(refusal, OtherAttendance) else 422
    page = f"/organise/events/{quote(slug)}/attendance"
    return await render(request, "organise/attendance.html", visitor, context, status_code=status, page=page)


def _rows(
    found: Mapping[str, Any], ticked: Mapping[str, tuple[str, str]], *, in_order: Callable[[str], Any]
) -> Sequence[Row]:
    """Who is expected, or was there, by name: once each, as they stand or were ticked."""
    event = found["event"]
    talks: dict[str, str] = {}
    for edge in event["speakers"]["edges"]:
        talks[edge["node"]["slug"]] = talks.get(edge["node"]["slug"]) or edge["title"] or ""
    came = {edge["node"]["slug"] for edge in event["attendees"]["edges"]}
    considered = [edge["node"] for edge in found["shortlist"]["edges"]]
    states = {one["expert"]["slug"]: one["state"] for one in considered}
    names = {one["expert"]["slug"]: one["expert"]["name"] for one in considered if one["state"] in EXPECTED}
    people = [one["expert"] for one in considered]
    people += [edge["node"] for edge in (*event["speakers"]["edges"], *event["attendees"]["edges"])]
    organisations = {
        one["slug"]: [edge["node"]["name"] for edge in one["affiliations"]["edges"] if edge["until"] is None]
        for one in people
    }
    for edge in (*event["speakers"]["edges"], *event["attendees"]["edges"]):
        names[edge["node"]["slug"]] = edge["node"]["name"]
    for edge in found.get("experts", {"edges": []})["edges"]:
        if edge["node"]["slug"] in ticked:
            names[edge["node"]["slug"]] = edge["node"]["name"]
    rows = []
    for slug, name in sorted(names.items(), key=lambda one: in_order(one[1])):
        state = states.get(slug)
        known = _known(state, is_speaker=slug in talks, came=slug in came), talks.get(slug, "")
        rows.append(Row(slug, name, known, *ticked.get(slug, known), state, organisations.get(slug, ())))
    return rows


def _known(state: str | None, *, is_speaker: bool, came: bool) -> str:
    """What is on record of somebody: spoke, came, absent or nothing.

    A programme names whoever is to speak. Of a candidate who did, organisers say so, and then they are confirmed no
    more.
    """
    if state in {"SPOKE", "ABSENT"}:
        return state.lower()
    is_announced = state == "CONFIRMED" or (state == "ACCEPTED" and not came)
    if is_speaker and not is_announced:
        return "spoke"
    return "came" if came else ""
