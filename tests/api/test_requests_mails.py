"""E-mails are handed in as they came: in whatever letters, with whatever came along."""

from tests.api.conftest import Clients
from tests.api.scene import done

_HEAD = b"From: ada@caller.example\r\nSubject: Bitte\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n"
_WORDS = "--q\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{words}\r\n"
_PICTURE = b"--q\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: binary\r\n\r\n"


def test_an_email_with_a_picture_and_letters_of_its_own_is_taken_and_read(clients: Clients) -> None:
    words = _WORDS.format(words="Bitte löschen Sie alle meine Daten").encode("latin-1")
    raw = _HEAD + words + _PICTURE + b"\x00\xff\xd8" * 700_000 + b"\r\n--q--\r\n"
    headers = {"content-type": "message/rfc822"}
    taken = done(clients.agent.post("/api/v1/mails", content=raw, headers=headers), 201)
    assert taken["proposed"] == "erasure"
    assert "löschen" in done(clients.agent.get(f"/api/v1/mails/{taken['id']}"))["words"]
    clients.agent.post(f"/api/v1/mails/{taken['id']}/dismiss")
    assert clients.agent.post("/api/v1/mails", content=raw * 6, headers=headers).status_code == 413
    assert clients.agent.post("/api/v1/requests", content=raw, headers=headers).status_code == 413
