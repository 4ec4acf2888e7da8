"""The UDP socket under the SIP library: one thread reads, the loop writes.

The library's own socket class reads with three threads (messages overtake each other), cuts datagrams at 8 KiB (a SIPREC
INVITE may be longer) and looks up names in the domain name system for every answer.
"""

import contextlib
import logging
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any

from sippy.Core.EventDispatcher import ED2
from sippy.Network_server import Network_server, Remote_address
from sippy.Time.MonoTime import MonoTime

from rightcall.adapters.sip.limits import Buckets, Limits

_log = logging.getLogger(__name__)
_RECEIVE_BUFFER = 8 << 20


class UdpPort(Network_server):  # type: ignore[misc]  # the library has no types
    """Built by the library; what it needs beyond that comes in the configuration under our own names."""

    transport = "udp"

    def __init__(self, configuration: dict[str, Any], options: Any) -> None:
        super().__init__(options)
        limits: Limits = configuration["_rightcall_limits"]
        self._buckets = Buckets(limits.messages_per_second)
        self._most_waiting = limits.waiting
        self._read = self._seen = 0
        self._resolver: ThreadPoolExecutor | None = None
        self._socket = socket.socket(self.uopts.family, socket.SOCK_DGRAM)
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        self._socket.bind(self.uopts.laddress)
        self._socket.settimeout(0.25)
        self.bound = self._socket.getsockname()[:2]
        public: tuple[str, int] | None = configuration["_rightcall_public"]
        self.said = public if public is not None else (bracketed(self.bound[0]), self.bound[1])
        self._stopped = threading.Event()
        self._reader = threading.Thread(target=self._read_on, name="sip-read", daemon=True)
        self._reader.start()

    def getSIPaddr(self) -> tuple[tuple[str, int], str]:
        return self.said, self.transport

    def send_to(self, data: bytes | str, address: tuple[str, int], *_: object, **__: object) -> None:
        payload = data if isinstance(data, bytes) else data.encode("utf-8", errors="replace")
        host, port = address[0].strip("[]"), int(address[1])
        try:
            ip_address(host)
        except ValueError:
            self._resolve_and_send(payload, host, port)
            return
        self._send(payload, (host, port))

    def shutdown(self) -> None:
        self._stopped.set()
        self.join()
        self.uopts.data_callback = None

    def join(self) -> None:
        self._reader.join()
        self._socket.close()
        if self._resolver is not None:
            self._resolver.shutdown(wait=False, cancel_futures=True)

    def _read_on(self) -> None:
        while not self._stopped.is_set():
            try:
                data, address = self._socket.recvfrom(65_535)
            except TimeoutError:
                continue
            except OSError:
                if self._stopped.wait(0.01):
                    return
                continue
            if not self._buckets.admits(address[0], time.monotonic()) or self._read - self._seen >= self._most_waiting:
                continue
            self._read += 1
            remote = Remote_address((bracketed(address[0]), address[1]), self.transport)
            ED2.callFromThread(self._look_at, data, remote, MonoTime())

    def _look_at(self, data: bytes, remote: Any, at: Any) -> None:
        self._seen += 1
        self.handle_read(data, remote, at)

    def _send(self, payload: bytes, address: tuple[str, int]) -> None:
        try:
            self._socket.sendto(payload, address)
        except (OSError, OverflowError) as error:
            _log.warning("a SIP message could not be sent", extra={"error": type(error).__name__})

    def _resolve_and_send(self, payload: bytes, host: str, port: int) -> None:
        if self._resolver is None:
            self._resolver = ThreadPoolExecutor(1, thread_name_prefix="sip-names")
        self._resolver.submit(self._resolved, payload, host, port)

    def _resolved(self, payload: bytes, host: str, port: int) -> None:
        try:
            found = socket.getaddrinfo(host, port, self.uopts.family, socket.SOCK_DGRAM)
        except (OSError, UnicodeError) as error:
            _log.warning("a SIP peer's name cannot be looked up", extra={"error": type(error).__name__})
            return
        self._send(payload, found[0][4][:2])  # type: ignore[arg-type]  # AF_INET and AF_INET6 alone are asked for


def bracketed(host: str) -> str:
    """An IPv6 address in brackets, as SIP writes it."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
