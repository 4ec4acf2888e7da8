"""TLS for the client side of a dialog: one thread reads while another writes, which OpenSSL alone does not allow."""

import select
import socket
import ssl
import threading
from pathlib import Path

from rightcall.errors import Malformed, Mistake


class Mistrusted(Mistake):
    """Whoever answers there shows no certificate that is believed."""


class SecuredLine:
    """A connected socket, secured. `trusted`: certificates (PEM) to believe; None: those that this machine believes."""

    def __init__(self, plain: socket.socket, host: str, trusted: Path | None) -> None:
        try:
            trust = ssl.create_default_context(cafile=trusted)
        except ssl.SSLError as error:
            raise Malformed("The file with the certificates to believe holds none in PEM.") from error
        try:
            self._line = trust.wrap_socket(plain, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            raise Mistrusted(
                f"The certificate that is shown there is not believed ({error.verify_message})."
                " Call by a name or address that it has, and say with --tls-trust whose certificates to believe."
            ) from error
        self._line.setblocking(False)
        self._turn = threading.Lock()

    def getsockname(self) -> tuple[str, int]:
        host, port = self._line.getsockname()[:2]
        return host, port

    def sendall(self, data: bytes) -> None:
        while data:
            with self._turn:
                try:
                    data = data[self._line.send(data) :]
                    continue
                except ssl.SSLWantWriteError:
                    pass
            select.select([], [self._line], [])

    def recv(self, most: int) -> bytes:
        """Empty where the connection is over, from either side."""
        while True:
            with self._turn:
                try:
                    return self._line.recv(most)
                except ssl.SSLWantReadError:
                    pass
            try:
                select.select([self._line], [], [])
            except ValueError:  # closed by the other thread
                return b""

    def shutdown(self, how: int) -> None:
        with self._turn:
            self._line.shutdown(how)

    def close(self) -> None:
        self._line.close()
