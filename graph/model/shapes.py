"""What nouns are described with: their columns, the relations between them, and who sees which.

Cypher stands in a description with ``{n}`` for the noun's own node, ``{r}`` for a relation and ``{m}`` for the node at
its other end, in a column with ``{language}`` for the language that it is asked for in, and in an order with ``{key}``
for what ``{m}`` is listed by in the reader's language (:mod:`graph.alphabet`); :mod:`graph.reading` puts the names of a
statement there. Nothing of it comes from outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from graph.viewer import FieldGroup

__all__ = ["Column", "Facet", "Kind", "Noun", "Order", "Part", "Relation"]


class Kind(Enum):
    """What a column holds."""

    ID = auto()
    TEXT = auto()
    TEXTS = auto()
    """Several texts."""
    NAME = auto()
    """A text in several languages."""
    NAMES = auto()
    """Several texts in each of several languages."""
    WHOLE = auto()
    """A whole number."""
    TRUTH = auto()
    DAY = auto()
    PERIODS = auto()
    """Several periods of days."""
    MOMENT = auto()
    CHOICE = auto()
    """One of a closed set."""
    URL = auto()
    EMAIL = auto()
    PHONE = auto()
    COUNTRY_CODE = auto()
    LANGUAGE_TAG = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """A property that is read, filtered by and ordered by, of a node or of a relation.

    ``of`` is its name in the graph where that is another; ``cypher`` stands for it where it is no plain property.
    ``group`` says who sees it of a person. ``choices`` are the values of a :attr:`Kind.CHOICE`, from first to last.
    """

    name: str
    kind: Kind
    about: str
    of: str = ""
    cypher: str = ""
    group: FieldGroup | None = None
    is_required: bool = False
    choices: type[Enum] | None = None
    has_filter: bool = True
    has_order: bool = False
    is_alphabetical: bool = False
    """Whether it is what a node is listed by in the reader's language, and is ordered by that."""
    is_edge: bool = False
    """Whether it is a relation's."""

    @property
    def is_by_language(self) -> bool:
        """Whether what it tells depends on the language that it is asked for in."""
        return self.kind in {Kind.NAME, Kind.NAMES} or "{language}" in self.cypher

    @property
    def property(self) -> str:
        """Its name in the graph."""
        return self.of or self.name


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by: Cypher that is never null, and the direction."""

    cypher: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation as seen from one of its ends.

    ``sees`` is the group of the person who owns the relation, and ``owner`` the end that they are, ``n`` or ``m``;
    whoever does not see it of them finds nothing there. Where a path may lead to a node more than once, ``nearest``
    says which way counts. ``is_repeated`` says that two nodes may be related more than once; each is told then.
    """

    name: str
    to: str
    path: str
    about: str
    columns: tuple[Column, ...] = ()
    sees: FieldGroup | None = None
    owner: str = "n"
    order: tuple[Order, ...] = ()
    nearest: tuple[Order, ...] = ()
    is_one: bool = False
    is_repeated: bool = False
    shows: bool = False
    """Whether who sees the relation sees the node at its other end, whatever the noun says."""
    is_required: bool = False
    """Whether there is always one, where it ``is_one``."""


@dataclass(frozen=True, slots=True)
class Facet:
    """How many nodes of a list are related to each node of another noun, and who sees that of a person."""

    name: str
    to: str
    path: str
    about: str
    sees: FieldGroup | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a node is made of, told whole and in order: a list of what has no id among all nodes.

    ``label`` is the name of their type in the schema. ``rows`` is Cypher that begins at ``{n}`` and ends before it
    returns each of them as ``{m}``, a map, as far as the viewer sees it. Of its relations each leads to one node.
    """

    name: str
    label: str
    about: str
    of_one: str
    """What one of them is, in a sentence."""
    rows: str
    order: tuple[Order, ...]
    columns: tuple[Column, ...]
    relations: tuple[Relation, ...] = ()
    parts: tuple["Part", ...] = ()
    by_name: Mapping[str, "Column | Relation | Part"] = field(init=False)

    def __post_init__(self) -> None:
        of_one: tuple[Column | Relation | Part, ...] = (*self.columns, *self.relations, *self.parts)
        object.__setattr__(self, "by_name", {one.name: one for one in of_one})


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of node: its label, who sees a node of it (Cypher, empty for everybody), and what is told of it."""

    label: str
    plural: str
    about: str
    columns: tuple[Column, ...]
    relations: tuple[Relation, ...]
    order: tuple[Order, ...]
    listed: str = ""
    """How a list of all of them is described; empty where there is none."""
    sees: str = ""
    in_index: str = ""
    """A property that every node has and an index holds, and that comes first in the order of the list of all."""
    names: str = ""
    """Cypher that holds for a node that is one of ``{p}`` or lies within one; empty where names are not looked up."""
    facets: tuple[Facet, ...] = ()
    parts: tuple[Part, ...] = ()
    by_name: Mapping[str, "Column | Relation | Part"] = field(init=False)

    def __post_init__(self) -> None:
        told: tuple[Column | Relation | Part, ...] = (*self.columns, *self.relations, *self.parts)
        object.__setattr__(self, "by_name", {one.name: one for one in told})
