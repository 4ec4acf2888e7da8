"""Why something is dark, and what follows, in words."""

from rightcall.vault.model import DarkReason

CAUSES = {
    DarkReason.NEVER_GRANTED: "It was never kept for this purpose.",
    DarkReason.SUBJECT_ERASED: "The person was erased.",
    DarkReason.GRANT_DESTROYED: "A yes that it needs was withdrawn, and its key destroyed.",
    DarkReason.TERM_OVER: "Its last day for this purpose is over, and its key destroyed.",
    DarkReason.WITHHELD: "A yes that it needs was found void, so it is in quarantine.",
    DarkReason.EPOCH_GONE: "Its keys are from an old backup, and the key above them is destroyed.",
}
_FOLLOWS = {
    DarkReason.NEVER_GRANTED: "Name a purpose that it was kept for.",
    DarkReason.SUBJECT_ERASED: "Nobody can read it any more.",
    DarkReason.GRANT_DESTROYED: "Nobody can read it for this purpose any more.",
    DarkReason.TERM_OVER: "Nobody can read it for this purpose any more.",
    DarkReason.WITHHELD: "Nobody can read it for this purpose. The DPO can weigh the yes anew, and release it or let it go.",
    DarkReason.EPOCH_GONE: "Nobody can read it any more.",
}
WHY_DARK = {reason: f"{CAUSES[reason]} {_FOLLOWS[reason]}" for reason in DarkReason}
