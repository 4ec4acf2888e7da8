"""The media process's end of the control line. A connection that does not begin with the secret, or that says anything
malformed, is closed; the others and every call go on."""

import asyncio
import contextlib
import hmac
import logging
from collections.abc import Awaitable, Callable

from rightcall.adapters.control.frames import LENGTH, frame, length_of, order_in
from rightcall.adapters.control.messages import PROTOCOL, Answer, Hello, Order, Refused, Welcome
from rightcall.errors import Malformed, RightcallError

_log = logging.getLogger(__name__)
_HELLO_SECONDS = 5.0
_MOST_LINES = 256

Desk = Callable[[Order], Awaitable[Answer]]


class ControlServer:
    """`desk` answers each order. Orders on one connection are answered in turn; connections do not wait for each other."""

    def __init__(self, desk: Desk, welcome: Welcome, secret: bytes) -> None:
        self._desk = desk
        self._welcome = welcome
        self._secret = secret
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()

    async def start(self, address: str) -> str:
        """Listens, and answers the address that others can use (port 0 has become a real one)."""
        host, _, port = address.rpartition(":")
        self._server = await asyncio.start_server(self._serve, host, int(port), limit=1 << 16)
        return f"{host}:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for line in list(self._lines):
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._lines) >= _MOST_LINES:
            writer.close()
            return
        self._lines.add(task)
        try:
            async with asyncio.timeout(_HELLO_SECONDS):
                admitted = await self._admit(reader, writer)
            if admitted:
                await self._converse(reader, writer)
        except Malformed as error:
            _log.warning("control line closed", extra={"reason": str(error)})
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            _log.debug("control line ended")
        finally:
            self._lines.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _admit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        hello = await _next(reader)
        if not isinstance(hello, Hello) or not hmac.compare_digest(hello.secret, self._secret) or hello.protocol != PROTOCOL:
            _log.warning("control line refused: the first frame is not this deployment's secret")
            return False
        await _answer(writer, self._welcome)
        return True

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            order = await _next(reader)
            try:
                answer = await self._desk(order)
            except RightcallError as error:
                answer = Refused(kind=type(error).__name__, message=str(error))
            await _answer(writer, answer)


async def _next(reader: asyncio.StreamReader) -> Order:
    return order_in(await reader.readexactly(length_of(await reader.readexactly(LENGTH.size))))


async def _answer(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.write(frame(answer))
    await writer.drain()
