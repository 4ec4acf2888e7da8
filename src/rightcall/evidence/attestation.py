"""A statement of whether anything is held under an identifier that the asker knows, signed and in the ledger.

Pure. It has one form whatever the answer. Which identifier it is about is told by a commitment alone: its opening is given to the
asker, once, and kept nowhere. That nothing was *ever* held is not said here, nor since when: only who remembers everybody could
tie a certificate to an identifier (docs/adr/0030). Earlier statements may name one; the form has kept its place.
"""

import hashlib
import hmac
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from rightcall.canonical import Json, canonical_json
from rightcall.controllers.model import Controller
from rightcall.evidence.vocabulary import (
    ATTESTATION_CONTEXT,
    ATTESTATION_FORMAT,
    ATTESTATION_TYPE,
    controller_as,
    instant,
    stated,
    urn,
)
from rightcall.ledger.model import Commitment
from rightcall.subjects.model import Identifier

AttestationId = NewType("AttestationId", UUID)


class ShownBy(StrEnum):
    """How it was shown that the asker may know: a code that was sent to the identifier, or somebody's word."""

    CODE = "code"
    VOUCHED = "vouched"
    AUDIT = "audit"
    AUTHORITY = "authority"


def commitment_of(identifier: Identifier, opening: bytes) -> Commitment:
    """Binds to the identifier in its normal form. Nobody without `opening` can try numbers against it."""
    value = identifier.value.reveal("bind an attestation to an identifier")
    plain: Json = {"kind": identifier.kind.value, "value": value}
    return Commitment(hmac.new(opening, canonical_json(plain), hashlib.sha256).digest())


def attestation_of(
    id: AttestationId,
    at: datetime,
    *,
    identifier: Commitment,
    is_held: bool,
    shown_by: ShownBy,
    controller: Controller,
) -> dict[str, Json]:
    """The document, without its proof."""
    return stated(
        {
            "@context": ATTESTATION_CONTEXT,
            "@id": urn(id),
            "@type": ATTESTATION_TYPE,
            "dct:identifier": str(id),
            "dct:conformsTo": ATTESTATION_FORMAT,
            "dct:created": instant(at),
            "dct:publisher": urn(controller.id),
            "dpv:hasDataController": controller_as(controller),
            "rightcall:identifierCommitment": identifier.hex,
            "rightcall:isHeld": is_held,
            "rightcall:shownBy": shown_by.value,
            "rightcall:certificate": None,
            "rightcall:letGoOn": None,
        }
    )
