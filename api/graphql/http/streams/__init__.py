"""Answers that go on: subscriptions by websocket (``graphql-transport-ws``) and server-sent events (``graphql-sse``).

Both are asked of the endpoint of GraphQL over HTTP, by the same rules: who asks, limits, known documents, codes.
Strawberry's own handlers know none of these, so only its execution is used (``Schema.stream``). Nothing is queued for a
slow reader: an answer is made when the one before it was taken. docs/subscriptions.md is this room's page for clients.
"""

from api.graphql.http.streams.events import event_stream, takes_events
from api.graphql.http.streams.sockets import follow_by_socket
from api.graphql.http.streams.streams import Streams

__all__ = ["Streams", "event_stream", "follow_by_socket", "takes_events"]
