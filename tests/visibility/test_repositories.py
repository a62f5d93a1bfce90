"""Every repository function takes the viewer, and no statement that reads people skips the rules of who sees what.

Read from the sources: a function or statement that is added tomorrow is held to the same, unless it is listed here by
its name, with the reason.
"""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import graph as room
from graph.model import NOUNS, Kind, Noun, Relation
from graph.reading import Connection, Cursors, Edges, PageSpan, Total, listed, of_ids
from graph.viewer import FieldGroup
from tests.visibility.trees import list_of, node_with

ROOM = Path(room.__file__).parent

WITHOUT_VIEWER = {
    "Who asks is what it finds out: it is given a secret, or what only a proven address is asked for.": {
        "graph.accounts.knows_address",
        "graph.known_browsers.owner",
        "graph.known_browsers.remember",
        "graph.sessions.authenticated",
        "graph.speaking.answering.answer",
        "graph.speaking.answering.asked",
        "graph.tokens.authenticated",
        "graph.tokens.is_good",
    },
    "Takes the next letter to a speaker to send it, by what organisers see (graph.speaking.outbox.LETTERS).": {
        "graph.speaking.outbox.take",
    },
    "Reminds whom organisers wait for, by what they see (graph.speaking.outbox.LETTERS); it hands out how many.": {
        "graph.speaking.reminding.remind_overdue",
    },
    "The product's own work on the whole graph, started by no request; it hands out nothing of people.": {
        "graph.alphabet.order_everything",
        "graph.drafts.forget_discarded",
        "graph.erasure.sweep",
        "graph.network.ping",
        "graph.passages.restamp_everybody",
        "graph.schema.migrate",
        "graph.speaking.outbox.not_sent",
        "graph.speaking.outbox.sent",
        "graph.vectors.check_encoder",
        "graph.vectors.embed_waiting",
        "graph.vectors.restore_index",
        "graph.vectors.waiting",
        "graph.vectors.written_by",
    },
}
"""Functions that take the graph and no viewer, by the reason."""

WITHOUT_SIGHT = {
    "Makes keys of names, by which lists are ordered; it hands out nothing of people.": {
        "graph.alphabet.SET_KEYS",
    },
    "Writes what a roster or a person says, and hands out nothing of people.": {
        "graph.audiences.CHOOSE",
        "graph.intake.events.REMOVE_ATTENDANCE",
        "graph.intake.events.REMOVE_SPEAKERS",
        "graph.intake.events.STORE_ATTENDANCE",
        "graph.intake.events.STORE_SPEAKERS",
        "graph.intake.experts.REMOVE_AFFILIATIONS",
        "graph.intake.experts.HOLD_MEMBERS",
        "graph.intake.experts.REMOVE_EXPERTS",
        "graph.intake.experts.STORE_AFFILIATIONS",
        "graph.intake.experts.STORE_EXPERTS",
        "graph.intake.organisations.STORE",
        "graph.intake.programme.STORE_RESOURCES",
        "graph.intake.records.BELONG",
        "graph.intake.topics.EXPERTS_BELOW",
        "graph.intake.topics.REMOVE",
        "graph.joining.FILL_PROFILE",
        "graph.joining.MAKE_PROFILE",
        "graph.passages.REMOVE_DOCUMENTS",
        "graph.passages.STORE_DOCUMENTS",
        "graph.passages.STORE_PASSAGES",
        "graph.programme.making.AS_IT_IS",
        "graph.vectors.STORE_PASSAGES",
    },
    "Who is on an agenda; graph.agenda.PEOPLE asks first whether the organiser sees them.": {"graph.agenda.WRITE"},
    "Asks whom the viewer does not see, so that they stay where they stand, and hands out nothing of them.": {
        "graph.programme.making.UNSEEN_AUTHORS",
    },
    "What becomes of somebody who is considered; graph.speaking asks first whether the organiser sees them.": {
        "graph.agenda.LEAVE",
        "graph.drafts.FORGET",
        "graph.speaking.answering.STEP",
        "graph.speaking.changing.STEP",
        "graph.speaking.changing.STEP_BACK",
        "graph.speaking.shortlisting.ADD",
    },
    "Asks what the viewer sees of people, and hands out no more than which groups of fields that is.": {
        "graph.people.sight.SEEN",
    },
    "Puts the rules in force: it must see everything.": {
        "graph.passages.AUDIENCES",
        "graph.passages.EVERYBODY",
        "graph.passages.NAMES",
        "graph.passages.PROFILE",
        "graph.passages.RESTAMP",
    },
    "Makes vectors and indexes, of what may be found at all.": {
        "graph.schema.MIGRATIONS",
        "graph.vectors.CREATE_INDEX",
        "graph.vectors.NEXT_PASSAGES",
        "graph.vectors.WAITING_PASSAGES",
    },
    "For administrators who load a network: the function refuses everybody else.": {
        "graph.intake.known.KNOWN",
        "graph.intake.known.PASSAGES",
        "graph.intake.names.PEOPLE",
        "graph.intake.network.KNOWN",
        "graph.intake.sources.SOURCES",
        "graph.provenance.PASSAGES",
        "graph.provenance.PEOPLE_OF_SOURCE",
    },
    "For administrators who say which people are one: the function refuses everybody else.": {
        "graph.intake.records.RESOURCES_BY",
        "graph.people.duplicates.EXISTING",
        "graph.people.differences.SHOWN",
        "graph.people.holding.HOLD",
        "graph.people.holding.SET_PROPERTIES",
        "graph.people.merging.REMOVE_GONE",
        "graph.people.merging.UNRECORDED",
        "graph.people.moving.COPY_PASSAGES",
        "graph.people.moving.MOVE_INCOMING",
        "graph.people.moving.MOVE_INCOMING_BACK",
        "graph.people.moving.MOVE_OUTGOING",
        "graph.people.moving.MOVE_OUTGOING_BACK",
        "graph.people.moving.MOVE_PASSAGES_BACK",
        "graph.people.moving.PASSAGES",
        "graph.people.moving.REMOVE_PASSAGES",
        "graph.people.moving.REMOVE_PROFILE",
        "graph.people.own.DECIDED_SINCE",
        "graph.people.own.DECISIONS",
        "graph.people.own.WITHDRAW",
        "graph.people.own_words.OWN_WORDS",
        "graph.speaking.joining.NAME",
        "graph.speaking.joining.OF_PEOPLE",
        "graph.speaking.joining.SET_ASIDE",
        "graph.speaking.joining.TAKE_UP",
        "graph.speaking.joining.UNNAME",
    },
    "Of one person, for that person and administrators: the function refuses everybody else.": {
        "graph.audiences.OF_PERSON",
        "graph.consents.DECIDE",
        "graph.consents.HISTORY",
        "graph.consents.IN_FORCE",
        "graph.consents.TEXTS_AGREED_TO",
        "graph.erasure.ADDRESSES_OF_OTHERS",
        "graph.erasure.CANDIDACIES",
        "graph.erasure.CALLED",
        "graph.erasure.EXPERT",
        "graph.erasure.NAMES_OF_OTHERS",
        "graph.erasure.NODES_NAMING",
        "graph.erasure.PARTICIPATIONS",
        "graph.erasure.PASSAGES",
        "graph.erasure.PERSON",
        "graph.erasure.RELATIONS_NAMING",
        "graph.erasure.REWRITE_NODES",
        "graph.erasure.REWRITE_RELATIONS",
        "graph.erasure.TAKEN",
        "graph.export.PERSON",
        "graph.export.RELATIONS",
        "graph.export.TEXTS",
        "graph.people.profiles.VERSION",
        "graph.speaking.own.OF_PERSON",
    },
    "What a viewer said of a person themselves; graph.feedback.FINDABLE asks first whether a search finds them.": {
        "graph.feedback.JUDGE",
        "graph.feedback.OF_EXPERT",
    },
    "Accounts and who holds them: for the holder and administrators, or for signing in with what proves it.": {
        "graph.accounts.BY_EMAIL",
        "graph.accounts.BY_ID",
        "graph.accounts.BY_IDS",
        "graph.accounts.BY_IDENTITY",
        "graph.accounts.EXPERTS_AT",
        "graph.accounts.HOLD_EXPERT",
        "graph.accounts.OTHER_ACCOUNT_OF",
        "graph.accounts.FILL",
        "graph.accounts.FOUND",
        "graph.accounts.PAGE",
        "graph.joining.WHOSE",
        "graph.sessions.AUTHENTICATED",
    },
    "Of the one person who was asked to speak, for whoever holds their letter's link, or for themselves.": {
        "graph.speaking.answering.ASKED",
        "graph.speaking.answering.BY_LETTER",
        "graph.speaking.answering.OF_PERSON",
        "graph.speaking.answering.SAID_LAST",
    },
    "Asks whether a letter still tells the truth; graph.speaking.letters.ADDRESSEE then asks what is seen.": {
        "graph.speaking.outbox.TAKE",
    },
    "Asks how far letters of candidacies came, which were read by what the viewer sees.": {
        "graph.speaking.letters.WRITTEN_TO",
        "graph.speaking.telling.TOLD_LAST",
    },
    "A count of passages with the label of the viewer's reach, which Neo4j keeps; the rule is in the label.": {
        "graph.search.candidates.PASSAGES",
    },
    "Asks what is seen of whom a change was made to; the function tells no more, see tests/graph/test_feed.py.": {
        "graph.feed.AFTER",
    },
    "Where a statement begins that asks whom the viewer finds, and what they show of what the filter asks.": {
        "graph.search.candidates.EVERYWHERE",
        "graph.search.candidates.STARTS",
    },
    "Counts and days and nothing else, each behind its own rule; test_hidden counts them a second time.": {
        "graph.achievements.OF_SPAN",
        "graph.coverage.table.TABLE",
    },
    "Ask when people joined, of those whose profile is seen, and hand out their names; test_hidden lists them again.": {
        "graph.achievements.MEMBERS",
        "graph.achievements.NEW_MEMBERS",
    },
    "Speaks to stores of its own, while the engine is installed.": {
        "graph.engine.training.NEAREST_PASSAGES",
        "graph.engine.training.PASSAGE_ID",
        "graph.engine.training.PASSAGE_VECTORS",
        "graph.engine.training.PASSAGE_WORDS",
        "graph.engine.training.WRITE_PASSAGES",
    },
}
"""Statements about people that the rules are not written into, by the reason."""

PEOPLE = re.compile(r":(?:Expert|Passage|FoundBy\w+)\b")
GUARDED: Mapping[str, tuple[str, ...]] = {
    "BASED_IN": ("SEES(e.country)", "FINDS(e.country)"),
    "WORKED_IN": ("SEES(e.country)", "FINDS(e.country)"),
    "SPEAKS": ("SEES(e.languages)", "FINDS(e.languages)"),
    "AFFILIATED_WITH": ("SEES(e.organisation)", "FINDS(e.organisation)"),
    "EXPERT_IN": ("SEES(e.profile)", "FINDS(e)"),
    "AUTHORED": ("SEES(e.profile)", "FINDS(e)"),
    "EVIDENCED_BY": ("SEES(e, p)", "FINDS(p)", "FINDS(dated)"),
    "SPOKE_AT": ("SEES(e.attendance)", "FINDS(e.attendance)"),
    "GIVES": ("SEES(e.attendance)",),
    "ATTENDED": ("SEES(e.attendance)", "FINDS(e.attendance)"),
    "STEP": ("SEES(e.attendance)", "FINDS(e.attendance)"),
}
"""What a clause that follows a relation of a person must ask: one of these."""

SAID_ELSEWHERE = {
    "graph.search.candidates.CANDIDATES: EXPERT_IN": "who is found shows their profile to the finder",
    "graph.search.candidates.BY_COMPARING: EXPERT_IN": "who is found by a passage shows their profile to the finder",
    "graph.filters.KNOWS: EXPERT_IN": "who is found shows their profile to the finder",
    "graph.filters.WAS_ACTIVE: AUTHORED": "who is found shows their profile to the finder",
    "graph.coverage.near.ORGANISATIONS: BASED_IN": "where an organisation sits is seen by whoever sees it",
    "graph.search.matches.DESCRIBED: SPOKE_AT": "a passage drawn from an event is for those who see the attendance",
}
"""Relations without a condition of their own, with what says it instead; test_mutations and test_hidden hold both."""

DESCRIPTIONS = "graph.model."
"""Where nouns are described; what is compiled of that is held to the rules at the end of this module."""

CLAUSE = re.compile(
    r"\b(?=(?:OPTIONAL MATCH|(?<!OPTIONAL )MATCH|(?<!STARTS )(?<!ENDS )WITH|RETURN|UNWIND|CALL|UNION)\b)"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A constant of the graph room: its texts as they are written, and whether the rules are written into each."""

    name: str
    ruled: tuple[str, ...]
    plain: tuple[str, ...]

    @property
    def tells_of_people(self) -> bool:
        return any(map(tells_of_people, [*self.ruled, *self.plain]))


def tells_of_people(text: str) -> bool:
    """Whether a statement names people or passages, follows what relates to them, or matches nodes of any kind."""
    follows = any(re.search(rf"[:|]{relation}\b", text) for relation in GUARDED)
    matched = re.findall(r"\bMATCH (?:\w+ = )?\((\w*)(?:\)|:!)", text)
    has_kind = (node and re.search(rf"\({node}:\w|\b(?:AS|YIELD) (?:\w+ AS |\w+, )*{node}\b", text) for node in matched)
    return bool(PEOPLE.search(text) or follows or not all(has_kind))


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(ROOM.rglob("*.py")):
        name = ".".join(["graph", *file.relative_to(ROOM).with_suffix("").parts]).removesuffix(".__init__")
        yield name, ast.parse(file.read_text(encoding="utf-8"))


def statements() -> Iterator[Statement]:
    for module, tree in modules():
        for node in tree.body:
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
                continue
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and target.id.isupper():
                ruled = [text for call in calls(node.value) for text in texts(call)]
                plain = [text for text in texts(node.value) if text not in ruled]
                yield Statement(f"{module}.{target.id}", tuple(ruled), tuple(plain))


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Where a text is given to one of the functions that write the rules out."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in {"seen", "found"}:
            yield one


def texts(node: ast.AST) -> list[str]:
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


OWN_RULES: Mapping[str, Sequence[str]] = {
    "gender": ("SEES(e.gender)", "$reach >= 2"),
    "away_": ("SEES(e.contact)", "FINDS(e.contact)", "audience_contact <= $reach"),
}
"""What a person says of themselves for a purpose, and what has to be asked where a statement reads it."""


def faults(name: str, text: str) -> list[str]:  # noqa: C901 -- one fault a branch
    """What a statement about people leaves out; its rules are not written out yet."""
    found = []
    if re.search(r"\be \{|\bp \{\.\*|properties\(", text):
        found.append("hands out all of a node's properties")
    found += [f"hands out e.{one} itself" for one in re.findall(r"\be\.(headline|email|joined)\b", text)]
    if re.search(r"\bp \{[^}]*\bsource\b", text) and "SEES(p.source)" not in text:
        found.append("hands out p.source itself")
    for stamp, rules in OWN_RULES.items():
        if re.search(rf"\b(?!row\b)\w+\.{stamp}", text) and not any(rule in text for rule in rules):
            found.append(f"reads {stamp} without asking {' or '.join(rules)}")
    for clause in CLAUSE.split(text):
        if re.search(r"\(\s*:(?:Expert|Passage|FoundBy\w+)\b", clause):
            found.append("has a person or passage without a name")
        asked_of_all = without_alternatives(clause)
        for person in re.findall(r"\((\w+):Expert\b", clause):
            if not any(one in asked_of_all for one in (f"SEES {person}", f"FINDS {person}", "FINDS p")):
                found.append(f"does not ask who sees {person}")
        for passage in re.findall(r"\((\w+):(?:Passage|FoundBy\w+)\b", clause):
            asks = (f", {passage})", f"FINDS({passage})", f"{passage}.found_by <= $reach")
            if not any(one in clause for one in asks):
                found.append(f"does not ask who sees or finds {passage}")
        for relation, asked in GUARDED.items():
            is_followed = re.search(rf"[:|]{relation}\b", clause)
            if is_followed and not any(one in clause for one in asked) and f"{name}: {relation}" not in SAID_ELSEWHERE:
                found.append(f"follows {relation} without asking {' or '.join(asked)}")
    return found


def without_alternatives(clause: str) -> str:
    """The conditions that hold for every row: what stands in brackets, as one side of an OR does, is left out."""
    flat = re.sub(r"(SEES|FINDS)\(([^)]*)\)", r"\1 \2", clause.partition("WHERE")[2])
    while (shorter := re.sub(r"\([^()]*\)|\{[^{}]*\}", "", flat)) != flat:
        flat = shorter
    return flat


STATEMENTS = {one.name: one for one in statements() if one.tells_of_people and not one.name.startswith(DESCRIPTIONS)}
EXCUSED = set().union(*WITHOUT_SIGHT.values())
HELD = {name: one for name, one in STATEMENTS.items() if name not in EXCUSED}


def test_every_repository_function_takes_the_viewer_second() -> None:
    wrong = []
    for module, tree in modules():
        for function in tree.body:
            if isinstance(function, ast.AsyncFunctionDef) and not function.name.startswith("_"):
                taken = [(one.arg, ast.unparse(one.annotation or ast.Name("?"))) for one in function.args.args]
                if taken[:1] == [("graph", "Graph")] and taken[1:] != [("viewer", "Viewer")]:
                    wrong.append(f"{module}.{function.name}")

    assert sorted(wrong) == sorted(set().union(*WITHOUT_VIEWER.values()))


def test_search_takes_the_viewer_first() -> None:
    (search,) = [node for _, tree in modules() for node in tree.body if getattr(node, "name", "") == "Search"]
    assert isinstance(search, ast.ClassDef)
    methods = [one for one in search.body if isinstance(one, ast.AsyncFunctionDef) and not one.name.startswith("_")]

    assert {method.args.args[1].arg for method in methods} == {"viewer"}


def test_what_is_excused_exists() -> None:
    assert set(STATEMENTS) >= EXCUSED


def test_what_is_said_elsewhere_is_still_asked_nowhere_else() -> None:
    for excuse in SAID_ELSEWHERE:
        name, relation = excuse.split(": ")
        unasked = [
            clause
            for text in STATEMENTS[name].ruled
            for clause in CLAUSE.split(text)
            if f":{relation}" in clause and not any(one in clause for one in GUARDED[relation])
        ]
        assert unasked, excuse


@pytest.mark.parametrize("name", sorted(HELD))
def test_a_statement_about_people_asks_who_sees_them(name: str) -> None:
    statement = HELD[name]

    assert [text for text in statement.plain if tells_of_people(text)] == []
    assert [fault for text in statement.ruled for fault in faults(name, text)] == []


@pytest.mark.parametrize("name", sorted(HELD))
def test_every_rule_is_written_out(name: str) -> None:
    module, _, constant = name.rpartition(".")

    written = getattr(importlib.import_module(module), constant)

    assert not re.search(r"\b(?:SEES|FINDS|FINDS_COUNTRY|FINDS_LANGUAGES|PERSON)\(", written)


def test_there_are_statements_to_hold() -> None:
    assert len(HELD) >= 10


RULE = re.compile(r"\s*(?:WHERE|AND)?\s*(?:SEES|FINDS)\([^)]*\)")


@pytest.mark.parametrize(
    "name, number",
    [(name, number) for name, one in sorted(HELD.items()) for number in range(len(RULE.findall(" ".join(one.ruled))))],
)
def test_a_statement_that_skips_one_of_its_rules_is_refused(name: str, number: int) -> None:
    text = "\n".join(HELD[name].ruled)
    skipped = list(RULE.finditer(text))[number]

    assert faults(name, text[: skipped.start()] + text[skipped.end() :]) != []


@pytest.mark.parametrize(
    "text, fault",
    [
        ("MATCH (:Expert)-[:SPEAKS]->(l) WHERE SEES(e.languages) RETURN l", "has a person or passage without a name"),
        ("MATCH (e:Expert) RETURN e {.*}", "hands out all of a node's properties"),
        ("MATCH (e:Expert) WHERE SEES(e.listing) AND e.gender = 'woman' RETURN e", "reads gender without asking"),
        ("MATCH (e:Expert) WHERE SEES(e.listing) AND size(e.away_from) > 0 RETURN e", "reads away_ without asking"),
        ("MATCH (e:Expert) WHERE SEES(e.listing) RETURN e.email", "hands out e.email itself"),
        ("MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage) WHERE SEES(e, p) RETURN p {.source}", "hands out p.source"),
        ("MATCH (e:Expert)-[:AUTHORED]->(r) WHERE SEES(e.listing) RETURN r", "follows AUTHORED without asking"),
        ("MATCH (x:Expert) WHERE SEES(e.listing) RETURN x", "does not ask who sees x"),
    ],
)
def test_what_leaves_a_rule_out_is_a_fault(text: str, fault: str) -> None:
    assert any(one.startswith(fault) for one in faults("", text))


# What is compiled of graph.model, by a second telling of what is whose.

GROUP_OF_COLUMN: Mapping[str, FieldGroup | None] = {
    "slug": None,
    "name": None,
    "version": None,
    "gender": None,
    "away": FieldGroup.CONTACT,
    "headline": FieldGroup.PROFILE,
    "other_names": FieldGroup.PROFILE,
    "website": FieldGroup.PROFILE,
    "orcid": FieldGroup.PROFILE,
    "joined": FieldGroup.PROFILE,
    "email": FieldGroup.CONTACT,
    "phone": FieldGroup.CONTACT,
}
GROUP_OF_RELATION: Mapping[str, FieldGroup] = {
    "BASED_IN": FieldGroup.COUNTRY,
    "WORKED_IN": FieldGroup.COUNTRY,
    "SPEAKS": FieldGroup.LANGUAGES,
    "AFFILIATED_WITH": FieldGroup.ORGANISATION,
    "EXPERT_IN": FieldGroup.PROFILE,
    "AUTHORED": FieldGroup.PROFILE,
    "SPOKE_AT": FieldGroup.ATTENDANCE,
    "ATTENDED": FieldGroup.ATTENDANCE,
}
OWN_PASSAGE = "EXISTS { ({m})<-[:EVIDENCED_BY]-(:Expert {id: $me}) }"
RULE_OF_NODE: Mapping[str, str] = {
    "Expert": "({m}.audience_listing <= $reach OR {m}.id = $me)",
    "Passage": f"({{m}}.kind <> 'profile' AND ({{m}}.audience <= $reach OR {OWN_PASSAGE}))",
    "Organisation": (
        "($reach >= 2 OR EXISTS { ({m})-[:PARTNER_IN]->() } OR EXISTS { (e:Expert)-[:AFFILIATED_WITH]->({m}) "
        "WHERE (e.audience_organisation <= $reach OR e.id = $me) })"
    ),
    "Language": (
        "($reach >= 2 OR EXISTS { ({m})<-[:IN_LANGUAGE]-() } OR EXISTS { (e:Expert)-[:SPEAKS]->({m}) "
        "WHERE (e.audience_languages <= $reach OR e.id = $me) })"
    ),
}
SAID_BY_ITS_RELATION = {"Organisation": "PARTNER_IN", "Language": "IN_LANGUAGE"}
"""The relations that everybody sees, and so who is at their end."""

RELATIONS = [(noun, relation) for noun in NOUNS.values() for relation in noun.relations]


def rule_of(noun: Noun, relation: Relation) -> str:
    """What a statement must ask where it follows a relation, of ``{n}`` at its beginning and ``{m}`` at its end."""
    types = re.findall(r"(?<!\()\[?(?::|\}:)([A-Z_]+)", relation.path)
    owner = "{n}" if noun.label == "Expert" else "{m}" if relation.to == "Expert" else None
    groups = {GROUP_OF_RELATION[type] for type in types if owner is not None and type in GROUP_OF_RELATION}
    rules = [f"({owner}.audience_{group} <= $reach OR {owner}.id = $me)" for group in sorted(groups)]
    is_said = SAID_BY_ITS_RELATION.get(relation.to) in types or (rules and relation.to != "Passage")
    if relation.to in RULE_OF_NODE and not is_said:
        rules.append(RULE_OF_NODE[relation.to])
    return " AND ".join(rules) or "true"


def followed(cypher: str, relation: Relation) -> list[tuple[str, str, str]]:
    """Where a statement follows a relation: the names of both ends, and all that stands behind its ``WHERE``."""
    path = re.escape(relation.path).replace(r"\{r\}", r"\w*")
    path = path.replace(r"\{n\}", r"(?P<n>\w+)", 1).replace(r"\{m\}", r"(?P<m>\w+)", 1)
    found = re.finditer(rf"MATCH {path} WHERE ", cypher)
    return [(one["n"], one["m"], cypher[one.end() :]) for one in found]


def ways_of(noun: Noun, relation: Relation) -> dict[str, str]:
    """Statements that follow a relation: to tell what is there, and to filter by it."""
    wanted: dict[str, Any] = {} if relation.is_one else {"some": {}}
    nothing = Connection(PageSpan(1), [("total", Total())])
    return {
        "told": of_ids(node_with(noun.label, relation)).cypher,
        "some": listed(noun, replace(nothing, filter={relation.name: wanted})).cypher,
        "not": listed(noun, replace(nothing, filter={"not": {relation.name: wanted}})).cypher,
    }


@pytest.mark.parametrize(
    "noun, relation", RELATIONS, ids=[f"{noun.label}.{relation.name}" for noun, relation in RELATIONS]
)
def test_a_relation_is_followed_as_far_as_it_is_seen(noun: Noun, relation: Relation) -> None:
    rule = rule_of(noun, relation)

    for way, cypher in ways_of(noun, relation).items():
        places = followed(cypher, relation)
        assert places, way
        for n, m, condition in places:
            assert condition.startswith(rule.replace("{n}", n).replace("{m}", m)), way


@pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)
def test_a_node_is_asked_for_as_far_as_it_is_seen(noun: Noun) -> None:
    rule = RULE_OF_NODE.get(noun.label)
    by_id = of_ids(node_with(noun.label)).cypher
    in_list = listed(noun, list_of(noun.label)).cypher

    if rule is not None:
        assert f"MATCH (n:{noun.label} {{id: id}}) WHERE {rule.replace('{m}', 'n')}\n" in by_id
        places = re.findall(rf"MATCH \((\w+):{noun.label}\) WHERE (.*)", in_list)
        assert places
        assert [rest for m, rest in places if not rest.startswith(rule.replace("{m}", m))] == []


def test_columns_of_people_are_read_compared_and_ordered_by_as_far_as_they_are_seen() -> None:
    expert = NOUNS["Expert"]
    assert {column.name for column in expert.columns} == set(GROUP_OF_COLUMN)
    everything = Connection(
        PageSpan(1),
        [("edges", Edges([("cursor", Cursors()), ("node", node_with("Expert"))]))],
        filter={
            "or": [
                {column.name: {"is_set": True}}
                for column in expert.columns
                if column.has_filter and column.kind is not Kind.TEXTS
            ]
        },
        order=[(column.name, False) for column in expert.columns if column.has_order],
    )

    cypher = listed(expert, everything).cypher

    for name, group in GROUP_OF_COLUMN.items():
        for found in re.finditer(rf"(\w+)\.{name}\b", cypher):
            rule = f"CASE WHEN ({found[1]}.audience_{group} <= $reach OR {found[1]}.id = $me) THEN "
            assert group is None or cypher[: found.start()].endswith(rule), name
    assert cypher.count(".joined") > 2


def test_what_a_list_is_about_is_counted_as_far_as_it_is_seen() -> None:
    expert = NOUNS["Expert"]
    groups = {"topics": FieldGroup.PROFILE, "countries": FieldGroup.COUNTRY, "languages": FieldGroup.LANGUAGES}

    cypher = listed(expert, list_of("Expert")).cypher

    assert {facet.name: facet.sees for facet in expert.facets} == groups
    for facet in expert.facets:
        (place,) = followed(cypher, Relation(facet.name, facet.to, facet.path, facet.about))
        assert place[2].startswith(f"({place[0]}.audience_{facet.sees} <= $reach OR {place[0]}.id = $me)\n")


def test_only_organisers_and_the_people_themselves_read_what_their_gender_is() -> None:
    cypher = of_ids(node_with("Expert")).cypher

    rules = re.findall(r"CASE WHEN \$reach >= 2 OR (\w+)\.id = \$me THEN (\w+)\.gender END", cypher)
    assert all(one == other for one, other in rules)
    assert len(rules) == len(re.findall(r"\.gender\b", cypher)) > 0


def test_when_people_are_away_is_read_as_far_as_how_to_reach_them_is() -> None:
    cypher = of_ids(node_with("Expert")).cypher

    sees = r"CASE WHEN \((\w+)\.audience_contact <= \$reach OR \1\.id = \$me\) THEN "
    guarded = re.findall(sees + r"\[i IN range\(0, size\(coalesce\(\1\.away_from", cypher)
    assert len(guarded) * 3 == len(re.findall(r"\.away_(?:from|until)\b", cypher)) > 0


def test_only_passages_that_somebody_owns_or_organisers_read_tell_where_they_come_from() -> None:
    cypher = of_ids(node_with("Passage")).cypher

    for name in ("source", "place"):
        rule = f"CASE WHEN $reach >= 2 OR {OWN_PASSAGE.replace('{m}', 'n')} THEN n.{name} END"
        assert cypher.count(f"n.{name}") == cypher.count(rule) == 1
