"""What can go wrong with the graph that a person can act on: one class each, one sentence each."""

from collections.abc import Sequence

from graph.wording import Wording

__all__ = [
    "DatabaseFault",
    "GraphCannotWrite",
    "GraphError",
    "GraphUnavailable",
    "NoSuchEvent",
    "NoSuchExpert",
    "NoSuchThing",
    "QueryTimedOut",
]


class DatabaseFault(Exception):
    """The database failed at a statement that is right; what it says of itself is in its log, and chained to this."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"Neo4j failed with {code}; its log has more (knowwho engine logs).")


class GraphError(Exception):
    """Base of every error of the graph room; its text is one sentence with the remedy.

    Where people can meet it on a page that sentence is a ``Wording``, so that pages say it in their languages.
    """

    @property
    def sentences(self) -> Sequence[str]:
        """What it says to people, one after the other."""
        return tuple(said for said in self.args[:1] if isinstance(said, str))


class GraphUnavailable(GraphError):
    """The database does not answer."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        super().__init__(
            Wording(
                "Neo4j at %(uri)s does not answer; check that it runs (knowwho engine status) and try again.", uri=uri
            )
        )


class GraphCannotWrite(GraphError):
    """The database could not write its log, and takes no more until it is started again."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        super().__init__(
            Wording(
                "Neo4j at %(uri)s cannot write, as when its disk is full; free some space, stop it "
                "(knowwho engine stop) and run the command again: what was acknowledged is kept.",
                uri=uri,
            )
        )


class QueryTimedOut(GraphError):
    """A query took longer than it was allowed and was cancelled in the database."""

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        super().__init__(
            Wording(
                "The graph took longer than %(timeout_s)s s to answer; ask for less, or try again.", timeout_s=timeout_s
            )
        )


class NoSuchExpert(GraphError):
    """There is no person of this id."""

    def __init__(self, expert: str) -> None:
        self.expert = expert
        super().__init__(Wording("There is no expert '%(expert)s'; look the id up and try again.", expert=expert[:80]))


class NoSuchThing(GraphError):
    """There is nothing of a kind, such as a resource or a project, of this id."""

    def __init__(self, called: str, id: str) -> None:
        self.called = called
        self.id = id
        super().__init__(
            Wording("There is no %(called)s '%(id)s'; look the id up and try again.", called=called, id=id[:80])
        )


class NoSuchEvent(NoSuchThing):
    """There is no event of this id."""

    def __init__(self, event: str) -> None:
        self.event = event
        super().__init__(Wording("event"), event)
