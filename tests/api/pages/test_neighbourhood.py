"""A neighbourhood is bounded: who shares most stays in it."""

from typing import Any

from api.pages.neighbourhood import MOST_NODES, Neighbour, neighbourhood


def edges(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"edges": [{"node": node} for node in nodes]}


def someone(number: int) -> dict[str, str]:
    return {"slug": f"p{number}", "name": f"Person {number:03}"}


def test_sixty_nodes_are_shown_and_who_shares_most_is_first() -> None:
    everybody = edges(*map(someone, range(100)), {"slug": "me", "name": "Me"})
    told = {
        "slug": "me",
        "name": "Me",
        "expertise": edges(
            {"slug": "worship", "label": "Worship", "experts": everybody},
            {"slug": "gates", "label": "Gates", "experts": edges(someone(99))},
        ),
        **{name: edges() for name in ("talks", "attended", "affiliations", "resources", "workedIn", "languages")},
        "country": None,
    }

    found = neighbourhood(told)

    assert len(found.picture()["nodes"]) == MOST_NODES
    assert found.neighbours[0] == Neighbour("p99", "Person 099")
    assert Neighbour("me", "Me") not in found.neighbours
    assert [one.title for one in found.of(found.neighbours[0])] == ["Worship", "Gates"]
    drawn = {node["id"] for node in found.picture()["nodes"]}
    assert all({one, other} <= drawn for one, other in found.picture()["edges"])
