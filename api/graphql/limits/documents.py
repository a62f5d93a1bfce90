"""Documents that were read, limited, validated and weighed, kept for those who ask with the same text again.

Strawberry's own caches of parsing and validation are bounded in entries alone, keep what was refused, and know nothing
of cost; one cache of what is sound does the work of both. Whether a document keeps to the limits is asked each time: it
depends on settings, on the operation that is asked for and on the variables, and costs next to nothing.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OverlappingFieldsCanBeMergedRule,
    ValidationContext,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import ASTValidationRule
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.graphql.limits.cost import Costs, compile_costs
from api.graphql.limits.refusals import (
    refuse_bytes,
    refuse_document,
    refuse_merging,
    refuse_operation,
    refuse_scan,
)
from api.graphql.limits.scanning import Scan, scan
from api.graphql.limits.sizes import Sizes, measure
from api.settings import LimitSettings

__all__ = ["Document", "Documents", "Invalid", "values_in"]

MOST_DOCUMENTS = 500
MOST_KEPT_BYTES = 100_000_000
BYTES_A_TOKEN = 1500
"""What a token's part of a parsed document takes in memory, its nodes, terms and place in the text; measured."""

MOST_ERRORS = 3
"""Errors that one document is told of; each may quote it."""

MOST_COMPARED = 10000
"""Units of graphql-core's budget for comparing fields of one name with each other, two for each pair."""


class _FieldsCanBeMerged(OverlappingFieldsCanBeMergedRule):
    """graphql-core's rule with a budget of ours: its own lets it compare for seconds."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = MOST_COMPARED


_RULES: tuple[type[ASTValidationRule], ...] = (
    *(_FieldsCanBeMerged if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules),
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document with what it comes to."""

    node: DocumentNode
    scan: Scan
    sizes: Sizes
    costs: Costs

    @property
    def bytes(self) -> int:
        """About how much memory it takes."""
        loc = self.node.loc
        return self.scan.tokens * BYTES_A_TOKEN + (len(loc.source.body) if loc else 0)


class Documents:
    """The sound documents of one schema that were asked for last, bounded in number and in memory."""

    def __init__(self, schema: GraphQLSchema, *, most: int = MOST_DOCUMENTS, most_bytes: int = MOST_KEPT_BYTES) -> None:
        self._schema = schema
        self._most = most
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """About how much memory all of them take."""
        return self._bytes

    def read(self, text: str, settings: LimitSettings, *, operation: str | None) -> Document:
        """The document of a text, within the limits and valid.

        Raises:
            GraphQLError: it is too large, too deep, or no GraphQL.
            Invalid: it breaks rules of the schema.
        """
        document = self._kept.get(text)
        if document is None:
            document = self._read(text, settings, operation)
            self._keep(text, document)
        else:
            self._kept.move_to_end(text)
            refuse_scan(document.scan, settings)
            refuse_document(document.sizes, settings)
            refuse_operation(document.sizes.of(operation), settings)
        return document

    def _read(self, text: str, settings: LimitSettings, operation: str | None) -> Document:
        refuse_bytes(text)
        scanned = scan(text, most_tokens=settings.query_tokens)
        refuse_scan(scanned, settings)
        # The parser counts too: should it ever see more tokens in a text than the scan, the limit still holds.
        node = parse(text, max_tokens=settings.query_tokens + 1)
        sizes = measure(node)
        refuse_document(sizes, settings)
        refuse_operation(sizes.of(operation), settings)
        errors = validate(self._schema, node, _RULES, max_errors=MOST_ERRORS)
        if errors:
            raise Invalid(errors)
        return Document(node=node, scan=scanned, sizes=sizes, costs=compile_costs(self._schema, node))

    def _keep(self, text: str, document: Document) -> None:
        self._kept[text] = document
        self._bytes += document.bytes
        while len(self._kept) > self._most or self._bytes > self._most_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.bytes


class Invalid(Exception):
    """A document breaks rules of the schema; the errors say which and where."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        # graphql-core says no more than this when a budget is used up.
        self.errors = [refuse_merging() if error.message == "Validation aborted." else error for error in errors]
        super().__init__(*self.errors)


def values_in(variables: dict[str, Any] | None) -> int:
    """How many values the variables' JSON has, lists and objects and what is in them."""
    count = 0
    todo: list[Any] = list((variables or {}).values())
    while todo:
        value = todo.pop()
        count += 1
        if isinstance(value, list):
            todo += value
        elif isinstance(value, dict):
            todo += value.values()
    return count
