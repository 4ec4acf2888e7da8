"""Taking an e-mail, reading it, and entering what it asks.

What is entered so waits for a proof of who asks, whoever enters it: an address as sender is no proof. Its days count from when
the mail came, not from when somebody read it.
"""

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ids import SubjectId, new_id
from rightcall.ledger.actions import append
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests.actions import Came
from rightcall.requests.mails import rules, store
from rightcall.requests.mails.model import Mail, MailId
from rightcall.requests.mails.statements import MailSettled, MailTaken
from rightcall.requests.model import Behalf, Channel, Request, RequestKind
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_WORDS = "requests.mail_words"


def take(tx: Transaction, vault: Vault, clock: Clock, raw: bytes, *, by: Actor) -> Mail:
    """It waits for somebody who reads it. The same one again is the one that was taken."""
    seen = rules.read(raw)
    known = store.mail_by_digest(tx, seen.digest)
    if known is not None:
        return get(tx, known)
    now, key = clock.now(), SubjectId(new_id())
    mail = Mail(
        id=MailId(new_id()),
        key=key,
        proposed=rules.propose(seen.words),
        subject=None if seen.sender is None else subjects.only_person(tx, vault, seen.sender),
        came_at=rules.arrival(seen.came_at, now),
        taken_at=now,
        taken_by=by,
        settled_at=None,
        request=None,
    )
    vault.create_subject(tx, key)
    sealed = vault.seal_value(tx, key, seen.words.reveal("seal an e-mail").encode("utf-8", "replace"), _WORDS)
    store.insert_mail(tx, mail, digest=seen.digest, sealed=sealed)
    append(tx, MailTaken(at=now, controller=tx.of, mail=mail.id, actor=by.id, role=by.role))
    return mail


def get(tx: Transaction, mail: MailId) -> Mail:
    found = store.mail_for_update(tx, mail)
    if found is None:
        raise NotFound("There is no such e-mail here. List those that wait.")
    return found


def words_of(tx: Transaction, vault: Vault, mail: MailId) -> Personal[str]:
    """Conflict once somebody has seen to it: then its words are gone."""
    found = get(tx, mail)
    sealed = store.sealed_words(tx, mail)
    opened = None if sealed is None else vault.open_value(tx, found.key, sealed, _WORDS)
    if opened is None or isinstance(opened, Dark):
        raise Conflict("Somebody has seen to this e-mail, and its words are destroyed. Look into your mailbox.")
    return Personal(opened.decode())


def enter(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    mail: MailId,
    *,
    kind: RequestKind,
    subject: SubjectId | None,
    language: str,
    lives_in: str | None,
    behalf: Behalf,
    by: Actor,
) -> Request:
    """What it asks, by the word of somebody who read it. `subject` None: whose address it came from. Malformed where that is not
    one person."""
    found = get(tx, mail)
    if found.settled_at is not None:
        raise Conflict("Somebody has seen to this e-mail already. Look at the requests that wait.")
    whose = subject or found.subject
    if whose is None:
        raise Malformed("Its sender's address is nobody's here, or more than one person's. Say whose request it is.")
    came = Came(channel=Channel.EMAIL, language=language, lives_in=lives_in, behalf=behalf, came_at=found.came_at)
    asked = requests.receive_unproved(tx, vault, clock, subject=whose, kind=kind, by=by, came=came)
    _settle(tx, vault, clock, found, asked, by)
    return asked


def dismiss(tx: Transaction, vault: Vault, clock: Clock, mail: MailId, *, by: Actor) -> None:
    """It asks nothing of what a law gives, by the word of somebody who read it. Again is fine."""
    found = get(tx, mail)
    if found.request is not None:
        raise Conflict("What this e-mail asks was entered as a request. Answer that.")
    if found.settled_at is None:
        _settle(tx, vault, clock, found, None, by)


waiting = store.waiting
count_waiting = store.count_waiting


def _settle(tx: Transaction, vault: Vault, clock: Clock, mail: Mail, asked: Request | None, by: Actor) -> None:
    request = None if asked is None else asked.id
    store.settle(tx, mail.id, request, clock.now())
    vault.destroy_subject(tx, mail.key)
    append(tx, MailSettled(at=clock.now(), controller=tx.of, mail=mail.id, request=request, actor=by.id, role=by.role))
