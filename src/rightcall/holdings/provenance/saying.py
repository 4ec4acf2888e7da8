"""What fell, in words."""

from rightcall.holdings.provenance.model import FallReason

FELL = {
    FallReason.CONSENT_VOID: "had no valid yes",
    FallReason.WITHDRAWN: "was withdrawn",
    FallReason.ERASED: "was erased",
    FallReason.WRONG: "was found wrong",
    FallReason.RECTIFIED: "was corrected",
}
"""Said of what something rests on."""
FELL_ITSELF = {
    FallReason.CONSENT_VOID: "no valid yes",
    FallReason.WITHDRAWN: "withdrawn",
    FallReason.ERASED: "erased",
    FallReason.WRONG: "found wrong",
    FallReason.RECTIFIED: "corrected since",
}
