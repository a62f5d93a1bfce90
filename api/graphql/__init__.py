"""The contract for programs: the GraphQL schema over the graph room's repositories."""
