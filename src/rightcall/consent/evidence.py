"""The evidence of a choice: sealed under the person's key for this choice alone, with commitments to it in the ledger."""

from dataclasses import dataclass

from rightcall.calls import actions as calls
from rightcall.canonical import parse_json
from rightcall.consent import rules, store
from rightcall.consent.model import Choice, Evidence, EvidenceKind
from rightcall.database.connection import Transaction
from rightcall.errors import Breach, Conflict
from rightcall.ids import ChoiceId, PartyId, StatementId, SubjectId
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What binds a choice to its evidence and its person, under the person's key."""

    sealed: bytes
    evidence: bytes
    subject: bytes


def bind(tx: Transaction, vault: Vault, given: Evidence, *, choice: ChoiceId, of: SubjectId, statement: StatementId) -> Bound:
    evidence = rules.evidence_bytes(given)
    return Bound(
        sealed=vault.seal_value(tx, of, evidence, _context(choice)),
        evidence=vault.commit(tx, of, statement, evidence),
        subject=subjects.commitment(tx, vault, of, statement).value,
    )


def evidence_of(tx: Transaction, vault: Vault, choice: Choice) -> Evidence | Dark:
    """The evidence as it was given; the bare word of who wrote it down where the key service was away; Dark once the subject is
    erased."""
    sealed = store.sealed_evidence(tx, choice.id)
    if sealed is None:
        return Evidence(kind=choice.evidence_kind, detail=Personal(""))
    value = vault.open_value(tx, calls.party(tx, choice.party).subject, sealed, _context(choice.id))
    if isinstance(value, Dark):
        return value
    document = parse_json(value)
    if not isinstance(document, dict):
        raise Breach("The sealed evidence of a choice is not what was sealed. Stop, and tell the DPO.")
    return Evidence(kind=EvidenceKind(document["kind"]), detail=Personal(str(document["detail"])))


def attribute(tx: Transaction, vault: Vault, party: PartyId, *, of: SubjectId, to: SubjectId) -> int:
    """The party's choices are `to`'s: their evidence is sealed, and can be shown, under that person's key. The choices themselves
    stay as they were made. How many there are."""
    choices = store.choices_of_party(tx, party)
    for each in choices:
        sealed = store.sealed_evidence(tx, each.id)
        if sealed is None:
            continue
        value = vault.open_value(tx, of, sealed, _context(each.id))
        if isinstance(value, Dark):
            raise Conflict("This person was erased, so nothing of theirs can be found to be somebody else's any more.")
        store.reseal_evidence(tx, each.id, vault.seal_value(tx, to, value, _context(each.id)))
        vault.carry_opening(tx, each.statement, of=of, to=to)
    return len(choices)


def _context(choice: ChoiceId) -> str:
    return f"consent.evidence.{choice}"
