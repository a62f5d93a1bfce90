"""A neighbourhood is bounded: who shares most stays in it."""

from typing import Any

from api.pages.neighbourhood import MOST_NODES, Neighbour, neighbourhood


def edges(*nodes: dict[str, Any], total: int = 0) -> dict[str, Any]:
    return {"totalCount": total or len(nodes), "edges": [{"node": node} for node in nodes]}


def someone(number: int) -> dict[str, str]:
    return {"slug": f"p{number}", "name": f"Person {number:03}"}


NOTHING = {
    **{name: edges() for name in ("expertise", "talks", "attended", "affiliations", "resources")},
    **{name: edges() for name in ("workedIn", "languages")},
    "country": None,
}
ME = {"slug": "me", "name": "Me"}
EVERYBODY = edges(*map(someone, range(100)), ME)


def test_sixty_nodes_are_drawn_and_who_shares_most_is_first() -> None:
    of_gates = {"slug": "gates", "label": "Gates", "experts": edges(someone(99), ME)}
    worship = {"slug": "worship", "label": "Worship", "experts": EVERYBODY}

    found = neighbourhood({**NOTHING, **ME, "expertise": edges(worship, of_gates)})

    assert len(found.picture()["nodes"]) == MOST_NODES
    assert found.neighbours[0] == Neighbour("p99", "Person 099")
    assert Neighbour("me", "Me") not in found.neighbours
    assert [one.title for one in found.of(found.neighbours[0])] == ["Worship", "Gates"]
    drawn = {node["id"] for node in found.picture()["nodes"]}
    assert "person:p99" in drawn
    assert all({one, other} <= drawn for one, other in found.picture()["edges"])


def test_the_list_has_everybody_whom_the_query_tells_and_says_how_many_there_are() -> None:
    english = {"tag": "en", "name": "English", "speakers": edges(someone(1), ME, total=122)}
    home = {"code": "GH", "name": "Ghana", "experts": EVERYBODY}
    worked_in = {"code": "GH", "name": "Ghana", "expertsWhoWorkedThere": edges(someone(100), someone(1), ME)}

    found = neighbourhood({**NOTHING, **ME, "languages": edges(english), "country": home, "workedIn": edges(worked_in)})

    ghana, spoken = found.shared
    assert (len(ghana.neighbours), ghana.total, ghana.everybody) == (101, 101, "/countries/GH")
    assert (len(spoken.neighbours), spoken.total, spoken.everybody) == (1, 121, "/?language=en")
    assert len(found.neighbours) == 101
