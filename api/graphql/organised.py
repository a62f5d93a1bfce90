"""What mutations share by which organisers make, change and remove things: inputs read, refusals by their type."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry
from strawberry import UNSET, relay

from api.graphql.context import Info
from api.graphql.errors import Conflict, Invalid, NotAllowed, NotFound, as_error
from api.graphql.nouns import own_id
from graph import programme
from graph.errors import NoSuchThing
from graph.fields import InvalidFields
from graph.idempotency import KeyOfOther, KeySpent, KeyUnfit
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed as NotAllowedError
from graph.programme import Described, StillNeeded, ToldByFile

__all__ = ["KEY_ABOUT", "changes", "create", "remove", "update"]

Done = TypeVar("Done")

KEY_ABOUT = (
    "A random text of the client's own, such as a UUID: asked again with the same key within two days, no second one "
    "is made and the first is told."
)

NOUNS = {
    "country": "Country",
    "countries": "Country",
    "series": "Series",
    "project": "Project",
    "topics": "Topic",
    "partners": "Organisation",
    "authors": "Expert",
}
"""What fields name by an id among all nodes, or by its own."""


def changes(input: object, fields: type) -> dict[str, Any]:
    """The fields that were given, in the graph's words; ``fields`` is the typed dictionary that has their names."""
    given = {name: getattr(input, name) for name in fields.__annotations__ if getattr(input, name) is not UNSET}
    for name, noun in NOUNS.items():
        if isinstance(given.get(name), str):
            given[name] = own_id(given[name], noun)
        elif given.get(name):
            given[name] = [own_id(id, noun) for id in given[name]]
    return given


async def create(
    info: Info, *, of: Described, into: Callable[..., Done], given: dict[str, Any], idempotency_key: str
) -> Done | NotAllowed | Invalid:
    """What was made, as the type that tells of it, or why nothing was."""
    try:
        made = await programme.create(
            info.context.network.graph, info.context.viewer, of=of, given=given, idempotency_key=idempotency_key
        )
    except (KeyUnfit, KeyOfOther, KeySpent) as error:
        return as_error(error, field="input.idempotencyKey")
    except (NotAllowedError, InvalidFields) as error:
        return as_error(error)
    return into(id=_id(of, made.id), version=made.version)


async def update(
    info: Info,
    *,
    of: Described,
    into: Callable[..., Done],
    id: str,
    expected_version: int,
    changes: dict[str, Any],
) -> Done | NotAllowed | NotFound | Invalid | Conflict:
    """What was changed, as the type that tells of it, or why nothing was."""
    try:
        changed = await programme.update(
            info.context.network.graph,
            info.context.viewer,
            of=of,
            id=own_id(id, of.label),
            expected_version=expected_version,
            changes=changes,
        )
    except NoSuchThing as error:
        return NotFound(message=str(error))
    except OtherVersion as error:
        return Conflict.of(error)
    except (NotAllowedError, InvalidFields) as error:
        return as_error(error)
    return into(id=_id(of, changed.id), version=changed.version)


async def remove(
    info: Info, *, of: Described, into: Callable[..., Done], id: str, expected_version: int
) -> Done | NotAllowed | NotFound | Invalid | Conflict:
    """What was removed, as the type that tells of it, or why nothing was."""
    own = own_id(id, of.label)
    try:
        await programme.remove(
            info.context.network.graph, info.context.viewer, of=of, id=own, expected_version=expected_version
        )
    except NoSuchThing as error:
        return NotFound(message=str(error))
    except OtherVersion as error:
        return Conflict.of(error)
    except (ToldByFile, StillNeeded) as error:
        return as_error(error, field="input.id")
    except NotAllowedError as error:
        return as_error(error)
    return into(id=_id(of, own))


def _id(of: Described, id: str) -> strawberry.ID:
    return strawberry.ID(relay.to_base64(of.label, id))
