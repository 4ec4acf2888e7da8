"""Whose receipt a file is: for somebody who shows theirs to say who they are."""

import json
from uuid import UUID

from rightcall.evidence.model import FileKind, Verified
from rightcall.evidence.verify import verify
from rightcall.evidence.vocabulary import PROOFS, urn
from rightcall.ids import ControllerId, SubjectId


def holder_of(file: bytes, key: str, controller: ControllerId) -> SubjectId | None:
    """The subject to whom the receipt of a choice is bound by its opening; None where it does not hold, is another controller's,
    is no receipt, or is bound to nobody."""
    checked = verify(file, key)
    if not isinstance(checked, Verified) or checked.kind is not FileKind.RECEIPT:
        return None
    document = json.loads(file)
    if document[PROOFS].get("opening") is None or document["dct:publisher"] != urn(controller):
        return None
    return SubjectId(UUID(document["dpv:hasRecordOfActivity"]["dpv:hasDataSubject"]["dct:identifier"]))
