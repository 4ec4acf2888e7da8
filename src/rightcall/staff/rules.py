"""Which role may do what: one closed table, and no for everything that it does not name (GDPR Art. 32(4)).

Deliberately elsewhere: whether an act is lawful and right for a purpose (`policy`), and who may use a purpose (`purposes`).
"""

from collections.abc import Mapping

from rightcall.actors import Role
from rightcall.staff.model import Allowed, Deed, NotThisRole, Permission

STAFF_ROLES = frozenset({Role.AGENT, Role.SUPERVISOR, Role.DPO, Role.AUDITOR, Role.ENGINEER})
TOKEN_ROLES = STAFF_ROLES | {Role.CONSERVER}

_EVERYONE = STAFF_ROLES
_ON_THE_CALL = frozenset({Role.AGENT, Role.SUPERVISOR, Role.DPO})
_OVERSIGHT = frozenset({Role.SUPERVISOR, Role.DPO, Role.AUDITOR})

MAY: Mapping[Deed, frozenset[Role]] = {
    Deed.SEE_CALLS: _EVERYONE,
    Deed.RECORD_CHOICE: _ON_THE_CALL,
    Deed.ASK_PARTY: _ON_THE_CALL,
    Deed.NOTE_PRESSURE: _ON_THE_CALL,
    Deed.SEE_QUALITY: _OVERSIGHT,
    Deed.JUDGE_CHOICE: frozenset({Role.DPO}),
    Deed.MARK_PARTY: _ON_THE_CALL,
    Deed.PAUSE_CALL: _ON_THE_CALL,
    Deed.EXPORT_CALL: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.IMPORT_VCON: frozenset({Role.DPO}),
    Deed.PLAY_HOLDING: _ON_THE_CALL | _OVERSIGHT,
    Deed.ASK_VERDICT: _EVERYONE,
    Deed.SEE_VERDICTS: _OVERSIGHT,
    Deed.FIND_SUBJECT: _ON_THE_CALL,
    Deed.SEE_SUBJECT: _ON_THE_CALL,
    Deed.CHANGE_SUBJECT: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.SAY_WHO: _ON_THE_CALL,
    Deed.SPLIT_SUBJECT: frozenset({Role.DPO}),
    Deed.JOIN_SUBJECT: frozenset({Role.DPO}),
    Deed.SEE_LINKS: _OVERSIGHT,
    Deed.DECIDE_LINK: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.COMPARE_LINK: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.SEE_SAFETY: frozenset({Role.SUPERVISOR, Role.DPO, Role.AUDITOR, Role.ENGINEER}),
    Deed.JUDGE_SAFETY: frozenset({Role.DPO, Role.ENGINEER}),
    Deed.SEE_HOLDINGS: _OVERSIGHT,
    Deed.REPORT_USE: _EVERYONE,
    Deed.SEE_USES: _OVERSIGHT,
    Deed.SEE_MINIMISATION: _OVERSIGHT,
    Deed.LOOK_AT_USES: frozenset({Role.DPO}),
    Deed.ANSWER_PROPOSAL: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.SEE_MAP: _OVERSIGHT | {Role.ENGINEER},
    Deed.WRITE_DOWN_HOLDING: _ON_THE_CALL | {Role.ENGINEER},
    Deed.JUDGE_ORIGIN: frozenset({Role.DPO}),
    Deed.CHANGE_HOLDS: frozenset({Role.DPO}),
    Deed.AGREE_TO_HOLDS: _OVERSIGHT,
    Deed.SEE_RECEIPT: _ON_THE_CALL | _OVERSIGHT,
    Deed.SEE_EVIDENCE: frozenset({Role.DPO}),
    Deed.MAKE_REQUEST: _ON_THE_CALL,
    Deed.VOUCH: frozenset({Role.DPO}),
    Deed.SEE_REQUESTS: _OVERSIGHT,
    Deed.ANSWER_REQUEST: frozenset({Role.DPO}),
    Deed.SEE_PURPOSES: _EVERYONE,
    Deed.CHANGE_PURPOSES: frozenset({Role.DPO}),
    Deed.SEE_REVIEWS: _EVERYONE,
    Deed.DRAFT_REVIEW: frozenset({Role.SUPERVISOR, Role.DPO}),
    Deed.SIGN_REVIEW: _EVERYONE,
    Deed.RAISE_CONCERN: _EVERYONE,
    Deed.SEE_CONCERNS: _OVERSIGHT,
    Deed.OWN_CONCERN: _OVERSIGHT,
    Deed.DECIDE_APPEAL: _OVERSIGHT,
    Deed.SEE_RULES: _EVERYONE,
    Deed.DRAFT_RULES: _OVERSIGHT,
    Deed.ADOPT_RULES: _OVERSIGHT,
    Deed.SEE_OVERRIDES: _OVERSIGHT,
    Deed.GIVE_OVERRIDE: frozenset({Role.DPO}),
    Deed.SEE_CONTROLLER: _EVERYONE,
    Deed.SEE_TRUNKS: _OVERSIGHT | {Role.ENGINEER},
    Deed.CHANGE_TRUNKS: frozenset({Role.ENGINEER}),
    Deed.SEE_SYSTEMS: _OVERSIGHT | {Role.ENGINEER},
    Deed.CHANGE_SYSTEMS: frozenset({Role.DPO, Role.ENGINEER}),
    Deed.SEE_PROCEDURES: _OVERSIGHT | {Role.ENGINEER},
    Deed.CHANGE_PROCEDURES: frozenset({Role.DPO, Role.ENGINEER}),
    Deed.SCAN_SYSTEM: frozenset({Role.DPO, Role.ENGINEER}),
    Deed.SEE_FINDINGS: frozenset({Role.DPO, Role.AUDITOR}),
    Deed.REPORT_OUTCOME: _ON_THE_CALL | {Role.ENGINEER},
    Deed.SEND_VCON: frozenset({Role.CONSERVER}),
    Deed.SEE_PARITY: _OVERSIGHT,
    Deed.LOOK_AT_PARITY: frozenset({Role.DPO}),
    Deed.ANSWER_FLAG: frozenset({Role.DPO, Role.SUPERVISOR}),
    Deed.SEE_ACTIVITIES: _OVERSIGHT,
    Deed.SEE_BREACHES: frozenset({Role.DPO, Role.AUDITOR, Role.ENGINEER}),
    Deed.ENTER_BREACH: frozenset({Role.DPO, Role.ENGINEER}),
    Deed.ANSWER_BREACH: frozenset({Role.DPO}),
    Deed.DECLARE_RECIPIENTS: frozenset({Role.DPO}),
}


def permission(role: Role, deed: Deed) -> Permission:
    """Whether `role` may be let in to `deed`."""
    may = MAY.get(deed, frozenset()) & TOKEN_ROLES
    return Allowed() if role in may else NotThisRole(deed=deed, may=may)
