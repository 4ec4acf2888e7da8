"""What the tables of the console have in their columns, table by table."""

from dataclasses import replace

from rightcall.breaches.model import Open
from rightcall.console.happenings import SORTS, Line
from rightcall.console.places import CALLED
from rightcall.design.tables import Column, Table
from rightcall.discovery.decisions.model import Decision
from rightcall.discovery.saying import sort
from rightcall.discovery.scans.model import Estimate, Scan
from rightcall.ethics.minimisation.model import FieldRead, Point
from rightcall.holdings import saying
from rightcall.holdings.holds.model import Hold, Told
from rightcall.policy.adoption.model import Replayed, RuleChange
from rightcall.requests.model import Happened
from rightcall.requests.staying import Going
from rightcall.retention.clockwork import Scheduled
from rightcall.reviews.model import Alternative, Harm, Signature
from rightcall.staff.model import Token
from rightcall.staff.passkeys.model import Passkey
from rightcall.staff.sessions.model import Session

HOLDS: Table[Hold] = Table(
    file="holds",
    columns=(
        Column("name", "Name", lambda each: each.name.text),
        Column("why", "Why", lambda each: each.reason, is_picked=True),
        Column("ends", "Ends", lambda each: each.ends_on, is_period=True),
        Column("asked", "Once agreed to", lambda each: each.asked_until, is_shown=False),
        Column("slices", "Slices", lambda each: len(each.slices), is_number=True),
        Column("agreed", "Agreed", lambda each: "agreed" if each.agreed and not each.longer else "waits", is_picked=True),
    ),
)
TOLD: Table[Told] = Table(
    name="people",
    file="whom-it-is-about",
    columns=(
        Column("person", "Person", lambda each: str(each.subject)),
        Column("told", "Told", lambda each: each.at, is_period=True),
        Column("do", "What to do"),
    ),
)
ERASURES: Table[Going] = Table(
    file="erasures",
    columns=(
        Column("begun", "Begun", lambda each: each.erasure.begun_at, is_period=True),
        Column("keys", "Keys", lambda each: "destroyed" if each.erasure.destroyed_at else "not yet", is_picked=True),
        Column(
            "bytes", "Bytes here", lambda each: "confirmed gone" if each.erasure.confirmed_at else "not confirmed", is_picked=True
        ),
        Column("certificate", "Certificate", lambda each: "made" if each.erasure.certificate else "not yet", is_picked=True),
        Column("elsewhere", "Elsewhere", lambda each: "needs you" if each.needs_a_person else "in order", is_picked=True),
        Column("tell", "To tell", lambda each: each.tell.many if each.tell else 0, is_number=True),
        Column("by", "By", lambda each: each.tell.due_on if each.tell else None),
        Column("late", "Late", lambda each: "late" if each.is_late else "in time", is_picked=True, is_shown=False),
        Column(
            "word",
            "A word is missing",
            lambda each: "waits" if each.tell and each.tell.undecided else "no",
            is_picked=True,
            is_shown=False,
        ),
        Column("id", "Id", lambda each: str(each.erasure.id), is_shown=False),
    ),
)
EVERY_ERASURE: Table[Going] = replace(
    ERASURES,
    order="-begun",
    columns=tuple(replace(each, is_picked=False, is_sorted=each.is_period) for each in ERASURES.columns),
)
"""Of all that there ever were only the order in time has an index."""
TOKENS: Table[Token] = Table(
    name="tokens",
    file="tokens",
    order="-made",
    columns=(
        Column("for", "For", lambda each: each.label or None),
        Column("role", "Role", lambda each: each.role, is_picked=True, words=CALLED),
        Column("made", "Made", lambda each: each.created_at, is_period=True),
        Column("by", "By", lambda each: None if each.made_by is None else str(each.made_by.id), is_shown=False),
        Column("used", "Last used", lambda each: each.used_at),
        Column("ends", "Ends", lambda each: each.expires_at),
        Column("token", "Token", lambda each: str(each.id), is_shown=False),
        Column("do", "What to do"),
    ),
)
PASSKEYS: Table[tuple[Passkey, str]] = Table(
    name="passkeys",
    file="passkeys",
    finds=False,
    columns=(
        Column("device", "Device", lambda row: row[1]),
        Column("added", "Added", lambda row: row[0].added_at, is_period=True),
        Column("used", "Last used", lambda row: row[0].used_at),
        Column("do", "What to do"),
    ),
)
SESSIONS: Table[tuple[Session, bool]] = Table(
    name="sessions",
    file="sessions",
    columns=(
        Column("since", "Since", lambda row: row[0].signed_in_at, is_period=True),
        Column("by", "By", lambda row: row[0].way, is_picked=True),
        Column("seen", "Last seen", lambda row: row[0].seen_at),
        Column("now", "Now", lambda row: "over" if row[1] else "open", is_picked=True),
    ),
)
STEPS: Table[Happened] = Table(
    name="steps",
    file="steps",
    columns=(
        Column("when", "When", lambda each: each.at, is_period=True),
        Column("what", "What", lambda each: each.step, is_picked=True),
        Column("by", "By", lambda each: each.by.role, is_picked=True, words=CALLED),
        Column("detail", "More", lambda each: each.detail),
    ),
)
HARMS: Table[Harm] = Table(
    name="harms",
    file="harms",
    columns=(
        Column("who", "Who", lambda each: each.who),
        Column("how", "How", lambda each: each.how),
        Column("likely", "How likely, how bad", lambda each: f"{each.likelihood.value}, {each.severity.value}", is_picked=True),
        Column("done", "What is done about it", lambda each: each.done),
    ),
)
ALTERNATIVES: Table[Alternative] = Table(
    name="alternatives",
    file="alternatives",
    columns=(
        Column("what", "What needs less", lambda each: each.what),
        Column("enough", "Is it enough?", lambda each: each.enough, is_picked=True),
        Column("why", "Why", lambda each: each.why),
    ),
)
SIGNATURES: Table[Signature] = Table(
    name="signatures",
    file="signatures",
    columns=(
        Column("signed", "Signed", lambda each: each.signed_at, is_period=True),
        Column("role", "Role", lambda each: each.by.role, is_picked=True, words=CALLED),
        Column("speaks", "Speaks", lambda each: each.capacity, is_picked=True),
    ),
)
TERMS: Table[Point] = Table(
    name="terms",
    file="terms",
    columns=(
        Column("days", "Term", lambda each: each.days),
        Column("watched", "Watched to the end", lambda each: each.watched, is_number=True),
        Column("late", "Read later", lambda each: each.late, is_number=True),
        Column("high", "At most", lambda each: each.high, is_number=True),
    ),
)
FIELDS: Table[FieldRead] = Table(
    name="fields",
    file="fields-that-were-read",
    columns=(
        Column("field", "Field", lambda each: each.field),
        Column("uses", "Uses", lambda each: each.uses, is_number=True),
        Column("last", "Last", lambda each: each.last_at, is_period=True),
    ),
)
REPLAYS: Table[Replayed] = Table(
    name="replays",
    file="replays",
    columns=(
        Column("at", "Replayed", lambda each: each.at, is_period=True),
        Column("since", "Verdicts of", lambda each: each.since),
        Column("verdicts", "Verdicts", lambda each: each.verdicts, is_number=True),
        Column("changed", "Would be otherwise", lambda each: each.changed, is_number=True),
        Column("left_out", "Left out", lambda each: each.left_out, is_number=True),
    ),
)
CHANGES: Table[RuleChange] = Table(
    name="changes",
    file="changes",
    columns=(
        Column("says", "What it says", lambda each: each.says),
        Column("kind", "How", lambda each: each.kind, is_picked=True),
        Column("rule", "Rule", lambda each: each.rule, is_shown=False),
    ),
)
CLOCKWORK: Table[Scheduled] = Table(
    name="clockwork",
    file="what-the-clock-does",
    columns=(
        Column("what", "What", lambda row: row.schedule.says),
        Column("last", "Last run", lambda row: row.run.ran_at if row.run else None),
        Column("ended", "How it ended", lambda row: row.run.outcome if row.run else None, is_picked=True),
        Column("did", "Did", lambda row: row.run.did if row.run else None, is_number=True),
        Column("next", "Next", lambda row: row.next_at),
    ),
)
DECISIONS: Table[Decision] = Table(
    name="decisions",
    file="decisions",
    columns=(
        Column("when", "When", lambda each: each.at, is_period=True),
        Column("was", "From, to", lambda each: f"{each.was.value}, {each.now.value}"),
        Column("why", "Why", lambda each: each.reason, is_picked=True),
        Column("by", "By", lambda each: each.by.role, is_picked=True, words=CALLED),
    ),
)
OPEN: Table[Open] = Table(
    name="open",
    file="what-lay-open",
    columns=(
        Column("category", "Category", lambda each: saying.category(each.category)),
        Column("things", "Things", lambda each: each.items, is_number=True),
        Column("people", "People", lambda each: each.people, is_number=True),
        Column("nobodys", "Nobody's", lambda each: each.nobodys, is_number=True),
        Column("after", "Seen only afterwards", lambda each: each.first_seen_after, is_number=True),
    ),
)
SCANS: Table[Scan] = Table(
    name="scans",
    file="scans",
    columns=(
        Column("began", "Began", lambda each: each.started_at, is_period=True),
        Column("ended", "Ended", lambda each: each.outcome or "goes on", is_picked=True),
        Column("how", "How", lambda each: each.how.sample, is_number=False),
        Column("by", "By", lambda each: each.started_by.role, is_picked=True, words=CALLED),
    ),
)
ESTIMATES: Table[Estimate] = Table(
    name="estimates",
    file="estimates",
    columns=(
        Column("type", "Sort", lambda each: sort(each.type)),
        Column("of", "Of all", lambda each: each.of, is_picked=True),
        Column("least", "At least", lambda each: each.least, is_number=True),
        Column("most", "At most", lambda each: each.most, is_number=True),
    ),
)
FOUND: Table[tuple[str, tuple[int, int]]] = Table(
    name="found",
    file="what-was-found",
    order="-findings",
    columns=(
        Column("type", "Sort", lambda row: sort(row[0])),
        Column("findings", "Findings", lambda row: row[1][0], is_number=True),
        Column("objects", "In objects", lambda row: row[1][1], is_number=True),
    ),
)
READ = {
    "objects": "objects",
    "parts": "parts within objects that were read",
    "unchanged": "parts within objects that have not changed since",
}
"""Of what was not read: which sort it is."""
NOT_READ: Table[tuple[str, str, int]] = Table(
    name="not_read",
    file="not-read",
    columns=(
        Column("what", "What", lambda row: row[0], is_picked=True, words=READ),
        Column("why", "Why", lambda row: row[1]),
        Column("many", "How many", lambda row: row[2], is_number=True),
    ),
)
USES: Table[tuple[str, str, str]] = Table(
    name="for",
    file="what-for",
    columns=(
        Column("purpose", "Purpose", lambda row: row[0], is_picked=True, is_own=True),
        Column("objects", "Objects", lambda row: row[1]),
        Column("fields", "Fields", lambda row: row[2]),
    ),
)
HAPPENINGS: Table[Line] = Table(
    file="what-happened",
    page=100,
    columns=(
        Column("when", "When", lambda each: each.at, is_period=True),
        Column("kind", "Sort", lambda each: each.sort, is_picked=True, words=SORTS),
        Column("what", "What", lambda each: each.says),
        Column("for", "For", lambda each: each.purpose, is_picked=True, is_own=True),
        Column("by", "By", lambda each: each.by, is_picked=True, words=CALLED),
    ),
)
