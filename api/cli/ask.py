"""``knowwho ask``: a client of the running server, or of the schema itself when none runs."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import orjson
import typer
from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from api.cli.fictional import FICTIONAL
from api.running import running_server
from api.spreadsheet import table
from graph.errors import GraphError
from graph.settings import GraphSettings
from graph.viewer import Viewer

__all__ = ["answered", "ask_and_print", "say_if_fictional"]

MATCHES = """
fragment Matches on ExpertMatchConnection {
  nobody
  questionLanguage
  suggestedFilters { said languages countries regions topics }
  edges {
    score
    strength
    unmet
    node {
      slug name headline email phone
      country { code name }
      languages(first: 100) { edges { proficiency node { tag name } } }
      affiliations(first: 100) { edges { role until node { name } } }
    }
    evidence {
      similarity
      sentence { text start end }
      passage { text title kind language source occurredOn event { title } }
    }
    reasons {
      __typename
      ... on Expertise { level since topic { label } }
      ... on Talk { role title event { title } }
      ... on SpokenLanguage { proficiency language { name } }
      ... on SharedOrganisation { organisation { name } until }
    }
  }
}
"""
ASK = (
    """
query Ask($question: String!, $filter: MatchFilter, $first: Int!) {
  network { isFictional }
  matchExperts(question: $question, filter: $filter, first: $first) { ...Matches }
}
"""
    + MATCHES
)
LIKE = (
    """
query Like($like: MatchLike!, $filter: MatchFilter, $first: Int!) {
  network { isFictional }
  matchExperts: matchExpertsLike(like: $like, filter: $filter, first: $first) { ...Matches }
}
"""
    + MATCHES
)

NOBODY = {
    "OUTSIDE": "Nobody fits: nothing that the network's people have done comes near this question.",
    "FILTERED": "Nobody passes the filter.",
    "NO_EVIDENCE": "The network is still empty; load one with 'knowwho ingest FOLDER'.",
}
COLUMNS = (
    "id",
    "name",
    "strength",
    "headline",
    "country",
    "organisations",
    "languages",
    "email",
    "phone",
    "reasons",
    "evidence",
)
OPTIONS = {"languages": "language", "countries": "country", "regions": "region", "topics": "topic"}
ANSWER_TIMEOUT_S = 60.0


class Refused(GraphError):
    """The network could not answer; the sentence says why."""


def ask_and_print(
    asked: str | Mapping[str, str], *, filters: Mapping[str, object], first: int, as_json: bool, as_csv: bool
) -> None:
    """Ask, and print the people who fit, best first: for people, or the whole answer as JSON, or a row each as CSV.

    ``asked`` is a question, or what people are to be like (a ``MatchLike``).

    Raises:
        Refused: the question or a filter cannot be asked.
    """
    is_question = isinstance(asked, str)
    variables = {"question" if is_question else "like": asked, "filter": dict(filters), "first": first}
    data = answered(ASK if is_question else LIKE, variables)
    matches = data["matchExperts"]
    if as_json:
        typer.echo(orjson.dumps(matches, option=orjson.OPT_INDENT_2).decode())
        return
    if as_csv:
        typer.echo(table(COLUMNS, map(_row, matches["edges"])), nl=False)
        return
    console = Console(highlight=False)
    if matches["nobody"]:
        console.print(NOBODY[matches["nobody"]])
    for place, match in enumerate(matches["edges"], start=1):
        console.print(_shown(place, match))
    for suggested in matches["suggestedFilters"]:
        options = " ".join(f"--{OPTIONS[kind]} {value}" for kind in OPTIONS for value in suggested[kind])
        console.print(f"You asked for “{suggested['said']}”; only people of whom that is true: {options}", style="cyan")
    say_if_fictional(console, data)


def say_if_fictional(console: Console, data: Mapping[str, Any]) -> None:
    """Say so if what was answered, with ``network { isFictional }``, is of the sample network."""
    network = data["network"]
    if network and network["isFictional"]:
        console.print(
            FICTIONAL,
            style="yellow",
        )


def answered(document: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data that the running server answers to a document, or the schema itself when none runs.

    Raises:
        Refused: it answers with an error, or not at all.
    """
    answer = asyncio.run(_answer(document, variables))
    if answer.get("errors"):
        raise Refused(answer["errors"][0]["message"])
    data: Mapping[str, Any] = answer["data"]
    return data


async def _answer(document: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    settings = GraphSettings()
    server = running_server(settings)
    if server is not None:
        async with httpx.AsyncClient(timeout=ANSWER_TIMEOUT_S, trust_env=False) as client:
            try:
                response = await client.post(
                    f"{server.url}/graphql",
                    json={"query": document, "variables": variables},
                    headers={"Authorization": f"Bearer {server.key}"},
                )
            except httpx.TransportError as error:
                raise Refused(f"The server at {server.url} does not answer; stop it or try again.") from error
            if response.headers.get("content-type", "").startswith("application/json"):
                answer: Mapping[str, Any] = response.json()
                return answer
            raise Refused(f"The server at {server.url} answered with status {response.status_code}; look at its log.")
    from api.door import Visitor
    from api.graphql.context import Context
    from api.graphql.schema import schema
    from api.network import open_network

    visitor = Visitor(Viewer.at_the_command_line(), account=None, session=None, csrf="")
    async with open_network(settings) as network:
        result = await schema.execute(document, dict(variables), context_value=Context.of(network, visitor))
    return {"data": result.data, "errors": [{"message": error.message} for error in result.errors or []]}


def _shown(place: int, match: Mapping[str, Any]) -> Group:
    person = match["node"]
    facts = [_country(person), *_work(person), ", ".join(_languages(person)), person["email"]]
    parts: list[Text | Padding] = [
        Text.assemble(
            (f"{place}. {person['name']}", "bold"), "  ", person["headline"], (f"  {_strength(match)}", "magenta")
        ),
        Padding(Text(" · ".join(fact for fact in facts if fact), style="dim"), (0, 0, 0, 3)),
    ]
    if match["reasons"]:
        parts.append(Padding(Text("Why: " + "; ".join(map(_reason, match["reasons"])), style="green"), (0, 0, 0, 3)))
    for evidence in match["evidence"]:
        passage = evidence["passage"]
        origin = [passage["title"], passage["event"] and passage["event"]["title"], passage["occurredOn"]]
        source = ", ".join([passage["kind"].capitalize(), *(part for part in origin if part)])
        text = Text(passage["text"])
        if sentence := evidence["sentence"]:
            text.stylize("bold", sentence["start"], sentence["end"])
        parts.append(Padding(Text.assemble((f"{source}: ", "italic"), text), (0, 0, 0, 3)))
    parts.append(Text())
    return Group(*parts)


def _row(match: Mapping[str, Any]) -> dict[str, str]:
    person = match["node"]
    return {
        "id": person["slug"],
        "name": person["name"],
        "strength": match["strength"].lower(),
        "headline": person["headline"],
        "country": _country(person),
        "organisations": "; ".join(_work(person)),
        "languages": "; ".join(_languages(person)),
        "email": person["email"] or "",
        "phone": person["phone"] or "",
        "reasons": "; ".join(map(_reason, match["reasons"])),
        "evidence": "\n".join(evidence["passage"]["text"] for evidence in match["evidence"]),
    }


def _strength(match: Mapping[str, Any]) -> str:
    unmet = f", without “{', '.join(match['unmet'])}”" if match["unmet"] else ""
    return f"{match['strength'].lower()} match{unmet}"


def _country(person: Mapping[str, Any]) -> str:
    return person["country"]["name"] if person["country"] else ""


def _work(person: Mapping[str, Any]) -> list[str]:
    return [at["node"]["name"] for at in person["affiliations"]["edges"] if at["until"] is None]


def _languages(person: Mapping[str, Any]) -> list[str]:
    return [one["node"]["name"] or one["node"]["tag"] for one in person["languages"]["edges"]]


def _reason(reason: Mapping[str, Any]) -> str:
    match reason["__typename"]:
        case "Expertise":
            since = f", since {reason['since']}" if reason["since"] else ""
            return f"knows {reason['topic']['label']} ({reason['level'].lower()}{since})"
        case "Talk":
            return f"spoke at “{reason['event']['title']}”"
        case "SharedOrganisation":
            return f"{'worked' if reason['until'] else 'works'} at {reason['organisation']['name']}, as you do or did"
        case _:
            return f"speaks {reason['language']['name']} ({reason['proficiency'].lower()})"
