"""E-mail: headers, bodies in whatever they are wrapped, attachments by their content, messages in messages."""

import gzip
from email.message import EmailMessage

from rightcall.adapters.systems.formats.limits import Limits
from rightcall.discovery.model import Reason
from tests.adapters.systems.formats.reading import read


def message(text: str = "Kære Bo, ring på 32 12 34 56. æøå\n") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Zoë Lovelace <ada@x.example>"
    made["To"] = "bo@x.example"
    made["Subject"] = "Æble 4711"
    made.set_content(text * 5, cte="base64")
    made.add_alternative("<p>Hej <b>B</b>o &aring;</p>", subtype="html", cte="quoted-printable")
    made.add_attachment(b"name,n\nAda,1\n", maintype="application", subtype="octet-stream", filename="kunder æ.csv")
    made.add_attachment(gzip.compress(b"name,n\nBo,2\n"), maintype="application", subtype="gzip", filename="b.csv.gz")
    return made


def test_headers_bodies_and_attachments() -> None:
    shown = read("a.eml", message().as_bytes())
    headers = shown.texts["a.eml", "headers"]
    assert "From: Zoë Lovelace <ada@x.example>\n" in headers
    assert "Subject: Æble 4711\n" in headers
    bodies = [text for (_, field), text in shown.texts.items() if field != "headers"]
    assert bodies[0].startswith("Kære Bo, ring på 32 12 34 56. æøå")
    assert "Hej Bo å" in bodies[1]
    assert shown.rows == {
        "a.eml!/kunder æ.csv": [{"name": "Ada", "n": "1"}],
        "a.eml!/b.csv.gz!/b.csv": [{"name": "Bo", "n": "2"}],
    }
    assert shown.passed == []


def test_messages_in_messages() -> None:
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "x@y.example", "FW"
    outer.set_content("see below")
    outer.add_attachment(message())
    shown = read("a.eml", outer.as_bytes())
    assert any("Æble 4711" in text for (name, _), text in shown.texts.items() if name.startswith("a.eml!/message"))
    assert [row for rows in shown.rows.values() for row in rows] == [{"name": "Ada", "n": "1"}, {"name": "Bo", "n": "2"}]


def test_an_mbox_is_its_messages_and_one_that_is_too_large_is_told() -> None:
    begins = b"From ada@x.example Thu Jan  1 00:00:00 2026\n"
    small = b"From: a@x.example\nTo: b@x.example\nSubject: one\n\n>From here on\n\n"
    large = b"From: a@x.example\nSubject: two\n\n" + b"x" * 5000 + b"\n\n"
    shown = read("a", begins + small + begins + large + begins + small, Limits(held=3000))
    assert shown.texts["a!/message 1", "body 1"] == "From here on\n\n"
    assert shown.texts["a!/message 3", "body 1"] == "From here on\n\n"
    assert shown.passed == [("a!/message 2", Reason.TOO_LARGE)]


def test_a_message_is_known_by_its_headers() -> None:
    assert ("a.txt", "headers") in read("a.txt", message().as_bytes()).texts
    assert ("a.txt", None) in read("a.txt", b"Note: call back\nTo: Bo\n\nx").texts


def test_what_is_encrypted_is_told() -> None:
    sealed = b'From: a@x.example\nContent-Type: application/pkcs7-mime; name="smime.p7m"\n\nMIAGCSqGSIb3\n'
    assert read("a.eml", sealed).passed == [("a.eml", Reason.ENCRYPTED)]


def test_charsets_that_lie_and_headers_that_are_broken() -> None:
    odd = b"From: =?utf-8?B?WsOr!?= <a@x.example>\nSubject: =?nonsense?Q?x?=\n"
    odd += b"Content-Type: text/plain; charset=nonsense\n\nZo\xc3\xab\n"
    shown = read("a.eml", odd)
    assert shown.texts["a.eml", "body 1"] == "Zoë\n"
    assert "a@x.example" in shown.texts["a.eml", "headers"]


def test_a_message_of_very_many_or_very_deep_parts_is_told() -> None:
    head = b"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    many = head + b"--b\nContent-Type: text/plain\n\nx\n" * 3000 + b"--b--\n"
    shown = read("a.eml", many)
    assert shown.passed == [("a.eml", Reason.TOO_MANY)]
    assert len(shown.texts) > 900
    deep = b"From: a@x.example\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(5000)
    )
    assert read("a.eml", deep).passed == [("a.eml", Reason.TOO_DEEP)]
    nested = b"From: a@x.example\n" + b"Content-Type: message/rfc822\n\nFrom: b@x.example\n" * 50 + b"\nx"
    assert ("TOO_DEEP") in {reason.name for _, reason in read("a.eml", nested).passed}
