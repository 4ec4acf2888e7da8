"""A processor that speaks OpenDSR, in a process of its own: FOLDER holds its certificate and key. How it behaves is told to it
by PUT /behave, and what it was asked is told by GET /asked.

Behaviours: well, busy (503), refuses (400), slow (it never gets further), forges (another key signs), other_domain, unsigned,
swaps (it answers for another request), rewrites (it says that something else was sent), lies (it calls back that it is done, and
says otherwise when asked), cancels.
"""

import base64
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

EXPECTED = "2026-12-07T09:30:00+00:00"
FOLDER = Path(sys.argv[1])
STATE: dict[str, Any] = {
    "behaviour": "well",
    "asked": [],
    "known": {},
    "takes": [["email", "sha256"], ["controller_customer_id", "raw"], ["phone_number", "raw"]],
    "certificate": "cert.pem",
    "results": "https://processor.example/secure/",
    "copy": {},
}


def key() -> EllipticCurvePrivateKey:
    loaded = load_pem_private_key((FOLDER / "key.pem").read_bytes(), None)
    assert isinstance(loaded, EllipticCurvePrivateKey)
    return loaded


STRANGER = generate_private_key(SECP256R1())


def signature(body: bytes, *, forged: bool = False) -> str:
    return base64.b64encode((STRANGER if forged else key()).sign(body, ECDSA(SHA256()))).decode()


class Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        match self.path.split("/")[1:]:
            case ["v2", "discovery"]:
                host = f"http://localhost:{self.connection.getsockname()[1]}"
                self._plain(
                    200,
                    {
                        "api_version": "2.0",
                        "supported_identities": [{"identity_type": k, "identity_format": f} for k, f in STATE["takes"]],
                        "supported_subject_request_types": ["erasure", "access", "portability"],
                        "processor_certificate": STATE.get("certificate_url") or f"{host}/cert.pem",
                    },
                )
            case ["cert.pem"]:
                self._bytes(200, (FOLDER / STATE["certificate"]).read_bytes())
            case ["asked"]:
                self._plain(200, STATE["asked"])
            case ["v2", "requests", order]:
                self._status(order)
            case ["copies", _]:
                self._copy(**STATE["copy"])
            case _:
                self._plain(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers["authorization"] != "Bearer a-secret":
            return self._plain(401, {})
        if STATE["behaviour"] in ("busy", "refuses"):
            return self._plain(503 if STATE["behaviour"] == "busy" else 400, {})
        asked = json.loads(body)
        STATE["asked"].append(asked)
        STATE["known"].setdefault(asked["subject_request_id"], "pending")
        sent = b"{}" if STATE["behaviour"] == "rewrites" else body
        return self._signed(
            201,
            {
                "controller_id": "a-controller",
                "expected_completion_time": EXPECTED,
                "received_time": "2026-11-23T09:31:00+00:00",
                "encoded_request": base64.b64encode(sent).decode(),
                "subject_request_id": self._id(asked["subject_request_id"]),
            },
        )

    def do_PUT(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/sign":
            body = json.dumps(told["body"]).encode()
            return self._plain(200, {"body": body.decode(), "signature": signature(body, forged=told.get("forged", False))})
        STATE.update(told)
        return self._plain(200, {})

    def _copy(self, kind: str, body: str, *, status: int = 200, left_out: int = 0, to: str = "") -> None:
        """Of a copy that it offers, some bytes may be left out at the end; `to`: where it is said to lie instead."""
        if self.headers["authorization"] != "Bearer a-secret":
            self._plain(401, {})
            return
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if to:
            self.send_header("Location", to)
        self.end_headers()
        self.wfile.write(content[: len(content) - left_out])
        self.close_connection = True

    def _status(self, order: str) -> None:
        if order not in STATE["known"]:
            return self._plain(404, {})
        if STATE["behaviour"] == "busy":
            return self._plain(503, {})
        states = {"slow": "in_progress", "lies": "pending", "cancels": "cancelled"}
        told = {
            "controller_id": "a-controller",
            "expected_completion_time": EXPECTED,
            "subject_request_id": self._id(order),
            "request_status": states.get(STATE["behaviour"], "completed"),
            "results_url": STATE["results"].format(port=self.connection.getsockname()[1]) + order,
        }
        return self._signed(200, told)

    def _id(self, order: str) -> str:
        return str(uuid4()) if STATE["behaviour"] == "swaps" else order

    def _signed(self, status: int, said: object) -> None:
        body = json.dumps(said).encode()
        domain = "elsewhere.example" if STATE["behaviour"] == "other_domain" else "localhost"
        signed = signature(body, forged=STATE["behaviour"] == "forges")
        headers = {"X-OpenDSR-Processor-Domain": domain, "X-OpenDSR-Signature": signed}
        self._bytes(status, body, {} if STATE["behaviour"] == "unsigned" else headers)

    def _plain(self, status: int, said: object) -> None:
        self._bytes(status, json.dumps(said).encode())

    def _bytes(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
sys.stdout.write(f"{server.server_address[1]}\n")
sys.stdout.flush()
server.serve_forever()
