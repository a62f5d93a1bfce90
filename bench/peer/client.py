"""A client over HTTP that does as little as can be, so that what is measured is the server."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Self
from urllib.parse import urlsplit

__all__ = ["Client", "canned"]

LARGEST_READ = 4 * 2**20


class Client:
    """One connection to ``/graphql`` of a server, kept open; one question at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
        self._reader = reader
        self._writer = writer
        self._head = head

    @classmethod
    @asynccontextmanager
    async def to(cls, url: str, *, headers: Mapping[str, str]) -> AsyncIterator[Self]:
        """Connect, and close at the end."""
        address = urlsplit(url)
        assert address.hostname
        reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=LARGEST_READ)
        named = {"Host": address.netloc, "Content-Type": "application/json", "Accept": "application/json", **headers}
        lines = ["POST /graphql HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "Content-Length: "]
        try:
            yield cls(reader, writer, "\r\n".join(lines).encode())
        finally:
            writer.close()
            await writer.wait_closed()

    async def ask(self, body: bytes) -> bytes:
        """The body of the answer to a question in JSON."""
        self._writer.write(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200"), (head, body)
        if b"\r\ntransfer-encoding: chunked" in head:
            return await self._chunks()
        length = head.split(b"\r\ncontent-length:", 1)[1].split(b"\r\n", 1)[0]
        return await self._reader.readexactly(int(length))

    async def _chunks(self) -> bytes:
        chunks: list[bytes] = []
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            chunks.append(await self._reader.readexactly(size))
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)
        return b"".join(chunks)


@asynccontextmanager
async def canned(answer: bytes) -> AsyncIterator[str]:
    """The address of a server that says the same to every question: what is measured there is the client's own cost."""
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
            except asyncio.IncompleteReadError:
                writer.close()
                return
            await reader.readexactly(int(head.split(b"\r\ncontent-length:", 1)[1].split(b"\r\n", 1)[0]))
            writer.write(whole)

    async with await asyncio.start_server(serve, "127.0.0.1") as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"
