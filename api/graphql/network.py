"""What the network says of itself."""

import strawberry
from strawberry import Private

from api.graphql.context import Info
from graph import network, values

__all__ = ["NetworkQuery"]


@strawberry.type(description="The network as a whole.")
class Network:
    """Wraps what the network says of itself."""

    value: Private[values.Network]

    @strawberry.field(description="The network's name.")
    def title(self) -> str:
        return self.value.title

    @strawberry.field(description="What it is for, in a paragraph.")
    def description(self) -> str:
        return self.value.description

    @strawberry.field(description="Whether its people, organisations and talks are invented.")
    def is_fictional(self) -> bool:
        return self.value.is_fictional


@strawberry.type
class NetworkQuery:
    """What everybody may ask of the network as a whole."""

    @strawberry.field(description="What the network says of itself; null if it says nothing.")
    async def network(self, info: Info) -> Network | None:
        found = await network.describe(info.context.network.graph, info.context.viewer)
        return Network(value=found) if found else None
