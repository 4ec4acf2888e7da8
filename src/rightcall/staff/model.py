"""Who works here: API tokens. A token is one role at one controller; it stands for a person or a program, and names neither."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor, Role
from rightcall.ids import ControllerId, TokenId


class Deed(StrEnum):
    """What a face can be asked to do. Each route asks for exactly one; `staff.rules` says which roles may."""

    SEE_CALLS = "see calls"
    RECORD_CHOICE = "record a choice"
    ASK_PARTY = "record that a notice was played"
    NOTE_PRESSURE = "note that a yes was pressed for"
    SEE_QUALITY = "see what yeses are worth"
    JUDGE_CHOICE = "weigh a yes anew, release or let go of what is in quarantine"
    MARK_PARTY = "say of a party what rules weigh"
    PAUSE_CALL = "pause or resume a call"
    EXPORT_CALL = "export a call"
    IMPORT_VCON = "take in a vCon"
    PLAY_HOLDING = "play a recording"
    ASK_VERDICT = "ask for a verdict"
    SEE_VERDICTS = "see what was decided"
    FIND_SUBJECT = "find a person"
    SEE_SUBJECT = "see a person's identifiers"
    CHANGE_SUBJECT = "change what a person is known by"
    SAY_WHO = "say who called from a shared number"
    SPLIT_SUBJECT = "tell two people apart"
    JOIN_SUBJECT = "say that two subjects are one person"
    SEE_LINKS = "see whose records are"
    DECIDE_LINK = "say whose a record is"
    COMPARE_LINK = "see a record in doubt beside whom it may be about"
    SEE_SAFETY = "see how safely systems keep data"
    JUDGE_SAFETY = "look at a system's safety, accept a weakness"
    SEE_HOLDINGS = "see what is held about a person"
    REPORT_USE = "report a use of what is held"
    SEE_USES = "see who used what is held"
    SEE_MINIMISATION = "see what purposes really read, and what follows"
    LOOK_AT_USES = "look now at what purposes really read"
    ANSWER_PROPOSAL = "accept or reject a proposal to keep less"
    SEE_MAP = "see how much is held of what, and where"
    WRITE_DOWN_HOLDING = "write down what another system keeps, and where it came from"
    JUDGE_ORIGIN = "say that an origin fell, or that it holds again"
    CHANGE_HOLDS = "place or lift a hold"
    AGREE_TO_HOLDS = "agree to a hold"
    ASK_LONGER = "ask for a longer term"
    SHORTEN = "give a shorter term"
    SEE_RECEIPT = "see the receipt of a choice"
    HAND_OUT_RECEIPT = "hand a person the receipt of their choice"
    SEE_EVIDENCE = "see the evidence of a choice"
    MAKE_REQUEST = "enter a person's request"
    VOUCH = "answer for who asks"
    SEE_REQUESTS = "see requests"
    SEE_WISH = "see what a person wrote with a request"
    ANSWER_REQUEST = "answer a person's request"
    SEE_PURPOSES = "see purposes and notices"
    CHANGE_PURPOSES = "change purposes"
    PUBLISH_NOTICE = "publish notices"
    SEE_REVIEWS = "see reviews of purposes"
    DRAFT_REVIEW = "write a review of a purpose"
    SIGN_REVIEW = "sign or withdraw a review"
    RAISE_CONCERN = "raise a concern, and follow one's own"
    SEE_CONCERNS = "see concerns"
    OWN_CONCERN = "take and answer a concern"
    DECIDE_APPEAL = "decide an appeal"
    SEE_RULES = "see rules, drafts and what was adopted"
    DRAFT_RULES = "draft and replay house rules"
    ADOPT_RULES = "sign or withdraw a draft of house rules"
    SEE_OVERRIDES = "see who set a house rule aside, and why"
    GIVE_OVERRIDE = "set a house rule aside"
    SEE_CONTROLLER = "see the controller"
    SEE_TRUNKS = "see trunks"
    CHANGE_TRUNKS = "change trunks"
    SEE_SYSTEMS = "see other systems and their scans"
    CHANGE_SYSTEMS = "register, check or retire another system"
    SEE_PROCEDURES = "see what durable work runs, waits or failed"
    CHANGE_PROCEDURES = "begin failed work again, or cancel it"
    SCAN_SYSTEM = "start or cancel a scan"
    SEE_FINDINGS = "see where findings lie and what was not read"
    REPORT_OUTCOME = "report how a call went"
    SEND_VCON = "send the vCons of a conserver"
    SEE_PARITY = "see how those fare who said no"
    LOOK_AT_PARITY = "look at parity now"
    ANSWER_FLAG = "answer a parity flag"
    SEE_ACTIVITIES = "see the record of processing"
    SEE_LEDGER = "browse the ledger"
    SEE_BREACHES = "see breaches, and what a leak would mean"
    SEE_AFFECTED = "see who is affected by a breach, and drafts of what is told"
    ENTER_BREACH = "enter and correct a breach, and have it weighed anew"
    ANSWER_BREACH = "write down who was told of a breach, and close it"
    DECLARE_RECIPIENTS = "declare who receives data and who answers for it"
    SEE_STAFF = "see who works here, and their tokens"
    CHANGE_STAFF = "change who works here, and their tokens"
    AGREE_TO_ACCESS = "agree to somebody or a program that may read what is held of people"
    KEEP_ACCOUNT = "look after one's own passkeys and sessions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token once it has been shown: everything but the secret. `label`: which program it is for; empty where
    nobody said. `made_by`: None where it is older than that was written down. `used_at`: to the hour; None where it never was,
    or not since that is written down. `waits`: it opens nothing before a DPO has agreed."""

    id: TokenId
    controller: ControllerId
    role: Role
    label: str
    made_by: Actor | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    waits: bool

    def opens(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token at the one moment when its secret can be read."""

    token: Token
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """This role may do this deed. Whether it is right with this call or holding, `policy` decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotThisRole:
    """This role may not; these may."""

    deed: Deed
    may: frozenset[Role]


Permission = Allowed | NotThisRole
