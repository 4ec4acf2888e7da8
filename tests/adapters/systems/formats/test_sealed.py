"""What is encrypted counts as not read, in bytes as in letters; what stands beside it is read."""

import base64
import gzip

import pytest

from rightcall.discovery.model import Reason
from tests.adapters.systems.formats.reading import read

ARMOUR = b"-----BEGIN PGP MESSAGE-----\nVersion: 2\n\nhQEMA0x4711+abcd\n=Ab1c\n-----END PGP MESSAGE-----\n"
AGE = b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3Jn\n-----END AGE ENCRYPTED FILE-----\n"
SALTED = b"Salted__" + bytes(range(120, 200))
ENVELOPED = b"\x30\x82\x02\x10\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03" + bytes(range(80, 160))
SIGNED = ENVELOPED[:14] + b"\x02" + ENVELOPED[15:]


@pytest.mark.parametrize(
    "content",
    [
        ARMOUR,
        ARMOUR + b"\n" + ARMOUR,
        ARMOUR.decode().encode("utf-16"),
        AGE,
        b"age-encryption.org/v1\n-> X25519 abc\n",
        b"$ANSIBLE_VAULT;1.1;AES256\n6162\n6364\n",
        SALTED,
        base64.encodebytes(SALTED),
        ENVELOPED,
        b"-----BEGIN CMS-----\n" + base64.encodebytes(ENVELOPED) + b"-----END CMS-----\n",
        b"\x85\x01\x0c\x03" + b"keyidkey" + b"\x01" + bytes(range(60, 120)),
        b"\x84\x5e\x03" + b"keyidkey" + b"\x12" + bytes(range(60, 120)),
        b"\xc1\xc0\x4c\x03" + b"keyidkey" + b"\x01" + bytes(range(60, 120)),
        b"\x8c\x0d\x04\x09\x03\x08" + bytes(range(60, 120)),
        b"LUKS\xba\xbe\x00\x02",
    ],
)
def test_a_content_that_is_encrypted_is_not_read(content: bytes) -> None:
    assert read("customers.csv", content).passed == [("customers.csv", Reason.ENCRYPTED)]
    assert read("a.gz", gzip.compress(content)).passed == [("a.gz!/a", Reason.ENCRYPTED)]


@pytest.mark.parametrize("content", ["Über uns".encode("cp1252"), b"U2FsdGVkX1 is how it begins", b"\x85 and so on", SIGNED])
def test_what_only_begins_so_is_not_taken_for_it(content: bytes) -> None:
    assert Reason.ENCRYPTED not in [reason for _, reason in read("a.txt", content).passed]


def test_a_text_or_a_mail_with_something_encrypted_in_it_is_read_and_that_is_told() -> None:
    for sealed in (ARMOUR, AGE, b"password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n"):
        noted = read("a.txt", b"Call Ada back on 32 12 34 56.\n" + sealed + b"Thanks\n")
        assert "32 12 34 56" in noted.texts["a.txt", None]
        assert "Thanks" in noted.texts["a.txt", None]
        assert noted.passed == [("a.txt", Reason.ENCRYPTED)]
    mail = read("a.eml", b"From: a@x.example\nTo: b@x.example\nSubject: Hej\n\nMvh Ada\n" + ARMOUR)
    assert "b@x.example" in mail.texts["a.eml", "headers"]
    assert "Mvh Ada" in mail.texts["a.eml", "body 1"]
    assert mail.passed == [("a.eml", Reason.ENCRYPTED)]


def test_an_s_mime_file_as_programs_write_it_is_told() -> None:
    content = (
        b'MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\n\nMIAGCSqGSIb3\n'
    )
    assert read("a.p7m", content).passed == [("a.p7m", Reason.ENCRYPTED)]
