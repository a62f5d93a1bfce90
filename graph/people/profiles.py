"""What a person says of themselves in their profile: changed by the person, or by an administrator for them.

It is put on record as a source of its own, which is trusted most (graph.intake.amending), so that a roster that is
loaded next does not undo it. Whoever changes a profile says which version they saw: who comes second is told so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, LiteralString, TypedDict

from graph.changes import record
from graph.errors import GraphError, NoSuchExpert
from graph.fields import (
    Checked,
    Path,
    distinct,
    email,
    line,
    orcid,
    period,
    present,
    telephone,
    web_address,
    year,
)
from graph.graph import Graph, Row, Transaction
from graph.intake.amending import amend
from graph.intake.experts import ExpertiseRecord, SpokenLanguageRecord
from graph.intake.known import Kind
from graph.intake.records import Trust, settle
from graph.passages import hold_stamps
from graph.people.holding import hold
from graph.people.own_words import CLAIMED, OWN_PROFILE, take_down_own_words
from graph.permissions import may_change_profile, refuse_unless
from graph.values import MOST_PERIODS, ExpertId, Gender
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = ["OtherVersion", "Profile", "ProfileChanges", "update"]

MOST_NAMES = 50


class OtherVersion(GraphError):
    """What was to be changed is another one by now than whoever changes it has seen."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(
            Wording("Somebody changed this meanwhile, so nothing was done; look at it as it is now, and try again.")
        )


class ProfileChanges(TypedDict, total=False):
    """What is to be said from now on; None says nothing, also where a file says something."""

    name: str | None
    other_names: Sequence[str] | None
    headline: str | None
    website: str | None
    orcid: str | None
    phone: str | None
    email: str | None
    country: str | None
    worked_in: Sequence[str] | None
    languages: Sequence[SpokenLanguageRecord] | None
    topics: Sequence[ExpertiseRecord] | None
    gender: Gender | None
    away: Sequence[str] | None
    """Periods of ISO 8601, in any order."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose profile was changed, and its version now."""

    expert: ExpertId
    version: int


VERSION: LiteralString = "MATCH (e:Expert {id: $expert}) RETURN coalesce(e.version, 0) AS version"


async def update(
    graph: Graph, viewer: Viewer, *, expert: ExpertId, expected_version: int, changes: ProfileChanges
) -> Profile:
    """Change what a person's profile says, in one transaction; fields that are left out stay as they are.

    Search finds them by it when this returns, by words at once and by meaning when the vectors are written. The change
    log has the names of the fields.

    Raises:
        NotAllowed: the viewer is neither the person nor an administrator.
        NoSuchExpert: there is no such person.
        OtherVersion: the profile has another version than is expected.
        InvalidFields: fields cannot be kept as they were given.
    """
    refuse_unless(may_change_profile(viewer, expert), "change this profile", who="the person and administrators")
    at = datetime.now(UTC)

    async def work(tx: Transaction) -> Profile:
        await hold_stamps(tx)
        people = await hold(tx, [expert])
        if expert not in people:
            raise NoSuchExpert(expert)
        person = people[expert]
        version = person["properties"].get("version", 0)
        if version != expected_version:
            raise OtherVersion(version)
        checked = await _checked(tx, changes)
        if not checked:
            return Profile(expert, version)
        claimed = await _own_words_before(tx, person, at=at)
        place = "as they changed it" if viewer.person == expert else "as an administrator changed it"
        await amend(
            tx,
            Kind.EXPERTS,
            source=OWN_PROFILE,
            trust=Trust.PERSON,
            place=place,
            subject=expert,
            changes={**claimed, **checked},
            at=at,
        )
        (row,) = await tx.run(VERSION, expert=expert)
        await record(tx, viewer, verb="profile changed", subject=f"expert:{expert}", fields=list(checked))
        return Profile(expert, row["version"])

    return await graph.transact(work)


async def _own_words_before(tx: Transaction, person: Row, *, at: datetime) -> Mapping[str, Any]:
    """Put on record what somebody wrote when they joined, of whom no file tells; else what they wrote over the files.

    Both stood on the person alone, where the next that is settled would have undone them.
    """
    if not person["is_told"]:
        await take_down_own_words(tx, person, at=at)
        return {}
    wrote = {name: person["properties"].get(name) for name in CLAIMED}
    await settle(tx, Kind.EXPERTS, [person["id"]])
    told = (await hold(tx, [person["id"]]))[person["id"]]["properties"]
    return {name: value for name, value in wrote.items() if value != told.get(name)}


async def _checked(tx: Transaction, changes: ProfileChanges) -> Mapping[str, Any]:
    """The changes as they are kept.

    Raises:
        InvalidFields: some cannot be.
    """
    checked = Checked(changes)
    checked.take("name", line, needed=True)
    for name, check in {
        "headline": line,
        "website": web_address,
        "orcid": orcid,
        "phone": telephone,
        "email": email,
        "country": lambda code: code.strip().upper(),
        "gender": lambda gender: Gender(gender).value,
    }.items():
        checked.take(name, check)
    checked.take_list("other_names", partial(_name, checked), most=MOST_NAMES)
    checked.take_list("away", partial(_period, checked), most=MOST_PERIODS)
    checked.take_list("worked_in", lambda _, code: code.strip().upper())
    checked.take_list("languages", lambda _, one: dict(one))
    checked.take_list("topics", partial(_topic, checked))
    values = checked.values
    found = await present(
        tx,
        topics=[one["topic"] for one in values.get("topics", ())],
        countries=[*values.get("worked_in", ()), *([values["country"]] if values.get("country") else [])],
        languages=[one["language"] for one in values.get("languages", ())],
    )
    no_country = Wording("That is no country of ISO 3166; write its two-letter code, such as TN for Tunisia.")
    checked.among(("country",), values.get("country"), found["countries"], no_country)
    for number, code in enumerate(values.get("worked_in", ())):
        checked.among(("worked_in", number), code, found["countries"], no_country)
    for number, one in enumerate(values.get("languages", ())):
        no_language = Wording("The network knows no language of this tag; write one of those it has, such as fr.")
        checked.among(("languages", number, "language"), one["language"], found["languages"], no_language)
    for number, one in enumerate(values.get("topics", ())):
        no_topic = Wording("The network has no topic of this id; look it up among its topics.")
        checked.among(("topics", number, "topic"), one["topic"], found["topics"], no_topic)
    distinct(checked, "other_names")
    distinct(checked, "away")
    distinct(checked, "worked_in")
    distinct(checked, "languages", lambda one: one["language"], at="language")
    distinct(checked, "topics", lambda one: one["topic"], at="topic")
    checked.refuse()
    return values


def _name(checked: Checked, path: Path, name: str) -> str:
    found = checked.of(path, line, name)
    if found is None and not any(problem.path == path for problem in checked.problems):
        checked.empty(path)
    return found or ""


def _period(checked: Checked, path: Path, text: str) -> str:
    found = checked.of(path, lambda text: period(text.strip()), text)
    if found is None and not any(problem.path == path for problem in checked.problems):
        checked.empty(path)
    return found or ""


def _topic(checked: Checked, path: Path, one: ExpertiseRecord) -> ExpertiseRecord:
    since = one["since"]
    return {**one, "since": None if since is None else checked.of((*path, "since"), year, since)}
