"""An e-mail is taken once, read by a person, and entered as what that person says; an address as sender shows nothing."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ids import SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests import proving
from rightcall.requests.mails import actions as mails
from rightcall.requests.mails import rules
from rightcall.requests.mails.model import Mail, MailId
from rightcall.requests.model import Behalf, Channel, Missing, Request, RequestKind, Stage
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from tests.cast import ADA_EMAIL, BEN_EMAIL
from tests.conftest import FixedClock
from tests.purposes.examples import DPO

AGENT = Actor(id=new_id(), role=Role.AGENT)
SAYS = {
    "Please delete all my data, at once.": RequestKind.ERASURE,
    "Ich verlange, dass Sie meine Daten löschen.": RequestKind.ERASURE,
    "Je vous prie d'effacer mes données.": RequestKind.ERASURE,
    "Jeg vil have slettet alle mine oplysninger": RequestKind.ERASURE,
    "Jag vill att ni raderar mina uppgifter": RequestKind.ERASURE,
    "I would like a copy of the data that you hold about me": RequestKind.ACCESS,
    "Welche Daten haben Sie über mich?": RequestKind.ACCESS,
    "Hvilke oplysninger har I om mig?": RequestKind.ACCESS,
    "Skicka ett registerutdrag, tack": RequestKind.ACCESS,
    "I withdraw my consent to recordings": RequestKind.WITHDRAWAL,
    "Je retire mon consentement.": RequestKind.WITHDRAWAL,
    "Jeg trækker mit samtykke tilbage": RequestKind.WITHDRAWAL,
    "Ich widerspreche der Verarbeitung.": RequestKind.OBJECTION,
    "My address is wrong: please correct my data": RequestKind.RECTIFICATION,
    "Please restrict the processing of what you have": RequestKind.RESTRICTION,
    "I want it machine-readable": RequestKind.PORTABILITY,
    "When are you open on Sunday?": None,
    "Send me a copy of my data, then delete my account.": None,
    "Thank you!\n> Please delete all my data, at once.": None,
    "": None,
}


@pytest.fixture
def ada(tx: Transaction, vault: Vault, clock: FixedClock) -> SubjectId:
    return subjects.identify(tx, vault, clock, [normalise(IdentifierKind.EMAIL, Personal(ADA_EMAIL), "DK")])


def message(
    clock: FixedClock, text: str = "Please delete all my data.", sender: str = f"Ada <{ADA_EMAIL}>", **more: str
) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "dpo@energy.example", more.get("subject", "A question")
    sent = clock.at - timedelta(days=2)
    made["Received"] = f"from mx by mail.energy.example; {more.get('received', format_datetime(sent))}"
    made["Date"] = format_datetime(clock.at - timedelta(days=3))
    made.set_content(text, subtype=more.get("subtype", "plain"))
    return made.as_bytes()


def take(tx: Transaction, vault: Vault, clock: FixedClock, raw: bytes) -> Mail:
    return mails.take(tx, vault, clock, raw, by=AGENT)


def enter(
    tx: Transaction,
    vault: Vault,
    clock: FixedClock,
    mail: Mail,
    *,
    subject: SubjectId | None = None,
    kind: RequestKind = RequestKind.ERASURE,
    by: Actor = DPO,
) -> Request:
    return mails.enter(
        tx, vault, clock, mail.id, kind=kind, subject=subject, language="en", lives_in=None, behalf=Behalf.SELF, by=by
    )


@pytest.mark.parametrize("text", SAYS)
def test_what_it_seems_to_ask_is_proposed_where_it_is_one_thing(text: str) -> None:
    assert rules.propose(Personal(text)) is SAYS[text]


def test_a_forged_sender_starts_nothing_even_where_the_dpo_enters_it(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId
) -> None:
    mail = take(tx, vault, clock, message(clock))
    assert (mail.subject, mail.proposed, mail.request) == (ada, RequestKind.ERASURE, None)
    assert requests.waiting(tx) == []
    asked = enter(tx, vault, clock, mail)
    assert (asked.channel, asked.stage, asked.proof, asked.ready_at) == (Channel.EMAIL, Stage.OPEN, None, None)
    assert proving.missing_of(tx, clock, asked) == (Missing.IDENTITY,)
    with pytest.raises(Conflict, match="not shown yet who asks"):
        requests.begin(tx, clock, asked.id)
    assert asked.acknowledged_at is None


def test_its_days_count_from_when_our_server_took_it(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    clock.at += timedelta(hours=1)
    early = take(tx, vault, clock, message(clock))
    assert early.came_at == clock.at - timedelta(days=2)
    clock.at += timedelta(days=5)
    asked = enter(tx, vault, clock, early)
    assert asked.received_at == early.came_at
    direct = requests.receive(tx, vault, clock, subject=ada, kind=RequestKind.ACCESS, by=DPO)
    assert (direct.due_on - asked.due_on).days in (6, 7, 8)


@pytest.mark.parametrize("received", ["Mon, 01 Jan 2035 10:00:00 +0000", "Mon, 01 Jan 2001 10:00:00 +0000", "some day"])
def test_a_clock_of_somebody_elses_makes_no_day_later_and_none_that_is_long_over(
    tx: Transaction, vault: Vault, clock: FixedClock, received: str
) -> None:
    mail = take(tx, vault, clock, message(clock, received=received))
    assert mail.came_at == (clock.at - timedelta(days=3) if received == "some day" else clock.at)


def test_the_same_mail_is_taken_once_and_entered_once(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    mail = take(tx, vault, clock, message(clock))
    assert take(tx, vault, clock, message(clock)) == mail
    enter(tx, vault, clock, mail)
    again = take(tx, vault, clock, message(clock))
    assert (again.id, again.settled_at) == (mail.id, clock.at)
    with pytest.raises(Conflict, match="seen to this e-mail already"):
        enter(tx, vault, clock, mail)
    with pytest.raises(Conflict, match="was entered as a request"):
        mails.dismiss(tx, vault, clock, mail.id, by=AGENT)
    assert mails.waiting(tx, 10) == []


def test_whose_it_is_has_to_be_said_where_the_address_does_not_tell(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId
) -> None:
    mail = take(tx, vault, clock, message(clock, sender=f"Somebody <{BEN_EMAIL}>"))
    assert mail.subject is None
    with pytest.raises(Malformed, match="Say whose request it is"):
        enter(tx, vault, clock, mail)
    assert enter(tx, vault, clock, mail, subject=ada, kind=RequestKind.ACCESS).subject == ada
    unreadable = take(tx, vault, clock, message(clock, sender="undisclosed"))
    assert unreadable.subject is None


def test_its_words_are_there_until_somebody_has_seen_to_it_and_then_dark(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId
) -> None:
    text = "<p>Please <b>delete</b> all my planted data.</p>"
    mail = take(tx, vault, clock, message(clock, text, subtype="html", subject="Planted subject"))
    assert mail.proposed is RequestKind.ERASURE
    said = mails.words_of(tx, vault, mail.id).reveal("look in a test")
    assert "Planted subject" in said
    assert "<p>" not in said
    [row] = tx.connection.execute("SELECT * FROM request_mails").fetchall()
    assert "lanted" not in str(row)
    sealed = bytes(row["sealed_words"])
    for _ in range(2):
        mails.dismiss(tx, vault, clock, mail.id, by=AGENT)
    with pytest.raises(Conflict, match="destroyed"):
        mails.words_of(tx, vault, mail.id)
    assert isinstance(vault.open_value(tx, mail.key, sealed, "requests.mail_words"), Dark)


@pytest.mark.parametrize("raw", [b"", b"rubbish", b"Subject: no sender\n\nhello"])
def test_what_is_no_mail_is_refused(tx: Transaction, vault: Vault, clock: FixedClock, raw: bytes) -> None:
    with pytest.raises(Malformed, match="no e-mail"):
        take(tx, vault, clock, raw)
    with pytest.raises(Malformed, match="larger than 10 MB"):
        take(tx, vault, clock, b"From: a@b.example\n\n" + b"x" * rules.MOST_BYTES)
    with pytest.raises(NotFound):
        mails.get(tx, MailId(new_id()))


def test_broken_bodies_and_headers_are_read_as_far_as_they_can_be(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    raw = (
        b"From: =?utf-8?q?broken?= <a@b.example\nDate: never\nSubject: =?x-unknown?b?////?=\n"
        b"Content-Type: text/plain; charset=x-nothing\nContent-Transfer-Encoding: base64\n\n!!!!\xff\xfe"
    )
    mail = take(tx, vault, clock, raw)
    assert (mail.proposed, mail.came_at) == (None, clock.at)


_NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (each, each) for each in range(3000))
_HEAD = b"From: ada@example.org\r\nSubject: Please\r\n"
_BODY = b"\r\nplease delete my data"


@pytest.mark.parametrize(
    "raw",
    [
        _HEAD + b"Date: Fri, 31 Dec 9999 23:59:59 -2359\r\n" + _BODY,
        b"From: ada@example.org\r\nSubject: " + b"=?utf-8?q?a?= " * 200_000 + b"\r\n" + _BODY,
        b"From: " + b"ada@example.org, " * 100_000 + b"\r\n" + _BODY,
        b"From: ada@example.org " + b"((" * 20_000 + b"\r\n" + _BODY,
        b'From: "":;<ada@example.org\r\nSubject: =?\r\n' + _BODY,
        _HEAD + b"Content-Type: text/html\r\n\r\nplease delete my data " + b"<" * 3_000_000,
        _HEAD + b"Content-Type: text/plain; charset=zlib\r\n" + _BODY,
        _HEAD + b"\r\nplease delete my data\r\n" + b" " * 3_000_000,
        _HEAD + b"Content-Type: text/plain; charset=punycode\r\n" + _BODY + b" " * 400_000 + b"-" + b"b" * 2_000_000,
    ],
    ids=["year", "subject", "senders", "comments", "group", "tags", "charset", "spaces", "punycode"],
)
def test_what_somebody_writes_to_break_the_reader_is_read_in_bounded_time(raw: bytes) -> None:
    """Each of these took minutes, or all memory, or broke the reader: whatever a stranger writes is handed in."""
    seen = rules.read(raw)
    assert "please delete my data" in seen.words.reveal("a test")
    assert rules.propose(seen.words) is RequestKind.ERASURE


_PAGE = b"Content-Type: text/html\r\n\r\n<p>Please delete all my data, caf&eacute;</p>"
_PLAIN = b"Content-Type: text/plain\r\n\r\n"
_ATTACHED = b"Content-Type: message/rfc822\r\n\r\nFrom: ben@caller.example\r\n" + _PLAIN + b"A copy of my data, please"


def _mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    pieces = b"".join(b"--b\r\n" + each + b"\r\n" for each in parts)
    return _HEAD + b"Content-Type: multipart/" + kind + b"; boundary=b\r\n\r\n" + pieces + b"--b--\r\n"


@pytest.mark.parametrize(
    ("raw", "proposed", "says"),
    [
        (_mixed(_PAGE, _PLAIN + b"Scanned by a machine"), RequestKind.ERASURE, "café"),
        (
            _mixed(_PLAIN + b"As in the picture:", b"Content-Type: image/png\r\n\r\nx", _PLAIN + b"delete my data"),
            RequestKind.ERASURE,
            "delete",
        ),
        (_mixed(_PAGE, _ATTACHED), RequestKind.ERASURE, "delete"),
        (_mixed(_PLAIN + b"FYI, a customer", _ATTACHED), None, "FYI"),
        (_mixed(_PLAIN, _ATTACHED), RequestKind.ACCESS, "copy"),
        (_mixed(_PLAIN + b"delete my data", _PAGE, kind=b"alternative"), RequestKind.ERASURE, "delete my data"),
        (_mixed(_PLAIN + b"  ", _PAGE, kind=b"alternative"), RequestKind.ERASURE, "café"),
    ],
    ids=[
        "a footer",
        "a picture between",
        "a page and a message",
        "words and a message",
        "a message passed on",
        "two ways",
        "no plain words",
    ],
)
def test_all_that_its_writer_wrote_is_read_and_what_others_wrote_asks_nothing(
    raw: bytes, proposed: RequestKind | None, says: str
) -> None:
    seen = rules.read(raw)
    assert (rules.propose(seen.words), says in seen.words.reveal("a test")) == (proposed, True)


def test_that_a_long_one_goes_on_is_told_to_whoever_reads_it() -> None:
    long = rules.read(_HEAD + _BODY + b"." * 30_000).words.reveal("a test")
    assert "please delete my data" in long
    assert long.endswith("[… It goes on: read the rest in your mailbox.]")
    assert "It goes on" not in rules.read(_HEAD + _BODY).words.reveal("a test")


def test_what_is_nested_too_deeply_is_refused_in_words() -> None:
    with pytest.raises(Malformed, match="too deeply"):
        rules.read(_HEAD + _NESTED + b"Content-Type: text/plain\r\n" + _BODY)
