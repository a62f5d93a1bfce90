"""The contract: what schema.graphql says is what the server offers, and all of it is described."""

from pathlib import Path

from graphql import GraphQLInterfaceType, GraphQLObjectType, build_schema

from api.graphql.schema import schema

CONTRACT = Path(__file__).parents[2] / "schema.graphql"


def test_the_committed_contract_is_the_schema() -> None:
    assert CONTRACT.read_text(encoding="utf-8") == schema.as_str() + "\n", "run: knowwho schema -o schema.graphql"


def test_the_contract_is_valid_and_every_type_and_field_is_described() -> None:
    contract = build_schema(CONTRACT.read_text(encoding="utf-8"))

    silent = [
        f"{name}.{field_name}"
        for name, its_type in contract.type_map.items()
        if isinstance(its_type, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
        for field_name, field in its_type.fields.items()
        if not field.description
    ]

    assert silent == []
