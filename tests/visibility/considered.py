"""Who is considered as a speaker, evaluated a second time: plain Python over a small network.

From what docs/privacy.md, docs/graphql.md and docs/attendance.md promise. Each function answers as the one of
graph.speaking of that name; what is refused is the refusal's word.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from graph.speaking import (
    Asked,
    Attendee,
    Candidacy,
    CandidacyId,
    Certainty,
    Conflict,
    ConflictKind,
    Correspondence,
    EventTold,
    Fairness,
    Ground,
    Grounds,
    History,
    MatchedAttendee,
    Outcome,
    Prepared,
    Replied,
    Reply,
    Share,
    SpeakingInvitation,
    State,
    Step,
    TimesAsked,
    TookPart,
    Unanswered,
)
from graph.values import Cursor, Event, EventId, ExpertId, LanguageId, OrganisationId, Page
from graph.viewer import Audience, FieldGroup, Scope
from tests.visibility.rules import BEST_FIRST, IN_THE_END, Considered, Person, Sight, by_name

__all__ = [
    "NOT_REACHABLE",
    "NO_CANDIDACY",
    "NO_EVENT",
    "REFUSED",
    "answers_given",
    "by_id",
    "conflicts",
    "correspondence",
    "fairness",
    "histories",
    "match_attendees",
    "next_in_line",
    "own_invitations",
    "pages",
    "preview",
    "standings",
    "take_replies",
    "unanswered",
]

REFUSED: Final = "refused"
NO_EVENT: Final = "no such event"
NO_CANDIDACY: Final = "no such candidacy"
NOT_REACHABLE: Final = "not reachable"

ANSWER_OF: Final = {State.ACCEPTED: "accept", State.DECLINED: "decline"}
"""What organisers take down by a step."""

LETTERS_ARE_IN: Final = ("en", "fr", "es", "ru", "ar", "zh")
MOST_DOUBTED: Final = 10


def for_organisers(answer: Callable[..., Any]) -> Callable[..., Any]:
    """What is answered to organisers and administrators who may read what is for organisers, and refused to others."""
    return lambda sight, *of, **given: answer(sight, *of, **given) if sight.reach >= Audience.ORGANISERS else REFUSED


def for_those_who_write(answer: Callable[..., Any]) -> Callable[..., Any]:
    """The same, for those of them who may write as well."""
    return for_organisers(
        lambda sight, *of, **given: answer(sight, *of, **given) if Scope.WRITE in sight.viewer.scopes else REFUSED
    )


# What is known of one who is considered.


def in_force(sight: Sight, expert: str | None = None) -> list[Considered]:
    """Of people whom the viewer sees, or of one whom they do."""
    seen = {person.id for person in sight.seen()}
    return [
        one
        for one in sight.world.candidacies
        if one.expert in seen and not one.is_aside and expert in {None, one.expert}
    ]


def steps_seen(sight: Sight, one: Considered) -> list[Step]:
    """That they spoke or were absent is seen by those who see where they spoke."""
    shows = sight.sees(sight.world.people[one.expert], FieldGroup.ATTENDANCE)
    return [step for step in one.steps if shows or not {step.before, step.to} & set(IN_THE_END)]


def state(sight: Sight, one: Considered) -> State:
    return steps_seen(sight, one)[-1].to


def both(sight: Sight, one: Considered) -> list[Considered]:
    """With what was set aside when two people were found to be one."""
    return [other for other in sight.world.candidacies if (other.expert, other.event) == (one.expert, one.event)]


def line(sight: Sight, event: str) -> list[Candidacy]:
    there = sorted((one for one in in_force(sight) if one.event == event), key=lambda one: (one.place, one.id))
    return [candidacy(sight, one, rank) for rank, one in enumerate(there, start=1)]


def candidacy(sight: Sight, one: Considered, rank: int) -> Candidacy:
    person = sight.world.people[one.expert]
    readable = {piece.id for piece in sight.pieces(person) if piece.document and sight.reads(piece)}
    knows = person.topics if sight.sees(person, FieldGroup.PROFILE) else ()
    spoke = {talk.event for talk in person.talks} if sight.sees(person, FieldGroup.ATTENDANCE) else set()
    speaks = person.languages if sight.sees(person, FieldGroup.LANGUAGES) else ()
    steps = [step for other in both(sight, one) for step in steps_seen(sight, other)]
    return Candidacy(
        CandidacyId(one.id),
        EventId(one.event),
        one.expert,
        rank,
        one.note,
        one.answer_by,
        one.reminders,
        one.version,
        one.steps[0].at,
        Grounds(
            one.found_by,
            one.question,
            one.strength,
            tuple(id for id in one.passages if id in readable),
            tuple(id for id in one.topics if id in knows),
            tuple(EventId(id) for id in one.talks if id in spoke),
            tuple(id for id in one.languages if id in speaks),
        ),
        tuple(sorted(steps, key=lambda step: step.at)),
        state(sight, one),
    )


# graph.speaking.candidacies


@for_organisers
def pages(sight: Sight, event: str, *, first: int, after: Cursor | None) -> Any:
    """All pages of a shortlist; from the place on of somebody who is not in it."""
    if event not in sight.world.events:
        return NO_EVENT
    left = line(sight, event)
    if after is not None:
        place, id = after.key
        left = left[next((one.rank for one in left if one.id == id), int(place) - 1) :]
    cut = [left[start : start + first] for start in range(0, max(len(left), 1), first)]
    return [
        Page([(Cursor((str(one.rank), one.id)), one) for one in page], has_next=number < len(cut))
        for number, page in enumerate(cut, start=1)
    ]


@for_organisers
def by_id(sight: Sight, id: str) -> Any:
    found = [one for event in sight.world.events for one in line(sight, event) if one.id == id]
    return found[0] if found else NO_CANDIDACY


@for_organisers
def next_in_line(sight: Sight, event: str) -> Any:
    if event not in sight.world.events:
        return NO_EVENT
    return next((one for one in line(sight, event) if one.state is State.SHORTLISTED), None)


# graph.speaking.history


def invited_last(steps: Sequence[Step]) -> datetime | None:
    return max((step.at for step in steps if step.to is State.INVITED), default=None)


def talks_of(sight: Sight, person: Person) -> list[Event]:
    """Where somebody is on the programme, as far as that is seen and takes place."""
    ids = sorted({talk.event for talk in person.talks}) if sight.sees(person, FieldGroup.ATTENDANCE) else []
    return [event for event in map(sight.world.events.__getitem__, ids) if event.status != "cancelled"]


def has_begun(event: Event) -> bool:
    return event.starts_at is None or event.starts_at <= datetime.now(UTC)


def took_part(events: Iterable[Event]) -> tuple[TookPart, ...]:
    """The newest first, and what has no day last."""
    newest_first = sorted(events, key=lambda event: event.starts_at.timestamp() if event.starts_at else 0, reverse=True)
    return tuple(TookPart(event.id, event.starts_at) for event in newest_first)


@for_organisers
def histories(sight: Sight, experts: Sequence[ExpertId]) -> Any:
    return {person.id: history(sight, person) for person in sight.seen() if person.id in experts}


def history(sight: Sight, person: Person) -> History:
    own = sorted(in_force(sight, person.id), key=lambda one: one.event)
    spoke = {event.id: event for event in talks_of(sight, person) if has_begun(event)}
    for one in own:
        if state(sight, one) is State.SPOKE:
            spoke.setdefault(EventId(one.event), sight.world.events[one.event])
    came = sorted(person.attended) if sight.sees(person, FieldGroup.ATTENDANCE) else []
    attended = [event for event in map(sight.world.events.__getitem__, came) if event.status != "cancelled"]
    asked = []
    for one in own:
        steps = steps_seen(sight, one)
        at = invited_last(steps)
        if at is not None:
            answers = [step.at for step in steps if step.to in {State.ACCEPTED, State.DECLINED} and step.at > at]
            asked.append(Asked(EventId(one.event), at, steps[-1].to, max(answers, default=None)))
    return History(
        person.id,
        took_part(list(spoke.values())),
        took_part([event for event in attended if has_begun(event)]),
        tuple(sorted(asked, key=lambda one: one.at, reverse=True)),
    )


@for_organisers
def conflicts(sight: Sight, event: str, *, experts: Sequence[ExpertId], since: date) -> Any:
    if event not in sight.world.events:
        return NO_EVENT
    here = sight.world.events[event]
    may_speak = (State.INVITED, State.REMINDED, State.ACCEPTED, State.CONFIRMED, State.SPOKE)
    panel = {one.expert for one in line(sight, event) if one.state in may_speak}
    announced = {speaker.expert for item in sight.world.agendas.get(event, ()) for speaker in item.speakers}
    panel |= {
        person.id
        for person in sight.seen(FieldGroup.ATTENDANCE)
        if person.id in announced or any(talk.event == event for talk in person.talks)
    } & {person.id for person in sight.seen()}
    return {
        person.id: (
            *elsewhere(sight, person, here),
            *asked_lately(sight, person, here, since),
            *(
                Conflict(ConflictKind.ORGANISATION_ON_PANEL, organisation=OrganisationId(organisation), expert=other)
                for other in sorted(panel - {person.id})
                for organisation in employers(sight, sight.world.people[other])
                if organisation in employers(sight, person)
            ),
            *away(sight, person, here),
        )
        for person in sight.seen()
        if person.id in experts
    }


def agendas_of(sight: Sight, person: Person) -> list[Event]:
    """The events on whose agendas somebody is, as far as it is seen; without those that were cancelled."""
    if not sight.sees(person, FieldGroup.ATTENDANCE):
        return []
    on = {
        event
        for event, items in sight.world.agendas.items()
        if any(speaker.expert == person.id for item in items for speaker in item.speakers)
    }
    return [one for id in sorted(on) if (one := sight.world.events[EventId(id)]).status != "cancelled"]


def employers(sight: Sight, person: Person) -> list[str]:
    """Where somebody works now, as far as it is seen."""
    jobs = person.jobs if sight.sees(person, FieldGroup.ORGANISATION) else ()
    return sorted({job.organisation for job in jobs if job.until is None})


def elsewhere(sight: Sight, person: Person, here: Event) -> list[Conflict]:
    talks = [*talks_of(sight, person), *agendas_of(sight, person)]
    said_yes = [
        sight.world.events[one.event]
        for one in sorted(in_force(sight, person.id), key=lambda one: one.event)
        if state(sight, one) in {State.ACCEPTED, State.CONFIRMED, State.SPOKE}
    ]
    others = {event.id: event for event in [*talks, *said_yes] if event.status != "cancelled"}
    return [
        Conflict(ConflictKind.SPEAKS_ELSEWHERE, event=event.id, at=event.starts_at)
        for event in others.values()
        if event.id != here.id and meet(event, here)
    ]


def meet(one: Event, other: Event) -> bool:
    """Whether two events are at one time, or where one says no end, on one day."""
    if one.starts_at is None or other.starts_at is None:
        return False
    if one.ends_at is not None and other.ends_at is not None:
        return one.starts_at < other.ends_at and other.starts_at < one.ends_at
    days, other_days = days_of(one), days_of(other)
    return bool(days & other_days)


def days_of(event: Event) -> set[date]:
    assert event.starts_at is not None
    first, last = event.starts_at.date(), (event.ends_at or event.starts_at).date()
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


def asked_lately(sight: Sight, person: Person, here: Event, since: date) -> list[Conflict]:
    there = (*talks_of(sight, person), *agendas_of(sight, person))
    asked = {event.id: event.starts_at for event in there if event.starts_at is not None}
    for one in in_force(sight, person.id):
        at = invited_last(one.steps)
        if at is not None:
            asked[EventId(one.event)] = at
    lately = [(at, id) for id, at in asked.items() if id != here.id and at.date() >= since]
    return [Conflict(ConflictKind.ASKED_LATELY, event=id, at=at) for at, id in sorted(lately, reverse=True)]


def away(sight: Sight, person: Person, here: Event) -> list[Conflict]:
    periods = person.away if sight.sees(person, FieldGroup.CONTACT) and here.starts_at is not None else ()
    return [
        Conflict(ConflictKind.AWAY, period=period)
        for period in sorted(periods, key=lambda period: period.first)
        if any(period.first <= day <= period.last for day in days_of(here))
    ]


# graph.speaking.counting


@for_organisers
def fairness(sight: Sight, *, since: date, until: date, more_than: int) -> Any:
    total: Counter[str] = Counter()
    groups: dict[str, dict[str | None, Counter[str]]] = {
        name: {} for name in ("regions", "genders", "languages", "organisations")
    }
    often = []
    for person in sight.seen():
        at = events_reached(sight, person, since, until)
        counted = Counter({stage: len(events) for stage, events in at.items()})
        total += counted
        asked = len(at["invited"] | programme(sight, person, since, until))
        if asked > more_than:
            often.append(TimesAsked(person.id, asked))
        for name, of_person in groups_of(sight, person).items():
            for group in of_person or [None]:
                groups[name].setdefault(group, Counter()).update(counted)
    shares = {name: shares_of(found) for name, found in groups.items()}
    often.sort(key=lambda one: (-one.times, one.expert))
    return Fairness(since, until, share(None, total), **shares, asked_often=tuple(often))


def programme(sight: Sight, person: Person, since: date, until: date) -> set[str]:
    """Where somebody spoke within a span."""
    return {
        event.id
        for event in talks_of(sight, person)
        if event.starts_at is not None and has_begun(event) and since <= event.starts_at.date() <= until
    }


def events_reached(sight: Sight, person: Person, since: date, until: date) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {"shortlisted": set(), "invited": set(), "accepted": set(), "spoke": set()}
    for one in in_force(sight, person.id):
        reached = [step.to for step in steps_seen(sight, one) if since <= step.at.date() <= until]
        in_the_end = [to for to in reached if to in IN_THE_END][-1:]
        for stage in ("shortlisted", "invited", "accepted"):
            if stage in reached:
                found[stage].add(one.event)
        if in_the_end == [State.SPOKE]:
            found["spoke"].add(one.event)
    found["spoke"] |= programme(sight, person, since, until)
    return found


def groups_of(sight: Sight, person: Person) -> Mapping[str, Sequence[str | None]]:
    regions = sight.regions_of(person.country) if person.country and sight.sees(person, FieldGroup.COUNTRY) else []
    return {
        "regions": regions[-2:-1],  # the last is the world
        "genders": [person.gender] if person.gender and sight.sees_gender(person) else [],
        "languages": list(person.languages) if sight.sees(person, FieldGroup.LANGUAGES) else [],
        "organisations": employers(sight, person),
    }


def shares_of(groups: Mapping[str | None, Counter[str]]) -> tuple[Share, ...]:
    shares = [share(group, counted) for group, counted in groups.items() if counted.total()]
    shares.sort(key=lambda one: one.group or "")
    shares.sort(key=lambda one: (one.invited, one.shortlisted, one.spoke), reverse=True)
    return tuple(sorted(shares, key=lambda one: one.group is None))


def share(group: str | None, counted: Counter[str]) -> Share:
    return Share(group, counted["shortlisted"], counted["invited"], counted["accepted"], counted["spoke"])


# graph.speaking.deadlines


@for_organisers
def unanswered(sight: Sight, event: str | None) -> Any:
    now = datetime.now(UTC)
    waited_for = []
    for one in in_force(sight):
        at = sight.world.events[one.event]
        steps = steps_seen(sight, one)
        is_to_come = at.status != "cancelled" and (at.starts_at is None or at.starts_at > now)
        has_said_more = any(reply.at >= steps[-1].at for reply in one.replies)
        is_waited_for = steps[-1].to in {State.INVITED, State.REMINDED} and not has_said_more
        if event in {None, at.id} and is_waited_for and is_to_come:
            waited_for.append((one, steps, at))

    def due(of: tuple[Considered, list[Step], Event]) -> tuple[Any, ...]:
        one, _, at = of
        last = datetime.max.replace(tzinfo=UTC)
        return one.answer_by or at.starts_at or last, at.starts_at or last, one.place, one.id

    return [
        Unanswered(
            CandidacyId(one.id),
            one.version,
            at.id,
            at.starts_at,
            one.expert,
            steps[-1].to,
            steps[-1].at,
            one.answer_by,
            one.reminders,
            one.answer_by is not None and one.answer_by < now,
        )
        for one, steps, at in sorted(waited_for, key=due)
    ]


# graph.speaking.answers


@for_organisers
def answers_given(sight: Sight, event: str | None, first: int) -> Any:
    given = []
    for one in in_force(sight):
        if event not in {None, one.event}:
            continue
        for other in both(sight, one):
            given += [(reply.at, one, reply.answer, reply.reason, reply.suggestion, True) for reply in other.replies]
            own = {reply.at for reply in other.replies}
            given += [
                (step.at, one, ANSWER_OF[step.to], step.reason, "", False)
                for step in other.steps
                if step.to in ANSWER_OF and step.at not in own
            ]
    told = [
        (at, of.id, of.event, of.expert, answer, reason, suggestion, is_own)
        for at, of, answer, reason, suggestion, is_own in given
    ]
    return sorted(told, key=lambda one: one[0], reverse=True)[:first]


# graph.speaking.standing


@for_organisers
def standings(sight: Sight, events: Sequence[str]) -> Any:
    asked = {one.id for one in in_force(sight) if State.INVITED in {step.to for step in one.steps}}
    states = {
        event: Counter(one.state for one in line(sight, event) if one.state is not State.WITHDRAWN or one.id in asked)
        for event in events
        if event in sight.world.events
    }
    return {event: counted for event, counted in states.items() if counted}


# graph.speaking.letters


@for_organisers
def correspondence(sight: Sight, candidacies: Sequence[str]) -> Any:
    return {
        one.id: Correspondence(
            tuple(
                sorted((letter for other in both(sight, one) for letter in other.letters), key=lambda of: of.made_at)
            ),
            tuple(sorted((reply for other in both(sight, one) for reply in other.replies), key=lambda of: of.at)),
        )
        for one in in_force(sight)
        if one.id in candidacies
    }


@for_those_who_write
def preview(sight: Sight, id: str) -> Any:
    found = [one for one in in_force(sight) if one.id == id]
    if not found:
        return NO_CANDIDACY
    (one,) = found
    person = sight.world.people[one.expert]
    if not person.email or not sight.sees(person, FieldGroup.CONTACT):
        return NOT_REACHABLE
    event, thing = sight.world.events[one.event], sight.world.things["Event", one.event]
    told = EventTold(
        event.id,
        event.title,
        event.kind,
        event.format,
        event.starts_at,
        event.ends_at,
        event.time_zone,
        event.place,
        next(iter(thing.countries), None),
        event.url,
        event.description,
        tuple(sorted(thing.languages)),
    )
    spoken = person.languages if sight.sees(person, FieldGroup.LANGUAGES) else {}
    return Prepared(told, person.name, best_of(spoken, thing.languages), one.answer_by)


def best_of(spoken: Mapping[LanguageId, Any], of_event: Sequence[str]) -> str:
    known = [tag for tag in LETTERS_ARE_IN if tag in spoken]
    known.sort(key=lambda tag: tag not in of_event)
    known.sort(key=lambda tag: BEST_FIRST.index(spoken[LanguageId(tag)]))
    return known[0] if known else "en"


# graph.speaking.own


def own_invitations(sight: Sight) -> Sequence[SpeakingInvitation]:
    """Of the viewer alone, who sees all of their own but that, and why, somebody thinks of them."""
    own = [one for one in sight.world.candidacies if one.expert == sight.viewer.person and not one.is_aside]
    found = []
    for one in sorted(own, key=lambda one: one.steps[0].at):
        thought_of = (None, State.SHORTLISTED)
        told = [
            step
            for step in one.steps
            if step.to is State.INVITED or (step.before not in thought_of and step.to is not State.SHORTLISTED)
        ]
        at = invited_last(told)
        if at is None:
            continue
        of_both = both(sight, one)
        letters = sorted(
            ((of.left_at, of) for other in of_both for of in other.letters if of.left_at is not None),
            key=lambda pair: pair[0],
        )
        replies = sorted((of for other in of_both for of in other.replies), key=lambda of: of.at)
        found.append(
            SpeakingInvitation(
                EventId(one.event),
                told[-1].to,
                at,
                told[-1].at,
                one.answer_by if told[-1].to in {State.INVITED, State.REMINDED} else None,
                tuple(
                    {"occasion": of.occasion, "language": of.language, "note": of.note, "left_at": left_at}
                    for left_at, of in letters
                ),
                tuple(
                    {"answer": of.answer, "reason": of.reason, "suggestion": of.suggestion, "at": of.at}
                    for of in replies
                ),
            )
        )
    return found


# graph.speaking.attendees, graph.speaking.replies


@for_organisers
def match_attendees(sight: Sight, event: str, rows: Sequence[Attendee]) -> Any:
    """Whom rows mean; None in place of what is only similar, or nobody."""
    if event not in sight.world.events:
        return NO_EVENT
    expected = {one.expert for one in line(sight, event)}
    return [meant(sight, row, expected) for row in rows]


def meant(sight: Sight, row: Attendee, expected: set[ExpertId]) -> MatchedAttendee | None:
    addressed = at_address(sight, row.email)
    named = [person for person in sight.seen() if row.name and plain(row.name) in map(plain, names(sight, person))]
    if len(addressed) == 1 and (not named or addressed[0] in named):
        return MatchedAttendee(row.row, Certainty.CERTAIN, Ground.ADDRESS, (addressed[0].id,))
    if not addressed and len(named) == 1:
        return MatchedAttendee(row.row, Certainty.CERTAIN, Ground.NAME, (named[0].id,))
    if not addressed and not named:
        return None
    ground = Ground.AT_ODDS if addressed and named else Ground.SEVERAL
    people = sorted([*addressed, *named], key=lambda person: person.id not in expected)
    return MatchedAttendee(row.row, Certainty.DOUBTFUL, ground, tuple(person.id for person in people)[:MOST_DOUBTED])


def names(sight: Sight, person: Person) -> list[str]:
    return [person.name, *(person.other_names if sight.sees(person, FieldGroup.PROFILE) else ())]


def plain(name: str) -> str:
    """In small letters; a last name that stands first, before a comma, comes last."""
    last, _, first = name.casefold().partition(", ")
    return f"{first} {last}" if first else last


def at_address(sight: Sight, email: str) -> list[Person]:
    """Who shows the viewer this address."""
    return [
        person
        for person in sorted(sight.seen(FieldGroup.CONTACT), key=by_name)
        if email and (person.email or "").casefold() == email.strip().casefold()
    ]


@for_those_who_write
def take_replies(sight: Sight, event: str, replies: Sequence[Reply]) -> Any:
    if event not in sight.world.events:
        return NO_EVENT
    is_elsewhere = {one.id for seen in in_force(sight) for one in both(sight, seen) if one.event != event}
    elsewhere = [reply for reply in replies if reply.uid.split("@")[0] in is_elsewhere]
    here = {reply.email.casefold(): reply for reply in replies if reply not in elsewhere}
    return [
        *(Replied(reply, Outcome.OTHER_EVENT) for reply in elsewhere),
        *(replied(sight, event, reply) for reply in here.values()),
    ]


def replied(sight: Sight, event: str, reply: Reply) -> Replied:
    there = {person.id for person in at_address(sight, reply.email)}
    found = [one for one in in_force(sight) if one.event == event and one.expert in there]
    if len(found) != 1:
        return Replied(reply, Outcome.UNCERTAIN if found else Outcome.NOBODY)
    (one,) = found
    steps = sorted((step for of in both(sight, one) for step in steps_seen(sight, of)), key=lambda step: step.at)
    asked_at, now = invited_last(steps), state(sight, one)
    follows_on = {
        State.ACCEPTED: (State.INVITED, State.REMINDED),
        State.DECLINED: (State.INVITED, State.REMINDED, State.ACCEPTED),
    }
    if now is reply.answer:
        outcome = Outcome.ALREADY
    elif reply.at is not None and asked_at is not None and reply.at < asked_at:
        outcome = Outcome.OUTDATED
    else:
        outcome = Outcome.TAKEN if now in follows_on[reply.answer] else Outcome.IMPOSSIBLE
    return Replied(reply, outcome, one.expert, reply.answer if outcome is Outcome.TAKEN else now)
