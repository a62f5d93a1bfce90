"""What a network says of itself in the ``datapackage.json`` of its folder.

The file is a descriptor of the Data Package standard (datapackage.org); of it the title, the description and our own
properties ``fictional`` and ``audiences`` are kept.
"""

import json
from pathlib import Path

from graph.intake import NetworkRecord
from graph.values import Network
from graph.viewer import Audience, FieldGroup
from ingest.cells import Unfit, line, prose
from ingest.files import FileRefused, lines_of

__all__ = ["FILE", "read_description"]

FILE = "datapackage.json"


def read_description(path: Path) -> NetworkRecord:
    """The network's own description, and who sees what of its people until they or an administrator choose.

    Raises:
        FileRefused: the file cannot be read, or is no descriptor with a title.
    """
    try:
        found = json.loads("".join(lines_of(path, folder=path.parent)))
    except (ValueError, RecursionError):
        raise FileRefused("it is not JSON", remedy="correct it, or leave the file out") from None
    if not isinstance(found, dict):
        raise FileRefused("it is not a JSON object", remedy='write it as {"title": "…"}')
    try:
        title = line(300)(found.get("title", ""))
        description = prose(10_000)(found.get("description", ""))
    except Unfit as problem:
        raise FileRefused(problem.reason, remedy=problem.remedy) from None
    if not title:
        raise FileRefused("it has no title", remedy="add the network's name as 'title'", column="title")
    fictional = found.get("fictional", False)
    if not isinstance(fictional, bool):
        raise FileRefused("'fictional' is neither true nor false", remedy="write true or false", column="fictional")
    return NetworkRecord(Network(title, description, fictional), _audiences(found.get("audiences", {})))


def _audiences(given: object) -> dict[FieldGroup, Audience]:
    groups = ", ".join(FieldGroup)
    names = [audience.name.lower() for audience in Audience]
    remedy = f'write it as {{"contact": "members"}}: the groups are {groups}; the audiences {", ".join(names)}'
    if not isinstance(given, dict):
        raise FileRefused("'audiences' is not a JSON object", remedy=remedy, column="audiences")
    for group, audience in given.items():
        if group not in set(FieldGroup):
            raise FileRefused(f"there is no group of fields '{group}'", remedy=remedy, column="audiences")
        if audience not in names:
            raise FileRefused(f"the audience of '{group}' is none", remedy=remedy, column="audiences")
    return {FieldGroup(group): Audience[audience.upper()] for group, audience in given.items()}
