"""A control line with a desk that says what it is told to."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

from rightcall.adapters.control.client import ControlClient
from rightcall.adapters.control.messages import Answer, Order, Released, Welcome
from rightcall.adapters.control.server import ControlServer

SECRET = b"s" * 32
WELCOME = Welcome(recorder=UUID(int=7), started_at=datetime(2026, 11, 23, tzinfo=UTC))


class Line:
    """A server in a thread of its own. `desk` may be exchanged at any time."""

    def __init__(self, secret: bytes = SECRET) -> None:
        self.orders: list[Order] = []
        self.desk: Callable[[Order], Awaitable[Answer]] = self.released
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._secret = secret
        self._clients: list[ControlClient] = []
        self.start("127.0.0.1:0")

    def client(self, secret: bytes = SECRET, seconds: float = 5.0) -> ControlClient:
        """One that looks the address up as others do, and is closed with the line."""
        made = ControlClient(lambda: self.address, secret, timeout_seconds=seconds)
        self._clients.append(made)
        return made

    async def released(self, order: Order) -> Answer:
        self.orders.append(order)
        return Released()

    async def _desk(self, order: Order) -> Answer:
        return await self.desk(order)

    def start(self, address: str) -> None:
        self._server = ControlServer(self._desk, WELCOME, self._secret)
        self.address = asyncio.run_coroutine_threadsafe(self._server.start(address), self._loop).result(5)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result(5)

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
