"""The tables `concerns`, `concern_codes`, `concern_steps`: raising, reading, writing down."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.concerns.model import (
    AboutCall,
    AboutNotice,
    AboutPurpose,
    AboutRule,
    Concern,
    Finding,
    Outcome,
    RaisedAs,
    SealedRaiser,
    SealedWords,
    Step,
    Target,
    TargetKind,
    Trace,
)
from rightcall.concerns.rules import kind_of
from rightcall.concerns.states import Ending, Stage, state_of
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import CallId, ConcernId, ControllerId, NoticeId, PurposeId, StatementId, SubjectId


def insert_concern(tx: Transaction, concern: Concern, words: SealedWords, raiser: SealedRaiser) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO concerns (controller, concern, target, purpose, rule, notice, call, raised_as, raised_on, words_key,
            sealed_subject, sealed_words, raiser_key, sealed_raiser, raiser_tag, raiser_by_code, raiser_by_token, stage,
            answer_due_on)
        VALUES (%(controller)s, %(concern)s, %(target)s, %(purpose)s, %(rule)s, %(notice)s, %(call)s, %(raised_as)s,
            %(raised_on)s, %(words_key)s, %(subject)s, %(words)s, %(raiser_key)s, %(raiser)s, %(tag)s, %(by_code)s,
            %(by_token)s, %(stage)s, %(answer_due_on)s)
        """,
        controller=tx.of,
        concern=concern.id,
        target=kind_of(concern.target).value,
        purpose=concern.target.purpose if isinstance(concern.target, AboutPurpose) else None,
        rule=concern.target.rule if isinstance(concern.target, AboutRule) else None,
        notice=concern.target.notice if isinstance(concern.target, AboutNotice) else None,
        call=concern.target.call if isinstance(concern.target, AboutCall) else None,
        raised_as=concern.raised_as.value,
        raised_on=concern.raised_on,
        words_key=words.key,
        subject=words.subject,
        words=words.words,
        raiser_key=raiser.key,
        raiser=raiser.identity,
        tag=raiser.tag,
        by_code=raiser.by_code,
        by_token=raiser.by_token,
        stage=concern.state.stage.value,
        answer_due_on=concern.answer_due_on,
    )


def insert_code(tx: Transaction, concern: ConcernId, digest: bytes) -> None:
    sql.execute(
        tx,
        "INSERT INTO concern_codes (controller, concern, digest) VALUES (%(controller)s, %(concern)s, %(digest)s)",
        controller=tx.of,
        concern=concern,
        digest=digest,
    )


def by_digest(system_tx: Transaction, digest: bytes) -> tuple[ControllerId, ConcernId] | None:
    row = sql.maybe_row(system_tx, "SELECT controller, concern FROM concern_codes WHERE digest = %(digest)s", digest=digest)
    return None if row is None else (ControllerId(row["controller"]), ConcernId(row["concern"]))


def concern_by_id(tx: Transaction, concern: ConcernId) -> Concern | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT concern, target, purpose, rule, notice, call, raised_as, raised_on, stage, ending, owner, owner_role,
            answer_due_on, outcome, answered_by, answered_role, answered_at, appealed_on, decision_due_on, decision, decided_by,
            decided_role, decided_at, closed_on, escalated_for, consent_key IS NOT NULL AS may_be_shown, forgotten_on,
            forget_asked_on
        FROM concerns WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
    )
    return None if row is None else _concern(row)


def lock_concern(tx: Transaction, concern: ConcernId) -> None:
    sql.execute(
        tx,
        "SELECT concern FROM concerns WHERE controller = %(controller)s AND concern = %(concern)s FOR UPDATE",
        controller=tx.of,
        concern=concern,
    )


def sealed_words(tx: Transaction, concern: ConcernId) -> SealedWords:
    row = sql.one_row(
        tx,
        """
        SELECT words_key, sealed_subject, sealed_words, sealed_answer, sealed_appeal, sealed_decision
        FROM concerns WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
    )
    return SealedWords(
        key=SubjectId(row["words_key"]),
        subject=row["sealed_subject"],
        words=row["sealed_words"],
        answer=row["sealed_answer"],
        appeal=row["sealed_appeal"],
        decision=row["sealed_decision"],
    )


def sealed_raiser(tx: Transaction, concern: ConcernId) -> SealedRaiser:
    row = sql.one_row(
        tx,
        """
        SELECT raiser_key, sealed_raiser, raiser_tag, raiser_by_code, raiser_by_token, consent_key, sealed_consent
        FROM concerns WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
    )
    return SealedRaiser(
        key=None if row["raiser_key"] is None else SubjectId(row["raiser_key"]),
        identity=row["sealed_raiser"],
        tag=row["raiser_tag"],
        by_code=row["raiser_by_code"],
        by_token=row["raiser_by_token"],
        consent_key=None if row["consent_key"] is None else SubjectId(row["consent_key"]),
        consent=row["sealed_consent"],
    )


def concerns_page(
    tx: Transaction,
    *,
    before: date,
    stage: Stage | None,
    target: TargetKind | None,
    purpose: PurposeId | None,
    overdue_on: date | None,
    after: ConcernId | None,
    limit: int | None,
) -> list[Concern]:
    """Raised before that day; newest day first, and within a day in no order that tells anything."""
    rows = sql.all_rows(
        tx,
        """
        SELECT concern, target, purpose, rule, notice, call, raised_as, raised_on, stage, ending, owner, owner_role,
            answer_due_on, outcome, answered_by, answered_role, answered_at, appealed_on, decision_due_on, decision, decided_by,
            decided_role, decided_at, closed_on, escalated_for, consent_key IS NOT NULL AS may_be_shown, forgotten_on,
            forget_asked_on
        FROM concerns
        WHERE controller = %(controller)s AND raised_on < %(before)s
            AND (%(stage)s::text IS NULL OR stage = %(stage)s)
            AND (%(target)s::text IS NULL OR target = %(target)s)
            AND (%(purpose)s::uuid IS NULL OR purpose = %(purpose)s)
            AND (%(overdue_on)s::date IS NULL OR (stage IN ('raised', 'owned') AND answer_due_on < %(overdue_on)s)
                OR (stage = 'appealed' AND decision_due_on < %(overdue_on)s))
            AND (%(after)s::uuid IS NULL OR (raised_on, concern) < (
                SELECT c.raised_on, c.concern FROM concerns c
                WHERE c.controller = %(controller)s AND c.concern = %(after)s))
        ORDER BY raised_on DESC, concern DESC LIMIT %(limit)s
        """,
        controller=tx.of,
        before=before,
        stage=None if stage is None else stage.value,
        target=None if target is None else target.value,
        purpose=purpose,
        overdue_on=overdue_on,
        after=after,
        limit=limit,
    )
    return [_concern(row) for row in rows]


def not_closed(tx: Transaction) -> list[Concern]:
    rows = sql.all_rows(
        tx,
        """
        SELECT concern, target, purpose, rule, notice, call, raised_as, raised_on, stage, ending, owner, owner_role,
            answer_due_on, outcome, answered_by, answered_role, answered_at, appealed_on, decision_due_on, decision, decided_by,
            decided_role, decided_at, closed_on, escalated_for, consent_key IS NOT NULL AS may_be_shown, forgotten_on,
            forget_asked_on
        FROM concerns WHERE controller = %(controller)s AND stage <> 'closed' ORDER BY concern
        """,
        controller=tx.of,
    )
    return [_concern(row) for row in rows]


def raised_between(tx: Transaction, first: date, last: date) -> list[Concern]:
    rows = sql.all_rows(
        tx,
        """
        SELECT concern, target, purpose, rule, notice, call, raised_as, raised_on, stage, ending, owner, owner_role,
            answer_due_on, outcome, answered_by, answered_role, answered_at, appealed_on, decision_due_on, decision, decided_by,
            decided_role, decided_at, closed_on, escalated_for, consent_key IS NOT NULL AS may_be_shown, forgotten_on,
            forget_asked_on
        FROM concerns WHERE controller = %(controller)s AND raised_on BETWEEN %(first)s AND %(last)s
        """,
        controller=tx.of,
        first=first,
        last=last,
    )
    return [_concern(row) for row in rows]


def to_forget(tx: Transaction, *, closed_before: date, today: date) -> list[ConcernId]:
    """Closed before that day; or before today, where the raiser wanted that before today. Those not forgotten yet."""
    rows = sql.all_rows(
        tx,
        """
        SELECT concern FROM concerns
        WHERE controller = %(controller)s AND forgotten_on IS NULL AND closed_on < %(today)s
            AND (closed_on < %(closed_before)s OR forget_asked_on < %(today)s)
        ORDER BY concern
        """,
        controller=tx.of,
        closed_before=closed_before,
        today=today,
    )
    return [ConcernId(row["concern"]) for row in rows]


def bound_to_subject(tx: Transaction) -> list[ConcernId]:
    """Whose words lie under a customer's key too, as they did before migration 0039."""
    rows = sql.all_rows(
        tx,
        """
        SELECT concern FROM concerns
        WHERE controller = %(controller)s AND words_of_subject AND forgotten_on IS NULL ORDER BY concern
        """,
        controller=tx.of,
    )
    return [ConcernId(row["concern"]) for row in rows]


def faulted_since(tx: Transaction, purpose: PurposeId, notices: Collection[NoticeId], at: datetime) -> bool:
    """Whether what was found last of a concern about any of these found fault, at that instant or later."""
    row = sql.one_row(
        tx,
        """
        SELECT EXISTS (
            SELECT FROM concerns
            WHERE controller = %(controller)s AND (purpose = %(purpose)s OR notice = ANY(%(notices)s))
                AND coalesce(decision, outcome) IN ('upheld', 'partly') AND coalesce(decided_at, answered_at) >= %(at)s
        ) AS found
        """,
        controller=tx.of,
        purpose=purpose,
        notices=list(notices),
        at=at,
    )
    return bool(row["found"])


def open_about(tx: Transaction, purpose: PurposeId, notices: Collection[NoticeId], before: date) -> int:
    row = sql.one_row(
        tx,
        """
        SELECT count(*) AS concerns FROM concerns
        WHERE controller = %(controller)s AND (purpose = %(purpose)s OR notice = ANY(%(notices)s)) AND stage <> 'closed'
            AND raised_on < %(before)s
        """,
        controller=tx.of,
        purpose=purpose,
        notices=list(notices),
        before=before,
    )
    return int(row["concerns"])


def calls_with_words(tx: Transaction, calls: Sequence[CallId]) -> set[CallId]:
    """Those about which a concern was raised whose words are not forgotten."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT call FROM concerns
        WHERE controller = %(controller)s AND call = ANY(%(calls)s::uuid[]) AND forgotten_on IS NULL
        """,
        controller=tx.of,
        calls=list(calls),
    )
    return {CallId(row["call"]) for row in rows}


def tags(tx: Transaction) -> list[tuple[ConcernId, bytes]]:
    """What tells a raiser's token, of every concern of staff that is not forgotten."""
    rows = sql.all_rows(
        tx,
        """
        SELECT concern, raiser_tag FROM concerns
        WHERE controller = %(controller)s AND raiser_tag IS NOT NULL AND forgotten_on IS NULL
        ORDER BY raised_on DESC, concern
        """,
        controller=tx.of,
    )
    return [(ConcernId(row["concern"]), bytes(row["raiser_tag"])) for row in rows]


def insert_step(tx: Transaction, concern: ConcernId, trace: Trace, statement: StatementId) -> None:
    """The next one. Only while the concern's row is held, or new."""
    sql.execute(
        tx,
        """
        INSERT INTO concern_steps (controller, concern, nth, step, at, actor, role, outcome, statement)
        SELECT %(controller)s, %(concern)s, 1 + count(*), %(step)s, %(at)s, %(actor)s::uuid, %(role)s, %(outcome)s, %(statement)s
        FROM concern_steps WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
        step=trace.step.value,
        at=trace.at,
        actor=None if trace.by is None else trace.by.id,
        role=None if trace.by is None else trace.by.role.value,
        outcome=None if trace.outcome is None else trace.outcome.value,
        statement=statement,
    )


def steps(tx: Transaction, concern: ConcernId) -> list[tuple[Trace, StatementId]]:
    rows = sql.all_rows(
        tx,
        """
        SELECT step, at, actor, role, outcome, statement FROM concern_steps
        WHERE controller = %(controller)s AND concern = %(concern)s ORDER BY nth
        """,
        controller=tx.of,
        concern=concern,
    )
    return [
        (
            Trace(
                step=Step(row["step"]),
                at=row["at"],
                by=_actor(row["actor"], row["role"]),
                outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
            ),
            StatementId(row["statement"]),
        )
        for row in rows
    ]


def statements(tx: Transaction, kinds: Collection[str]) -> list[bytes]:
    """The leaves of these kinds: where the ledger says who did what a concern may be about."""
    rows = sql.all_rows(
        tx,
        "SELECT leaf FROM statements WHERE controller = %(controller)s AND kind = ANY (%(kinds)s)",
        controller=tx.of,
        kinds=list(kinds),
    )
    return [bytes(row["leaf"]) for row in rows]


def _concern(row: sql.Row) -> Concern:
    return Concern(
        id=ConcernId(row["concern"]),
        target=_target(row),
        raised_as=RaisedAs(row["raised_as"]),
        raised_on=row["raised_on"],
        state=state_of(Stage(row["stage"]), None if row["ending"] is None else Ending(row["ending"])),
        owner=_actor(row["owner"], row["owner_role"]),
        answer_due_on=row["answer_due_on"],
        answer=_finding(row["outcome"], row["answered_by"], row["answered_role"], row["answered_at"]),
        appealed_on=row["appealed_on"],
        decision_due_on=row["decision_due_on"],
        decision=_finding(row["decision"], row["decided_by"], row["decided_role"], row["decided_at"]),
        closed_on=row["closed_on"],
        escalated_for=row["escalated_for"],
        may_be_shown=row["may_be_shown"],
        forgotten_on=row["forgotten_on"],
        forget_asked_on=row["forget_asked_on"],
    )


def _target(row: sql.Row) -> Target:
    match TargetKind(row["target"]):
        case TargetKind.PURPOSE:
            return AboutPurpose(PurposeId(row["purpose"]))
        case TargetKind.RULE:
            return AboutRule(row["rule"])
        case TargetKind.NOTICE:
            return AboutNotice(NoticeId(row["notice"]))
        case TargetKind.CALL:
            return AboutCall(None if row["call"] is None else CallId(row["call"]))


def _finding(outcome: str | None, by: UUID | None, role: str | None, at: datetime | None) -> Finding | None:
    actor = _actor(by, role)
    return None if outcome is None or actor is None or at is None else Finding(outcome=Outcome(outcome), by=actor, at=at)


def _actor(id: UUID | None, role: str | None) -> Actor | None:
    return None if id is None or role is None else Actor(id=id, role=Role(role))
