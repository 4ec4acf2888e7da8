"""Issuing a statement of whether anything is held under an identifier. Who may ask is for the rooms above to say."""

import secrets
from dataclasses import dataclass, field

from rightcall.actors import Actor
from rightcall.canonical import canonical_json, sha256
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.systems import actions as systems
from rightcall.errors import NotFound
from rightcall.evidence import store
from rightcall.evidence.actions import proofs_of, with_proofs
from rightcall.evidence.attestation import AttestationId, ShownBy, attestation_of, commitment_of
from rightcall.evidence.statements import AttestationIssued
from rightcall.ids import StatementId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.checkpoint import VerifierKey
from rightcall.ledger.model import Digest, NotYet
from rightcall.subjects import actions as subjects
from rightcall.subjects.leaving import actions as leaving
from rightcall.subjects.model import Identifier
from rightcall.subjects.rules import spellings
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """`opening`: shows whose identifier it is about. It is handed out this once, and kept nowhere."""

    id: AttestationId
    is_held: bool
    opening: bytes = field(repr=False)


def attest(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    identifier: Identifier,
    *,
    shown_by: ShownBy,
    by: Actor,
) -> Attested:
    """Looks for whoever is known by it, from what they said or from other systems, and writes down what was found: the same
    whatever it was. Conflict where it cannot be known whether nothing is held."""
    is_held = _is_held(tx, vault, identifier)
    opening, at, id, statement = secrets.token_bytes(32), clock.now(), AttestationId(new_id()), StatementId(new_id())
    bound = commitment_of(identifier, opening)
    document = canonical_json(
        attestation_of(id, at, identifier=bound, is_held=is_held, shown_by=shown_by, controller=controllers.get(tx))
    )
    store.insert_attestation(tx, store.IssuedAttestation(id=id, statement=statement, document=document), at)
    said = AttestationIssued(
        at=at,
        controller=tx.of,
        attestation=id,
        identifier=bound,
        held=is_held,
        shown_by=shown_by,
        actor=by.id,
        role=by.role,
        digest=Digest(sha256(document)),
    )
    ledger.append(tx, said, id=statement)
    return Attested(id=id, is_held=is_held, opening=opening)


def attestation(tx: Transaction, id: AttestationId, *, key: VerifierKey) -> bytes | NotYet:
    """The file with its proof, once the ledger has signed it."""
    issued = store.attestation(tx, id)
    if issued is None:
        raise NotFound("There is no such attestation.")
    proofs = proofs_of(tx, [issued.statement])
    return proofs if isinstance(proofs, NotYet) else with_proofs(issued.document, {"key": key.text, "issued": proofs[0]})


def _is_held(tx: Transaction, vault: Vault, identifier: Identifier) -> bool:
    """Somebody is known by it; or a record tells it, whose ever it is, also where nobody has said yet whose; or it was somebody's
    whose erasure is not settled, so that nothing shows that it is gone everywhere. In whichever form it is written: what is held
    under KV-880020 is so for whoever writes kv 880020."""
    forms = dict.fromkeys(form for each in systems.spelt(tx, identifier) for form in spellings(each))
    return any(
        bool(subjects.find(tx, vault, form))
        or findings.has_clue(tx, subjects.blind_of(tx, vault, form))
        or leaving.is_leaving(tx, vault, form)
        for form in forms
    )
