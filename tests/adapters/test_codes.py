"""Handing codes over: to a real server, which wants its token."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rightcall.adapters.codes import PostedCodes
from rightcall.errors import NotConfigured, SenderGone
from rightcall.personal import Personal
from rightcall.settings import load_settings
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.wiring import sender_of_codes
from tests.cast import ADA_TEL

ADA = Identifier(kind=IdentifierKind.TEL, value=Personal(ADA_TEL))


class Company(ThreadingHTTPServer):
    """What a company sends its texts with."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.taken: list[dict[str, str]] = []
        self.status = 202

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/codes"


class _Desk(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        company = self.server
        assert isinstance(company, Company)
        body = self.rfile.read(int(self.headers["content-length"]))
        is_ours = self.headers["authorization"] == "Bearer a secret"
        if is_ours and company.status == 202:
            company.taken.append(json.loads(body))
        self.send_response(company.status if is_ours else 401)
        self.send_header("location", company.url)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def company() -> Iterator[Company]:
    with Company() as company:
        thread = threading.Thread(target=company.serve_forever)
        thread.start()
        yield company
        company.shutdown()
        thread.join()


def test_it_is_handed_over_with_the_token(company: Company) -> None:
    with closing(PostedCodes(company.url, b"a secret")) as sender:
        sender.send(ADA, Personal("1234 5678 er din kode"), "da")
    assert company.taken == [{"kind": "tel", "to": ADA_TEL, "words": "1234 5678 er din kode", "language": "da"}]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_is_not_taken_is_said_and_tells_nobody(company: Company, status: int) -> None:
    company.status = status
    with pytest.raises(SenderGone) as told, closing(PostedCodes(company.url, b"a secret")) as sender:
        sender.send(ADA, Personal("1234 5678"), "en")
    assert ADA_TEL not in str(told.value)
    assert "1234" not in str(told.value)


def test_a_wrong_token_and_nobody_there(company: Company) -> None:
    with pytest.raises(SenderGone), closing(PostedCodes(company.url, b"another")) as sender:
        sender.send(ADA, Personal("1234 5678"), "en")
    with pytest.raises(SenderGone), closing(PostedCodes("http://127.0.0.1:9/codes", b"a secret")) as sender:
        sender.send(ADA, Personal("1234 5678"), "en")
    assert company.taken == []


@pytest.mark.parametrize("url", ["http://codes.example/x", "ftp://127.0.0.1/x", "codes.example"])
def test_nothing_goes_out_in_the_clear(url: str) -> None:
    with pytest.raises(NotConfigured, match="https"):
        PostedCodes(url, b"a secret")


def test_an_address_without_its_secret_refuses_to_start(tmp_path: Path) -> None:
    assert sender_of_codes(load_settings(data=tmp_path)) is None
    with pytest.raises(NotConfigured, match="RIGHTCALL_CODES_SECRET_FILE"):
        sender_of_codes(load_settings(data=tmp_path, codes_url="https://codes.example"))
    secret = tmp_path / "secret"
    secret.write_text("a secret\n")
    secret.chmod(0o600)
    assert sender_of_codes(load_settings(data=tmp_path, codes_url="https://codes.example", codes_secret_file=secret)) is not None
