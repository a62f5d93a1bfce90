"""The format of a network's folder, described to programs as a Data Package with a Table Schema for each file.

The description is generated from the row models (Data Package standard, version 2, datapackage.org). Whoever
writes a network may copy it into the folder as ``datapackage.json`` and give it a title. ingest/network.schema.json
holds it; after a change to the row models the test of this module says how to write it again.
"""

import json
from typing import Any

from pydantic.fields import FieldInfo

from graph.intake import Kind
from ingest.rows import MODELS, Row, cell_of
from ingest.tables import columns_of

__all__ = ["data_package", "data_package_text"]

PROFILES = "https://datapackage.org/profiles/2.0"


def data_package() -> dict[str, Any]:
    """The descriptor: a resource for each CSV file, with its columns, what they may hold and what they refer to."""
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "network",
        "title": "A network of experts",
        "description": "Copy this file beside the CSV files as datapackage.json, give it the network's title and "
        "description, and remove the files that the network does not have.",
        "fictional": False,
        "resources": [_resource(kind, model) for kind, model in MODELS.items()],
    }


def data_package_text() -> str:
    """The descriptor as it stands in ingest/network.schema.json."""
    return json.dumps(data_package(), ensure_ascii=False, indent=2) + "\n"


def _resource(kind: Kind, model: type[Row]) -> dict[str, Any]:
    return {
        "name": kind.value,
        "path": f"{kind}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": model.__doc__,
        "schema": _schema(model),
    }


def _schema(model: type[Row]) -> dict[str, Any]:
    columns = columns_of(model)
    key = [columns[name] for name in model.key]
    is_certain = all(model.model_fields[name].is_required() for name in model.key)
    references = [
        {"fields": [columns[name]], "reference": {"resource": _resource_of(model, kind), "fields": ["id"]}}
        for name, kind in model.referring().items()
        if cell_of(model.model_fields[name]).type != "list"
    ]
    return {
        "$schema": f"{PROFILES}/tableschema.json",
        # Columns come in any order; optional ones may be missing, and others are left out.
        "fieldsMatch": "partial",
        "missingValues": [""],
        "fields": [
            _field(columns[name], field, is_key=model.key == (name,)) for name, field in model.model_fields.items()
        ],
        # A key of several columns may have empty ones, which Table Schema allows in unique keys only.
        **({"primaryKey": key} if is_certain else {"uniqueKeys": [key]}),
        **({"foreignKeys": references} if references else {}),
    }


def _resource_of(model: type[Row], kind: Kind) -> str:
    """The other file's name; Table Schema calls the file itself by the empty name."""
    return "" if kind is model.stands_for else kind.value


def _field(column: str, field: FieldInfo, *, is_key: bool) -> dict[str, Any]:
    cell = cell_of(field)
    constraints: dict[str, Any] = {}
    if field.is_required():
        constraints["required"] = True
    if is_key:
        constraints["unique"] = True
    if cell.pattern is not None:
        constraints["pattern"] = cell.pattern
    if cell.choices:
        constraints["enum"] = [*cell.choices]
    if cell.max_length is not None:
        constraints["maxLength"] = cell.max_length
    return {
        "name": column,
        "type": cell.type,
        **({"format": cell.format} if cell.format is not None else {}),
        **({"delimiter": ";", "itemType": "string"} if cell.type == "list" else {}),
        "description": field.description,
        "example": (field.examples or [""])[0],
        **({"refersTo": cell.refers_to.value} if cell.refers_to is not None else {}),
        **({"constraints": constraints} if constraints else {}),
    }
