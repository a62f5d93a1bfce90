"""Every repository function takes the viewer, and no statement that reads people skips the rules of who sees what.

Read from the sources: a function or statement that is added tomorrow is held to the same, unless it is listed here by
its name, with the reason.
"""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import graph as room

ROOM = Path(room.__file__).parent

WITHOUT_VIEWER = {
    "Who asks is what it finds out: it is given a secret, or what only a proven address is asked for.": {
        "graph.accounts.knows_address",
        "graph.known_browsers.owner",
        "graph.known_browsers.remember",
        "graph.sessions.authenticated",
        "graph.tokens.authenticated",
    },
    "The product's own work on the whole graph, started by no request; it hands out nothing of people.": {
        "graph.erasure.sweep",
        "graph.network.ping",
        "graph.passages.restamp_everybody",
        "graph.schema.migrate",
        "graph.vectors.check_encoder",
        "graph.vectors.embed_waiting",
        "graph.vectors.restore_index",
        "graph.vectors.waiting",
        "graph.vectors.written_by",
    },
}
"""Functions that take the graph and no viewer, by the reason."""

WITHOUT_SIGHT = {
    "Writes what a roster or a person says, and hands out nothing of people.": {
        "graph.audiences.CHOOSE",
        "graph.intake.events.REMOVE_ATTENDANCE",
        "graph.intake.events.REMOVE_SPEAKERS",
        "graph.intake.events.STORE_ATTENDANCE",
        "graph.intake.events.STORE_SPEAKERS",
        "graph.intake.experts.REMOVE_AFFILIATIONS",
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
        "graph.vectors.STORE_PASSAGES",
    },
    "Puts the rules in force: it must see everything.": {
        "graph.passages.AUDIENCES",
        "graph.passages.EVERYBODY",
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
    },
    "Of one person, for that person and administrators: the function refuses everybody else.": {
        "graph.audiences.OF_PERSON",
        "graph.consents.DECIDE",
        "graph.consents.HISTORY",
        "graph.consents.IN_FORCE",
        "graph.consents.TEXTS_AGREED_TO",
        "graph.erasure.ADDRESSES_OF_OTHERS",
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
    },
    "Accounts and who holds them: for the holder and administrators, or for signing in with what proves it.": {
        "graph.accounts.BY_EMAIL",
        "graph.accounts.BY_ID",
        "graph.accounts.BY_IDENTITY",
        "graph.accounts.EXPERTS_AT",
        "graph.accounts.HOLD_EXPERT",
        "graph.accounts.OTHER_ACCOUNT_OF",
        "graph.accounts.FILL",
        "graph.accounts.PAGE",
        "graph.joining.WHOSE",
        "graph.sessions.AUTHENTICATED",
    },
    "A count of passages with the label of the viewer's reach, which Neo4j keeps; the rule is in the label.": {
        "graph.search.candidates.PASSAGES",
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
    "BASED_IN": ("SEES(e.country)",),
    "WORKED_IN": ("SEES(e.country)",),
    "SPEAKS": ("SEES(e.languages)",),
    "AFFILIATED_WITH": ("SEES(e.organisation)",),
    "EXPERT_IN": ("SEES(e.profile)",),
    "AUTHORED": ("SEES(e.profile)",),
    "EVIDENCED_BY": ("SEES(e, p)", "FINDS(p)"),
    "SPOKE_AT": ("SEES(e.attendance)",),
    "ATTENDED": ("SEES(e.attendance)",),
}
"""What a clause that follows a relation of a person must ask: one of these."""

SAID_ELSEWHERE = {
    "graph.search.candidates.PEOPLE_OF_HITS: EXPERT_IN": "who is found by a passage shows their profile to the finder",
    "graph.search.matches.DESCRIBED: SPOKE_AT": "a passage drawn from an event is for those who see the attendance",
}
"""Relations without a condition of their own, with what says it instead; test_mutations and test_hidden hold both."""

CLAUSE = re.compile(r"\b(?=(?:OPTIONAL MATCH|(?<!OPTIONAL )MATCH|WITH|RETURN|UNWIND|CALL|UNION)\b)")


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


def faults(name: str, text: str) -> list[str]:  # noqa: C901 -- one fault a branch
    """What a statement about people leaves out; its rules are not written out yet."""
    found = []
    if re.search(r"\be \{|\bp \{\.\*|properties\(", text):
        found.append("hands out all of a node's properties")
    found += [f"hands out e.{one} itself" for one in re.findall(r"\be\.(headline|email|joined)\b", text)]
    if re.search(r"\bp \{[^}]*\bsource\b", text) and "SEES(p.source)" not in text:
        found.append("hands out p.source itself")
    for clause in CLAUSE.split(text):
        if re.search(r"\(\s*:(?:Expert|Passage|FoundBy\w+)\b", clause):
            found.append("has a person or passage without a name")
        asked_of_all = without_alternatives(clause)
        for person in re.findall(r"\((\w+):Expert\b", clause):
            if f"SEES {person}" not in asked_of_all and "FINDS p" not in asked_of_all:
                found.append(f"does not ask who sees {person}")
        for passage in re.findall(r"\((\w+):(?:Passage|FoundBy\w+)\b", clause):
            asks = (f", {passage})", f"FINDS({passage})", f"{passage}.found_by <= $reach")
            if not any(one in clause for one in asks):
                found.append(f"does not ask who sees or finds {passage}")
        for relation, asked in GUARDED.items():
            is_followed = re.search(rf"[:|]{relation}\b", clause)
            if is_followed and not any(one in clause for one in asked) and f"{name}: {relation}" not in SAID_ELSEWHERE:
                found.append(f"follows {relation} without asking {' or '.join(asked)}")
        for stamp, audience in (("p.country", "p.audience_country"), ("p.speaks", "p.audience_languages")):
            if re.search(rf"{re.escape(stamp)}\b", clause) and f"{audience} <= $reach" not in clause:
                found.append(f"reads {stamp} without asking {audience}")
    return found


def without_alternatives(clause: str) -> str:
    """The conditions that hold for every row: what stands in brackets, as one side of an OR does, is left out."""
    flat = re.sub(r"(SEES|FINDS)\(([^)]*)\)", r"\1 \2", clause.partition("WHERE")[2])
    while (shorter := re.sub(r"\([^()]*\)|\{[^{}]*\}", "", flat)) != flat:
        flat = shorter
    return flat


STATEMENTS = {one.name: one for one in statements() if one.tells_of_people}
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

    assert [method.args.args[1].arg for method in methods] == ["viewer"]


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
    assert len(HELD) >= 20


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
        ("MATCH (e:Expert) WHERE SEES(e.listing) RETURN e.email", "hands out e.email itself"),
        ("MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage) WHERE SEES(e, p) RETURN p {.source}", "hands out p.source"),
        ("MATCH (e:Expert)-[:AUTHORED]->(r) WHERE SEES(e.listing) RETURN r", "follows AUTHORED without asking"),
        ("MATCH (x:Expert) WHERE SEES(e.listing) RETURN x", "does not ask who sees x"),
        ("MATCH (p:Passage) WHERE p.country = 'FR' AND FINDS(p) RETURN p", "reads p.country without asking"),
    ],
)
def test_what_leaves_a_rule_out_is_a_fault(text: str, fault: str) -> None:
    assert any(one.startswith(fault) for one in faults("", text))
