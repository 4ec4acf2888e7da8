"""Facts that only some acts bring: how a purpose is set up, whom it goes to, whom we ring, what a person asked for, what is kept
longer.

Each is known as a whole or not at all: one that is None in a question leaves every rule that reads it undecided, and that means
no. None of them is about who a person is. Deliberately elsewhere: the facts of a call (model.py).
"""

from dataclasses import dataclass
from enum import StrEnum

from rightcall.errors import Malformed


class Method(StrEnum):
    """What an analysis looks for. `words`: what was said, its gist, its topics. `score`: how well somebody did. `emotion`: moods
    read from a voice or from words. `identity`: who it is, by the voice. `category`: what sort of person, by the voice."""

    WORDS = "words"
    SCORE = "score"
    EMOTION = "emotion"
    IDENTITY = "identity"
    CATEGORY = "category"


class Recipient(StrEnum):
    """GDPR Art. 4(8), 4(9), 26, 28. `controller`: one who decides for itself what to do with it."""

    PROCESSOR = "processor"
    AFFILIATE = "affiliate"
    CONTROLLER = "controller"
    AUTHORITY = "authority"


class Contact(StrEnum):
    """What a person has said to being rung (47 CFR 64.1200)."""

    NONE = "none"
    EXPRESS = "express"
    EXPRESS_WRITTEN = "express_written"
    REVOKED = "revoked"


class Wish(StrEnum):
    """What a person asks of us: GDPR Art. 15 to 22, and Cal. Civ. Code §1798.100 ff."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    NO_SALE = "no_sale"


class Sanitisation(StrEnum):
    """NIST SP 800-88 Rev. 2: how data was destroyed."""

    CLEAR = "clear"
    PURGE = "purge"
    DESTROY = "destroy"
    CRYPTO_ERASE = "crypto_erase"


class HoldReason(StrEnum):
    """Why something may be kept beyond its term: GDPR Art. 17(3)(a) to (e), each named."""

    FREE_EXPRESSION = "free_expression"
    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_HEALTH = "public_health"
    ARCHIVING = "archiving"
    LEGAL_CLAIMS = "legal_claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisFacts:
    """`told`: the person was told of this analysis. `for_safety`: it serves safety or medicine, and nothing else.
    `by_person`: a person who answers for it gives the result, with what a machine found beside it at the most."""

    method: Method
    told: bool
    for_safety: bool
    by_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignFacts:
    """How a purpose is set up, as its register entry, its notices and its review say.

    `asked_together`: with how many purposes a yes is asked, itself counted; 1 is by itself. Steps count what a person has to do.
    `wording_void`: a notice in use is worded so that a yes to it is none. `unrecorded_line`: agents have a line that is never
    recorded, or nothing is captured for it. `other_proof`: what is to be proved can be proved otherwise. `whole_call`: everything
    said is kept, not a part. `balanced`: the test of legitimate interests was made. `high_risk`, `assessed`: a DPIA is needed,
    and was made.
    """

    conditional: bool
    asked_together: int
    steps_to_accept: int
    steps_to_decline: int
    withdrawal_told: bool
    wording_void: bool
    unrecorded_line: bool
    other_proof: bool
    whole_call: bool
    balanced: bool
    high_risk: bool
    assessed: bool

    def __post_init__(self) -> None:
        _at_least(0, steps_to_accept=self.steps_to_accept, steps_to_decline=self.steps_to_decline)
        _at_least(1, asked_together=self.asked_together)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverFacts:
    """To whom data goes. `told`: the person was told that it goes to them. `paid_for`: for money or another benefit.
    `agreement`: a contract binds them as the law wants. `opted_out`: the person said no to sale or sharing.
    `sensitive_limited`: they limited the use of sensitive data."""

    recipient: Recipient
    told: bool
    paid_for: bool
    agreement: bool
    opted_out: bool
    sensitive_limited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """A call that we make. `artificial_voice`: a prerecorded or made voice. `urgent`: an emergency of the person's own."""

    consent: Contact
    artificial_voice: bool
    marketing: bool
    objected: bool
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginFacts:
    """Data about a person that does not come from them. `told`: they know of it. `source_told`: and where it came from."""

    told: bool
    source_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What a person asked, and how it was dealt with. `days_open` counts from the day it came. `complete`: everything asked for
    is in it, from every system. `charged`: they had to pay, or lost something by asking. `recipients_told`: everyone who had
    the data knows. `ground_named`: where it is refused, the ground was named to them."""

    wish: Wish
    days_open: int
    extended: bool
    reasons_given: bool
    complete: bool
    charged: bool
    recipients_told: bool
    ground_named: bool

    def __post_init__(self) -> None:
        _at_least(0, days_open=self.days_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingFacts:
    """Something is kept though it would go. `law_named`: the law behind the reason is cited. `duty`: the law that demands it, by
    its key in the register of purposes, or empty. `against_wish`: the person asked that it go."""

    reason: HoldReason
    law_named: bool
    duty: str
    against_wish: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendingFacts:
    """A purpose is to keep longer, what it holds already too. `term_days`: for so many days then; the purpose's facts say for how
    many now. `law_named`: the law that demands it is cited."""

    term_days: int
    law_named: bool

    def __post_init__(self) -> None:
        _at_least(1, term_days=self.term_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachFacts:
    """`hours_known`: since it became known."""

    hours_known: int
    risk: bool
    high_risk: bool
    authority_told: bool
    people_told: bool

    def __post_init__(self) -> None:
        _at_least(0, hours_known=self.hours_known)
        if self.high_risk and not self.risk:
            raise Malformed("`high_risk` is true and `risk` is false. A high risk is a risk: say true for both.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionFacts:
    """`key_bits` counts for crypto_erase alone. `ever_in_clear`: the data lay unencrypted on that medium at some time.
    `all_keys_gone`: every copy of the key, or of the key that wraps it. `confirmed`: somebody or something looked afterwards."""

    method: Sanitisation
    key_bits: int
    all_keys_gone: bool
    ever_in_clear: bool
    confirmed: bool


def _at_least(least: int, **counts: int) -> None:
    for name, count in counts.items():
        if count < least:
            raise Malformed(f"`{name}` is {count}, and it is never below {least}. Mend it.")
