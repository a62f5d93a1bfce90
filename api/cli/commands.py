"""The command ``knowwho``: each command is a thin door to the room that does the work.

Nothing heavy is imported before a command needs it, so that ``--help`` answers at once.
"""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.asking import MOST_MONTHS
from api.cli.accounts import account_app
from api.cli.audience import audience_app
from api.cli.consent import consent_app
from api.cli.encoder import encoder_app
from api.cli.engine import engine_app
from api.cli.erase import erase_command
from api.cli.events import events_app
from api.cli.export import export_command
from api.cli.ingest import ingest_command, text_of_document
from api.cli.invite import invite_command
from api.cli.letters import letters_app
from api.cli.people import people_app
from api.cli.report import plan_command, report_command
from api.cli.sign_in_link import sign_in_link_command
from api.cli.sources import provenance_command, sources_app
from api.cli.tokens import token_app
from graph.values import By, Gender, LanguageLevel, Period

__all__ = ["main"]

app = typer.Typer(
    name="knowwho",
    help="Know who knows: an expert community network on Neo4j, with GraphQL and semantic search.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # importing rich would double the time that --help takes
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(engine_app, name="engine")
app.add_typer(encoder_app, name="encoder")
app.add_typer(account_app, name="account")
app.add_typer(token_app, name="token")
app.add_typer(audience_app, name="audience")
app.add_typer(consent_app, name="consent")
app.add_typer(events_app, name="events")
app.add_typer(letters_app, name="letters")
app.add_typer(people_app, name="people")
app.add_typer(sources_app, name="sources")
app.command("ingest")(ingest_command)
app.command("provenance")(provenance_command)
app.command("export")(export_command)
app.command("erase")(erase_command)
app.command("invite")(invite_command)
app.command("report")(report_command)
app.command("plan")(plan_command)
app.command("sign-in-link")(sign_in_link_command)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no date; write one as 2026-03-01.") from None


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no first and last day; write them as 2026-07-01/2026-07-31.") from None


@app.command()
def setup() -> None:
    """Fetch and prepare what the network runs on: engine, encoders and page assets. Done once for all networks."""
    from api.cli.setup import set_up

    set_up()


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in any of the six UN languages.")],
    *,
    country: Annotated[list[str] | None, typer.Option(help="Living there: code or name. May be repeated.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="Living there: M49 code or name.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Speaking it: BCP 47 tag or name.")] = None,
    language_level: Annotated[
        LanguageLevel | None, typer.Option(help="Speaking each language at least so well.")
    ] = None,
    topic: Annotated[list[str] | None, typer.Option(help="Knowing it, or a narrower topic: id or label.")] = None,
    worked_in: Annotated[
        list[str] | None, typer.Option(help="Having worked in the country or region: code or name.")
    ] = None,
    organisation: Annotated[list[str] | None, typer.Option(help="Working there now: id or name.")] = None,
    organisation_kind: Annotated[
        list[str] | None, typer.Option(help="Working now at such an organisation, as academia.")
    ] = None,
    spoke_at: Annotated[
        list[str] | None, typer.Option(metavar="EVENT", help="Having been on its programme: id or title.")
    ] = None,
    available: Annotated[
        Period | None,
        typer.Option(
            metavar="FROM/UNTIL",
            parser=_period,
            help="Neither away nor on a programme on these days, as 2027-03-01/2027-03-05.",
        ),
    ] = None,
    active_since: Annotated[
        date | None,
        typer.Option(metavar="DATE", parser=_day, help="Having spoken, published or the like since that day."),
    ] = None,
    not_invited_for: Annotated[
        int | None,
        typer.Option(metavar="MONTHS", min=1, max=MOST_MONTHS, help="On no event's programme for so many months."),
    ] = None,
    gender: Annotated[list[Gender] | None, typer.Option(help="As they say of themselves.")] = None,
    first: Annotated[int, typer.Option(min=1, max=100, help="How many people at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print the people as a table for a spreadsheet program.")
    ] = False,
) -> None:
    """Ask the network who knows: people, best first, with the evidence and the reasons."""
    from api.cli.ask import ask_and_print

    if as_json and as_csv:
        raise typer.BadParameter("give one of --json and --csv", param_hint="--csv")
    if language_level and not language:
        raise typer.BadParameter("say which language, with --language", param_hint="--language-level")
    ask_and_print(
        question,
        filters={
            "countries": country or [],
            "regions": region or [],
            "languages": language or [],
            "languageLevel": (language_level or LanguageLevel.BASIC).name,
            "topics": topic or [],
            "workedIn": worked_in or [],
            "organisations": organisation or [],
            "organisationKinds": organisation_kind or [],
            "spokeAt": spoke_at or [],
            "available": None if available is None else str(available),
            "activeSince": None if active_since is None else active_since.isoformat(),
            "notInvitedForMonths": not_invited_for,
            "genders": [one.name for one in gender or []],
        },
        first=first,
        as_json=as_json,
        as_csv=as_csv,
    )


@app.command()
def like(
    *,
    expert: Annotated[str | None, typer.Option(metavar="ID", help="Peers of this person.")] = None,
    event: Annotated[
        str | None, typer.Option(metavar="ID", help="Speakers for this event, besides those who speak there.")
    ] = None,
    document: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="People who know what this document is about: text, Markdown, PDF, Word, OpenDocument, slides, HTML.",
        ),
    ] = None,
    country: Annotated[list[str] | None, typer.Option(help="Living there: code or name. May be repeated.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Speaking it: BCP 47 tag or name.")] = None,
    first: Annotated[int, typer.Option(min=1, max=100, help="How many people at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Find people who are like a person, could speak at an event, or know what a text is about."""
    from api.cli.ask import ask_and_print

    if sum(value is not None for value in (expert, event, document)) != 1:
        raise typer.BadParameter("give one of --expert, --event and --document", param_hint="--expert")
    given = {"expert": expert, "event": event, "document": None if document is None else text_of_document(document)}
    like = {name: value for name, value in given.items() if value is not None}
    filters = {"countries": country or [], "languages": language or []}
    ask_and_print(like, filters=filters, first=first, as_json=as_json, as_csv=False)


@app.command()
def panel(
    event: Annotated[str, typer.Argument(help="The event's id.")],
    *,
    seats: Annotated[int, typer.Option(min=1, help="How many people.")] = 4,
    region: Annotated[
        list[str] | None, typer.Option(metavar="REGION[:N]", help="At least N, or one, from there: code or name.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(metavar="LANGUAGE[:N]", help="At least N, or one, who speak it fluently.")
    ] = None,
    gender: Annotated[
        list[str] | None, typer.Option(metavar="GENDER[:N]", help="At least N, or one: woman, man or other.")
    ] = None,
    newcomers: Annotated[int, typer.Option(min=0, help="At least so many who never gave a talk.")] = 0,
    one_organisation: Annotated[int | None, typer.Option(min=0, help="At most so many of one organisation.")] = None,
    one_country: Annotated[int | None, typer.Option(min=0, help="At most so many of one country.")] = None,
    most_talks: Annotated[int | None, typer.Option(min=0, help="Nobody with more talks in the last year.")] = None,
    include: Annotated[list[str] | None, typer.Option(metavar="ID", help="Who must be on it.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(metavar="ID", help="Who must not.")] = None,
    before: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Who was on it: as few of them change as can be.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Suggest the panel that covers an event's topics best under rules, others, and who could sit in for whom."""
    from api.cli.panel import suggest_and_print

    rules = {
        "regions": [{"region": of, "atLeast": number} for of, number in map(_quota, region or [])],
        "languages": [{"language": of, "atLeast": number} for of, number in map(_quota, language or [])],
        "genders": [{"gender": of.upper(), "atLeast": number} for of, number in map(_quota, gender or [])],
        "newcomers": newcomers,
        "mostOfOneOrganisation": one_organisation,
        "mostOfOneCountry": one_country,
        "mostTalks": most_talks,
        "include": include or [],
        "exclude": exclude or [],
    }
    suggest_and_print(event, seats=seats, rules=rules, before=before or [], as_json=as_json)


def _quota(text: str) -> tuple[str, int]:
    of, colon, number = text.partition(":")
    if colon and not (number.isdecimal() and int(number)):
        raise typer.BadParameter(f"'{text}' is no quota; write {of or 'fr'}:2 for at least two.")
    return of, int(number or 1)


@app.command()
def coverage(
    *,
    topic: Annotated[
        str | None, typer.Option(help="The topics narrower than this one, or it alone: id or label.")
    ] = None,
    by: Annotated[By, typer.Option(help="What the places are.")] = By.REGION,
    within: Annotated[
        str | None, typer.Option(metavar="REGION", help="Its parts, or its countries: M49 code or name.")
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option(metavar="DAY", parser=_day, help="As it was at the end of that day, and how many came since."),
    ] = None,
    gaps: Annotated[bool, typer.Option("--gaps", help="List the gaps, and who and what is nearest to each.")] = False,
    months: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_MONTHS, help="Gaps too where nothing is of the last so many months; with --gaps."),
    ] = None,
    first: Annotated[int, typer.Option(min=1, max=50, help="How many gaps at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show where the network has experts for which topics, how strong and how recent, and where it has gaps."""
    from api.cli.coverage import print_coverage

    print_coverage(
        by=by,
        topic=topic,
        within=within,
        as_of=as_of,
        with_gaps=gaps,
        months=months,
        first=first,
        as_json=as_json,
    )


@app.command()
def audit(
    *,
    last: Annotated[int, typer.Option(min=1, help="How many changes, newest first.")] = 50,
    subject: Annotated[str | None, typer.Option(help="Only changes of this, such as expert:ID or network.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """Show the change log: who changed what, and when."""
    from api.cli.audit import print_changes

    print_changes(last=last, subject=subject, as_json=as_json)


@app.command()
def embed() -> None:
    """Write the vectors that are missing, or all of them anew if another encoder is set now."""
    from api.cli.embed import embed_and_report

    embed_and_report()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; loopback unless told otherwise.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; if taken, the next free one.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes that answer requests.")] = None,
) -> None:
    """Serve the network: the first page, GraphQL and its explorer."""
    from api.cli.serve import serve_until_stopped

    serve_until_stopped(host=host, port=port, workers=workers)


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; if taken, the next free one.")] = None,
) -> None:
    """Load the fictional sample network into this network's folder and serve it; sign in as a sample person."""
    from api.cli.ingest import ingest_sample
    from api.cli.serve import serve_until_stopped

    ingest_sample()
    serve_until_stopped(host=None, port=port, demo=True)


@app.command()
def explain(
    question: Annotated[str, typer.Argument(help="The question, in any of the six UN languages.")],
    person: Annotated[str, typer.Argument(help="The person's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the account as JSON.")] = False,
) -> None:
    """Tell why a person has their place in the answer to a question, number by number."""
    from api.cli.explain import explain_and_print

    explain_and_print(question, expert=person, as_json=as_json)


@app.command()
def evaluate(
    file: Annotated[
        Path, typer.Argument(help="Questions as JSON lines: language, question, fits (ids), not_useful (ids).")
    ],
    outside: Annotated[
        Path | None, typer.Option(help="Questions as JSON lines that nobody in the network can answer.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure how well the network finds the people who fit: nDCG@10, MRR and recall@10 by language."""
    from api.cli.evaluate import evaluate_and_print

    evaluate_and_print(file, outside=outside, as_json=as_json)


@app.command()
def feedback(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each question as a line of JSON, as 'knowwho evaluate' reads it.")
    ] = False,
) -> None:
    """Show what askers said of matches, without who they are: how much, or the questions themselves."""
    from api.cli.feedback import print_feedback

    print_feedback(as_json=as_json)


@app.command()
def shortlist(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event's id.")],
    people: Annotated[
        list[str] | None, typer.Argument(metavar="PERSON…", help="Ids of people to consider, in the order to ask in.")
    ] = None,
    *,
    question: Annotated[str | None, typer.Option(help="Those who answer this question best.")] = None,
    topic: Annotated[str | None, typer.Option(help="Those who know this topic or a narrower one: id or label.")] = None,
    like_event: Annotated[
        bool, typer.Option("--like-event", help="Those who fit what the event says of itself.")
    ] = False,
    first: Annotated[int, typer.Option(min=1, max=100, help="How many people a search adds at most.")] = 10,
    note: Annotated[str, typer.Option(help="A note on the people who are named, for organisers alone.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """Consider people as speakers at an event: those who are named, or those whom a search finds."""
    from api.cli.speakers import print_shortlisted
    from graph.values import EventId, ExpertId

    is_searched = question is not None or topic is not None
    if bool(people) + is_searched + like_event != 1:
        raise typer.BadParameter(
            "name people, or give --question, --topic (or both), or --like-event", param_hint="PERSON"
        )
    print_shortlisted(
        EventId(event),
        people=[ExpertId(one) for one in people or []],
        question=question,
        topic=topic,
        first=first,
        note=note,
        as_json=as_json,
    )


@app.command()
def speakers(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event's id.")],
    *,
    asked_within: Annotated[
        int,
        typer.Option(metavar="MONTHS", min=1, max=MOST_MONTHS, help="For how long another invitation is one of late."),
    ] = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """Show who is considered as a speaker at an event: state, history, and what speaks against asking each."""
    from api.cli.speakers import print_speakers
    from graph.values import EventId

    print_speakers(EventId(event), asked_within=asked_within, as_json=as_json)


@app.command()
def advance(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event's id.")],
    person: Annotated[str, typer.Argument(metavar="PERSON", help="The id of somebody on its shortlist.")],
    to: Annotated[str, typer.Argument(metavar="STATE", help="What they became, as accepted or spoke.")],
    *,
    reason: Annotated[str, typer.Option(help="Why, for organisers alone.")] = "",
    letter: Annotated[bool, typer.Option("--letter", help="Write to them of it.")] = False,
    note: Annotated[str, typer.Option(help="A few words to them, in the letter.")] = "",
    language: Annotated[str | None, typer.Option(help="The letter's language: en, fr, es, ar, ru or zh.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what became of it as JSON.")] = False,
) -> None:
    """Take down, for good, what became of somebody who is considered as a speaker."""
    from api.cli.stepping import advance_and_print
    from graph.speaking import State, Wanted
    from graph.values import EventId, ExpertId

    for name, is_given in (("--note", note), ("--language", language)):
        if is_given and not letter:
            raise typer.BadParameter("it goes with --letter", param_hint=name)
    if to not in set(State):
        raise typer.BadParameter(f"'{to}' is none of {', '.join(State)}", param_hint="STATE")
    advance_and_print(
        EventId(event),
        ExpertId(person),
        State(to),
        reason=reason,
        answer_by=None,
        letter=Wanted(note, language) if letter else None,
        shortlists=False,
        as_json=as_json,
    )


@app.command()
def attendance(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event's id.")],
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="A meeting tool's list (.csv, .xlsx), or an answer from a calendar (.ics)."
        ),
    ] = None,
    *,
    present: Annotated[
        list[str] | None, typer.Option(metavar="PERSON", help="Was there: an id. May be repeated.")
    ] = None,
    spoke: Annotated[
        list[str] | None, typer.Option(metavar="PERSON[=TALK]", help="Was there and spoke, on what. May be repeated.")
    ] = None,
    absent: Annotated[
        list[str] | None, typer.Option(metavar="PERSON", help="Was to be there and was not. May be repeated.")
    ] = None,
    choose: Annotated[
        list[str] | None,
        typer.Option(metavar="ROW=PERSON", help="Whom a row of the file means; nobody, if no id follows the sign."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; say what would be done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, and ask nothing.")] = False,
) -> None:
    """Take down who was at an event and who spoke there, once it has begun; or what speakers answered from a calendar.

    On a terminal each doubt is asked. Ends with exit code 1 if a doubt was left open, 2 if nothing could be done.
    """
    from api.cli.attendance import Attendance, take_down_and_print, take_replies_and_print
    from graph.speaking import Present
    from graph.values import EventId, ExpertId

    by_hand = [*(present or ()), *(spoke or ()), *(absent or ())]
    if file is None and not by_hand:
        raise typer.BadParameter("give a file, or name people with --present, --spoke or --absent", param_hint="FILE")
    if file is not None and file.suffix.lower() == ".ics":
        if by_hand or choose:
            raise typer.BadParameter("an answer from a calendar is taken down by itself", param_hint="FILE")
        take_replies_and_print(EventId(event), file, dry_run=dry_run, as_json=as_json)
        return
    talks = [one.partition("=") for one in spoke or ()]
    given = Attendance(
        EventId(event),
        file,
        [
            *(Present(ExpertId(one)) for one in present or ()),
            *(Present(ExpertId(person), spoke=True, talk=talk or None) for person, _, talk in talks),
        ],
        [ExpertId(one) for one in absent or ()],
        {row: ExpertId(person) if person else None for row, person in map(_choice, choose or ())},
        dry_run=dry_run,
    )
    take_down_and_print(given, as_json=as_json)


def _choice(text: str) -> tuple[int, str]:
    row, sign, person = text.partition("=")
    if not sign or not row.isdecimal():
        raise typer.BadParameter(f"'{text}' is no row and person; write --choose 7=ama-owusu.", param_hint="--choose")
    return int(row), person.strip()


@app.command()
def fairness(
    *,
    since: Annotated[date, typer.Option(metavar="DATE", parser=_day, help="The first day, as 2026-01-01.")],
    until: Annotated[date, typer.Option(metavar="DATE", parser=_day, help="The last day, as 2026-12-31.")],
    more_than: Annotated[int, typer.Option(min=0, help="Name those who were asked more often than so many times.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Count how often each region, gender, language and organisation was shortlisted, invited, said yes and spoke."""
    from api.cli.speakers import print_fairness

    print_fairness(since=since, until=until, more_than=more_than, as_json=as_json)


@app.command()
def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check this deployment's settings and graph, and say what is unsafe; the exit code is 1 if something is."""
    from api.cli.doctor import examine_and_print

    examine_and_print(as_json=as_json)


@app.command()
def schema(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it to a file instead.")] = None,
) -> None:
    """Print the GraphQL schema."""
    from api.graphql.schema import schema as contract

    text = contract.as_str() + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


def main() -> None:
    """Run the command line; whatever goes wrong is one sentence and an exit code other than 0."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 -- the last line of defence: no stack trace reaches a person
        from api.failures import sentence_for

        typer.echo(f"knowwho: {sentence_for(error)}", err=True)
        sys.exit(2)
