"""Which role may do what: one closed table, and no for everything that it does not name (GDPR Art. 32(4)).

Deliberately elsewhere: whether an act is lawful and right for a purpose (`policy`), and who may use a purpose (`purposes`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from rightcall.actors import Actor, Role
from rightcall.errors import Malformed
from rightcall.staff.model import Allowed, Deed, NotThisRole, Permission, Token

MEMBER_ROLES = frozenset({Role.AGENT, Role.SUPERVISOR, Role.REVIEWER, Role.DPO, Role.AUDITOR, Role.ADMINISTRATOR})
STAFF_ROLES = MEMBER_ROLES | {Role.ENGINEER}
TOKEN_ROLES = STAFF_ROLES | {Role.CONSERVER}

LONGEST_LABEL = 100
TOUCHED = timedelta(hours=1)
"""A token that is used within an hour of the last time is not written down again."""

USING_ROLES = STAFF_ROLES - {Role.ADMINISTRATOR}
"""Those that may use what is held. An administrator looks after accounts and systems, and sees nothing of the people."""

_EVERYONE = USING_ROLES
_RUNNING = frozenset({Role.ENGINEER, Role.ADMINISTRATOR})
# An auditor reads all and changes nothing. Whoever is asked for a second opinion is a reviewer.
_SECOND = frozenset({Role.SUPERVISOR, Role.REVIEWER, Role.DPO})
_ON_THE_CALL = frozenset({Role.AGENT, Role.SUPERVISOR, Role.DPO})
_OVERSIGHT = frozenset({Role.SUPERVISOR, Role.DPO, Role.AUDITOR})
_FIGURES = _OVERSIGHT | {Role.REVIEWER}

MAY: Mapping[Deed, frozenset[Role]] = {
    Deed.SEE_CALLS: _EVERYONE,
    Deed.RECORD_CHOICE: _ON_THE_CALL,
    Deed.ASK_PARTY: _ON_THE_CALL,
    Deed.NOTE_PRESSURE: _ON_THE_CALL,
    Deed.SEE_QUALITY: _FIGURES,
    Deed.JUDGE_CHOICE: frozenset({Role.DPO}),
    Deed.MARK_PARTY: _ON_THE_CALL,
    Deed.PAUSE_CALL: _ON_THE_CALL,
    Deed.EXPORT_CALL: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.IMPORT_VCON: frozenset({Role.DPO}),
    Deed.PLAY_HOLDING: _ON_THE_CALL | _OVERSIGHT,
    Deed.ASK_VERDICT: _EVERYONE,
    Deed.SEE_VERDICTS: _FIGURES,
    Deed.FIND_SUBJECT: _ON_THE_CALL | _OVERSIGHT,
    Deed.SEE_SUBJECT: _ON_THE_CALL | _OVERSIGHT,
    Deed.CHANGE_SUBJECT: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.SAY_WHO: _ON_THE_CALL,
    Deed.SPLIT_SUBJECT: frozenset({Role.DPO}),
    Deed.JOIN_SUBJECT: frozenset({Role.DPO}),
    Deed.SEE_LINKS: _OVERSIGHT,
    Deed.DECIDE_LINK: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.COMPARE_LINK: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.SEE_SAFETY: _FIGURES | _RUNNING,
    Deed.JUDGE_SAFETY: frozenset({Role.DPO, Role.ENGINEER}),
    Deed.SEE_HOLDINGS: _FIGURES,
    Deed.REPORT_USE: _EVERYONE,
    Deed.SEE_USES: _OVERSIGHT,
    Deed.SEE_MINIMISATION: _FIGURES,
    Deed.LOOK_AT_USES: frozenset({Role.DPO}),
    Deed.ANSWER_PROPOSAL: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.SEE_MAP: _FIGURES | _RUNNING,
    Deed.WRITE_DOWN_HOLDING: _ON_THE_CALL | {Role.ENGINEER},
    Deed.JUDGE_ORIGIN: frozenset({Role.DPO}),
    Deed.CHANGE_HOLDS: frozenset({Role.DPO}),
    Deed.AGREE_TO_HOLDS: _SECOND,
    Deed.ASK_LONGER: frozenset({Role.DPO}),
    Deed.SHORTEN: frozenset({Role.DPO}),
    Deed.SEE_RECEIPT: _ON_THE_CALL | _OVERSIGHT,
    Deed.HAND_OUT_RECEIPT: _ON_THE_CALL,
    Deed.SEE_EVIDENCE: frozenset({Role.DPO}),
    Deed.MAKE_REQUEST: _ON_THE_CALL,
    Deed.VOUCH: frozenset({Role.DPO}),
    Deed.SEE_REQUESTS: _OVERSIGHT,
    Deed.SEE_WISH: frozenset({Role.DPO}),
    Deed.ANSWER_REQUEST: frozenset({Role.DPO}),
    Deed.SEE_PURPOSES: STAFF_ROLES,
    Deed.CHANGE_PURPOSES: frozenset({Role.DPO}),
    Deed.PUBLISH_NOTICE: frozenset({Role.REVIEWER, Role.DPO}),
    Deed.SEE_REVIEWS: STAFF_ROLES,
    Deed.DRAFT_REVIEW: _SECOND,
    Deed.SIGN_REVIEW: _EVERYONE - {Role.AUDITOR},
    Deed.RAISE_CONCERN: STAFF_ROLES,
    Deed.SEE_CONCERNS: _FIGURES,
    Deed.OWN_CONCERN: _SECOND,
    Deed.DECIDE_APPEAL: _SECOND,
    Deed.SEE_RULES: STAFF_ROLES,
    Deed.DRAFT_RULES: _SECOND,
    Deed.ADOPT_RULES: _SECOND,
    Deed.SEE_OVERRIDES: _FIGURES,
    Deed.GIVE_OVERRIDE: frozenset({Role.DPO}),
    Deed.SEE_CONTROLLER: STAFF_ROLES,
    Deed.SEE_TRUNKS: _OVERSIGHT | _RUNNING,
    Deed.CHANGE_TRUNKS: _RUNNING,
    Deed.SEE_SYSTEMS: _OVERSIGHT | _RUNNING,
    Deed.CHANGE_SYSTEMS: _RUNNING | {Role.DPO},
    Deed.SEE_PROCEDURES: _OVERSIGHT | _RUNNING,
    Deed.CHANGE_PROCEDURES: _RUNNING | {Role.DPO},
    Deed.SCAN_SYSTEM: _RUNNING | {Role.DPO},
    Deed.SEE_FINDINGS: frozenset({Role.DPO, Role.AUDITOR}),
    Deed.REPORT_OUTCOME: _ON_THE_CALL | {Role.ENGINEER},
    Deed.SEND_VCON: frozenset({Role.CONSERVER}),
    Deed.SEE_PARITY: _FIGURES,
    Deed.LOOK_AT_PARITY: frozenset({Role.DPO}),
    Deed.ANSWER_FLAG: frozenset({Role.DPO, Role.SUPERVISOR}),
    Deed.SEE_ACTIVITIES: _FIGURES,
    Deed.SEE_LEDGER: _FIGURES | _RUNNING,
    Deed.SEE_BREACHES: frozenset({Role.DPO, Role.AUDITOR, Role.ENGINEER}),
    Deed.SEE_AFFECTED: frozenset({Role.DPO, Role.AUDITOR}),
    Deed.ENTER_BREACH: frozenset({Role.DPO, Role.ENGINEER}),
    Deed.ANSWER_BREACH: frozenset({Role.DPO}),
    Deed.DECLARE_RECIPIENTS: frozenset({Role.DPO}),
    Deed.SEE_STAFF: frozenset({Role.ADMINISTRATOR, Role.DPO, Role.AUDITOR}),
    Deed.CHANGE_STAFF: frozenset({Role.ADMINISTRATOR}),
    Deed.AGREE_TO_ACCESS: frozenset({Role.DPO}),
    Deed.KEEP_ACCOUNT: MEMBER_ROLES,
}

_READING = (
    Deed.FIND_SUBJECT,
    Deed.SEE_SUBJECT,
    Deed.SEE_HOLDINGS,
    Deed.PLAY_HOLDING,
    Deed.EXPORT_CALL,
    Deed.SEE_REQUESTS,
    Deed.SEE_AFFECTED,
)
READING_ROLES = frozenset[Role]().union(*(MAY[each] for each in _READING))
"""Those that read what is held of people. What an administrator makes in one of them waits for a DPO's word."""
OVERSEEING_ROLES = READING_ROLES - {Role.AGENT}
"""Likewise of people. Agents come and go by the dozen, and see one caller at a time, for a purpose, in a log."""

WHY_NOT: Mapping[Deed, str] = {
    Deed.SEE_WISH: "It was written to whoever answers, and no purpose covers that others read it. What was asked, each step of it"
    " and each letter can be seen without it.",
}
"""Why something is not read by those who read all else."""


def is_to_wait(role: Role, by: Actor, *, among: frozenset[Role]) -> bool:
    """Whether what `by` makes opens nothing before a DPO has agreed. Who runs this on the machine could read all of it anyway."""
    return role in among and by.role not in (Role.SYSTEM, Role.DPO)


def permission(role: Role, deed: Deed) -> Permission:
    """Whether `role` may be let in to `deed`."""
    may = MAY.get(deed, frozenset()) & TOKEN_ROLES
    return Allowed() if role in may else NotThisRole(deed=deed, may=may)


def checked_label(label: str) -> str:
    """The same, trimmed; Malformed says what to mend."""
    words = " ".join(label.split())
    if len(words) > LONGEST_LABEL or not words.isprintable():
        raise Malformed(f"Say which program the token is for in one line of at most {LONGEST_LABEL} characters.")
    return words


def is_to_touch(token: Token, now: datetime) -> bool:
    return token.used_at is None or now - token.used_at >= TOUCHED
