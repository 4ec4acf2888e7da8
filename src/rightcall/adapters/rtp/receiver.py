"""Receives the RTP of all calls in one loop: one socket a stream, one wait for all, one packet a stream and turn.

What is done to each packet is paid 100,000 times a second, so `drain` decides the common case itself: an open gate, and the next
packet in order from the source that is believed. Everything else goes to `stream`, which judges strictly and decides the same.
"""

import asyncio
import errno
import logging
import select
import socket
import time
from collections.abc import Callable

from rightcall.adapters.rtp.kept import KeptPorts
from rightcall.adapters.rtp.packet import HEADER, HEADER_BYTES, LARGEST
from rightcall.adapters.rtp.ports import ASKED_FOR_WITHIN_SECONDS, PortPool
from rightcall.adapters.rtp.spool import RECORD, RECORD_BYTES, SealedTake
from rightcall.adapters.rtp.srtp import Opener
from rightcall.adapters.rtp.stream import MOST_A_SECOND, RtpStream, Terms
from rightcall.adapters.rtp.writing import SpoolFailed
from rightcall.errors import NotConfigured, RecorderGone
from rightcall.ids import StreamId

_log = logging.getLogger(__name__)
SILENT_AFTER_SECONDS = 15.0
_BATCH = 1024
_BUFFER_BYTES = 1 << 18
_MOST_RTCP = 64
_BIND_ATTEMPTS = 64


def monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class Receiver:
    """`heard` is told digits, `failed` streams whose take could not be written on. `kept` outlives the process."""

    def __init__(
        self,
        address: str,
        pool: PortPool,
        *,
        heard: Callable[[StreamId, str], None],
        failed: Callable[[StreamId], None],
        kept: KeptPorts | None = None,
        silent_after_seconds: float = SILENT_AFTER_SECONDS,
    ) -> None:
        self.address = address
        self.pool = pool
        self.streams: dict[StreamId, RtpStream] = {}
        self._heard, self._failed, self._kept = heard, failed, kept
        self._give_up_at = monotonic_ms() + int(ASKED_FOR_WITHIN_SECONDS * 1000)
        self.silent_after_seconds = silent_after_seconds
        self._by_fd: dict[int, RtpStream] = {}
        self._poll = select.epoll()
        self._rtcp: dict[int, RtpStream] = {}
        self._rtcp_poll = select.epoll()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.add_reader(self._poll.fileno(), self.drain)

    def detach(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.remove_reader(self._poll.fileno())
        for stream in list(self.streams.values()):
            self.remove(stream)
        self._poll.close()
        self._rtcp_poll.close()

    def add(self, identity: StreamId, terms: Terms, opener: Opener | None = None) -> RtpStream:
        """Listens for a stream, with its gate closed; at the port it had before a killed process, if that is free."""
        rtp, rtcp = self._bind_again(identity) or self._bind()
        stream = RtpStream(identity, rtp, rtcp, terms, opener)
        if self._kept is not None:
            self._kept.note(identity, stream.port)
        stream.heard = self._heard
        self.streams[identity] = stream
        self._by_fd[rtp.fileno()] = stream
        self._rtcp[rtcp.fileno()] = stream
        self._poll.register(rtp.fileno(), select.EPOLLIN)
        self._rtcp_poll.register(rtcp.fileno(), select.EPOLLIN)
        return stream

    def remove(self, stream: RtpStream) -> None:
        """Its ports go to rest. The gate was closed before."""
        self.streams.pop(stream.id, None)
        self._by_fd.pop(stream.rtp.fileno(), None)
        self._rtcp.pop(stream.rtcp.fileno(), None)
        stream.rtp.close()
        stream.rtcp.close()
        self.pool.give_back(stream.port)
        if self._kept is not None:
            self._kept.forget(stream.id, stream.port)

    def drain(self) -> None:
        now = monotonic_ms()
        by_fd = self._by_fd
        for fd, _ in self._poll.poll(0, _BATCH):
            stream = by_fd.get(fd)
            if stream is None:
                continue
            try:
                if stream.plain and stream.take is not None:
                    _plain(stream, stream.take, now)
                else:
                    stream.closed(now)
            except SpoolFailed:
                self._failed(stream.id)
            except OSError:
                continue
            if stream.left < -MOST_A_SECOND:
                self._mute(stream)

    def tick(self) -> list[StreamId]:
        """Once a second: limits start anew, and the streams that have become silent are named."""
        now = monotonic_ms()
        self._read_rtcp()
        if self._kept is not None and now > self._give_up_at:
            self._kept.give_up()
        silent = []
        for stream in list(self.streams.values()):
            if stream.take is not None and not stream.take.file.whole:
                self._failed(stream.id)
            if stream.tick(now, int(self.silent_after_seconds * 1000)):
                silent.append(stream.id)
            if stream.muted:
                stream.muted = False
                self._poll.register(stream.rtp.fileno(), select.EPOLLIN)
        return silent

    def _read_rtcp(self) -> None:
        """RTCP says that the source lives; nothing in it is read."""
        nothing = bytearray(1)
        for fd, _ in self._rtcp_poll.poll(0, _BATCH):
            stream = self._rtcp[fd]
            try:
                for _ in range(_MOST_RTCP):
                    _, source = stream.rtcp.recvfrom_into(nothing)
                    stream.seen += stream.terms.believes(source[0])
            except OSError:
                continue

    def _mute(self, stream: RtpStream) -> None:
        """A flood: not even read for the rest of this second, so that it costs the other calls nothing."""
        stream.muted = True
        self._poll.unregister(stream.rtp.fileno())
        _log.warning("an RTP port is flooded", extra={"stream": str(stream.id)})

    def _bind_again(self, identity: StreamId) -> tuple[socket.socket, socket.socket] | None:
        port = None if self._kept is None else self._kept.of(identity)
        if port is None or not self.pool.take_again(port):
            return None
        try:
            return _pair(self.address, port)
        except OSError:
            self.pool.give_back(port)
            return None

    def _bind(self) -> tuple[socket.socket, socket.socket]:
        for _ in range(_BIND_ATTEMPTS):
            port = self.pool.take()
            try:
                return _pair(self.address, port)
            except OSError as error:
                self.pool.give_back(port)
                if error.errno == errno.EADDRNOTAVAIL:
                    raise NotConfigured(f"{self.address} is no address of this machine. Correct RIGHTCALL_RTP.") from error
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    raise RecorderGone("The media recorder may open no more sockets. Raise its limit of open files.") from error
        raise RecorderGone("Other programs use the RTP ports. Move RIGHTCALL_RTP_PORTS to a range of our own.")


def _plain(stream: RtpStream, take: SealedTake, now: int) -> None:
    """One packet at an open gate, received right behind what the take holds already."""
    buffer = take.buffer
    start = take.filled + RECORD_BYTES
    length, source = stream.receive(take.view[start : start + LARGEST + 1])
    word, sequence, _, ssrc = HEADER.unpack_from(buffer, start)
    if (
        sequence == stream.expected
        and ssrc == stream.ssrc
        and source == stream.source
        and word in stream.words
        and stream.left > 0
        and HEADER_BYTES <= length <= LARGEST
    ):
        stream.expected = (sequence + 1) & 0xFFFF
        stream.left -= 1
    elif stream.admits(buffer, start, length, source) is None:
        buffer[start : start + length] = bytes(length)
        return
    RECORD.pack_into(buffer, take.filled, now - take.opened, length)
    take.took(start + length, now)


def _pair(address: str, port: int) -> tuple[socket.socket, socket.socket]:
    rtp = _bound(address, port)
    try:
        return rtp, _bound(address, port + 1)
    except OSError:
        rtp.close()
        raise


def _bound(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound
