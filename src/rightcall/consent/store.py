"""The tables `asks`, `opened_grants` and `choices`. They only grow: the database grants no right to change or remove a row,
but for the seal of a choice's evidence, which is made anew where the party turns out to be somebody else."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from rightcall.actors import Actor, Role
from rightcall.consent.model import Answer, Ask, AskId, Channel, Choice, EvidenceKind, GrantOutcome, LastWord, Told
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import CallId, ChoiceId, GrantId, NoticeId, PartyId, PurposeId, StatementId, SubjectId
from rightcall.purposes.model import Keypad, LawfulBasis, Notice

_CHOICES: LiteralString = (
    "SELECT c.choice, c.party, c.call, c.subject, c.purpose, c.sequence, c.answer, c.notice, c.notice_digest, c.language,"
    " c.channel, c.made_by, c.made_as, c.ask, a.asked_by, a.asked_as, c.evidence_kind, c.evidence_commitment,"
    " c.subject_commitment, c.grant_id, c.outcome, c.made_at, c.written_at, c.statement"
    " FROM choices c LEFT JOIN asks a ON a.controller = c.controller AND a.ask = c.ask"
)
_LIVING: LiteralString = (
    "SELECT g.party, g.purpose, g.grant_id FROM opened_grants g"
    " JOIN parties p ON p.controller = g.controller AND p.party = g.party"
    " WHERE p.controller = %(controller)s AND NOT EXISTS (SELECT FROM choices w WHERE w.controller = g.controller"
    " AND w.party = g.party AND w.purpose = g.purpose AND w.answer = 'withdrawn' AND (w.grant_id = g.grant_id"
    " OR w.sequence > (SELECT min(o.sequence) FROM choices o WHERE o.controller = g.controller AND o.grant_id = g.grant_id"
    " AND o.outcome = 'opened')))"
)


def insert_ask(
    tx: Transaction, ask: Ask, *, subject: SubjectId, notice: Notice, after_sequence: int, statement: StatementId, told: Told
) -> None:
    sql.execute(
        tx,
        "INSERT INTO asks (controller, ask, party, call, subject, purpose, notice, language, notice_digest, asked_by, asked_as,"
        " asked_at, expires_at, after_sequence, statement, party_language, spoken_from, spoken_until, steps_yes, steps_no) VALUES"
        " (%(controller)s, %(ask)s, %(party)s, %(call)s, %(subject)s, %(purpose)s, %(notice)s, %(language)s, %(notice_digest)s,"
        " %(asked_by)s, %(asked_as)s, %(asked_at)s, %(expires_at)s, %(after_sequence)s, %(statement)s, %(party_language)s,"
        " %(spoken_from)s, %(spoken_until)s, %(steps_yes)s, %(steps_no)s)",
        controller=tx.of,
        ask=ask.id,
        party=ask.party,
        call=ask.call,
        subject=subject,
        purpose=ask.purpose,
        notice=ask.notice,
        language=notice.language,
        notice_digest=notice.digest,
        asked_by=ask.by.id,
        asked_as=ask.by.role.value,
        asked_at=ask.asked_at,
        expires_at=ask.expires_at,
        after_sequence=after_sequence,
        statement=statement,
        party_language=told.party_language,
        spoken_from=told.spoken_from,
        spoken_until=told.spoken_until,
        steps_yes=None if told.steps is None else told.steps.yes,
        steps_no=None if told.steps is None else told.steps.no,
    )


def asks_of_party(tx: Transaction, party: PartyId) -> list[tuple[Ask, bool]]:
    """Oldest first; with each, whether it is still open."""
    rows = sql.all_rows(
        tx,
        "SELECT a.ask, a.call, a.party, a.purpose, a.notice, a.asked_by, a.asked_as, a.asked_at, a.expires_at, n.keypad_yes,"
        " n.keypad_no, NOT EXISTS (SELECT FROM choices c WHERE c.controller = a.controller AND c.party = a.party"
        " AND c.purpose = a.purpose AND c.sequence > a.after_sequence) AS open"
        " FROM asks a JOIN notices n ON n.controller = a.controller AND n.notice = a.notice"
        " WHERE a.controller = %(controller)s AND a.party = %(party)s ORDER BY a.asked_at, a.ask",
        controller=tx.of,
        party=party,
    )
    return [(_ask(row), row["open"]) for row in rows]


def asks_of_call(tx: Transaction, call: CallId) -> list[Ask]:
    """Oldest first."""
    rows = sql.all_rows(
        tx,
        "SELECT a.ask, a.call, a.party, a.purpose, a.notice, a.asked_by, a.asked_as, a.asked_at, a.expires_at, n.keypad_yes,"
        " n.keypad_no FROM asks a JOIN notices n ON n.controller = a.controller AND n.notice = a.notice"
        " WHERE a.controller = %(controller)s AND a.call = %(call)s ORDER BY a.asked_at, a.ask",
        controller=tx.of,
        call=call,
    )
    return [_ask(row) for row in rows]


def latest_sequence(tx: Transaction, party: PartyId, purpose: PurposeId) -> int:
    """0 before the first choice."""
    row = sql.one_row(
        tx,
        "SELECT coalesce(max(sequence), 0) AS sequence FROM choices"
        " WHERE controller = %(controller)s AND party = %(party)s AND purpose = %(purpose)s",
        controller=tx.of,
        party=party,
        purpose=purpose,
    )
    return int(row["sequence"])


def insert_grant(tx: Transaction, grant: GrantId, party: PartyId, purpose: PurposeId, basis: LawfulBasis, at: datetime) -> None:
    sql.execute(
        tx,
        "INSERT INTO opened_grants (controller, grant_id, party, purpose, basis, opened_at)"
        " VALUES (%(controller)s, %(grant_id)s, %(party)s, %(purpose)s, %(basis)s, %(at)s)",
        controller=tx.of,
        grant_id=grant,
        party=party,
        purpose=purpose,
        basis=basis.value,
        at=at,
    )


def living_grants(tx: Transaction, party: PartyId, purpose: PurposeId) -> list[GrantId]:
    """Those that no withdrawal has ended, oldest first: one for each yes. A withdrawal ends every one that a yes opened before
    it, and the one that it names."""
    rows = sql.all_rows(
        tx,
        "SELECT g.grant_id FROM opened_grants g WHERE g.controller = %(controller)s AND g.party = %(party)s"
        " AND g.purpose = %(purpose)s AND NOT EXISTS (SELECT FROM choices w WHERE w.controller = g.controller"
        " AND w.party = g.party AND w.purpose = g.purpose AND w.answer = 'withdrawn' AND (w.grant_id = g.grant_id"
        " OR w.sequence > (SELECT min(o.sequence) FROM choices o WHERE o.controller = g.controller"
        " AND o.grant_id = g.grant_id AND o.outcome = 'opened'))) ORDER BY g.opened_at, g.grant_id",
        controller=tx.of,
        party=party,
        purpose=purpose,
    )
    return [GrantId(row["grant_id"]) for row in rows]


def on_basis(tx: Transaction, grants: Sequence[GrantId]) -> list[GrantId]:
    """Which of these no yes opened."""
    rows = sql.all_rows(
        tx,
        "SELECT g.grant_id FROM opened_grants g WHERE g.controller = %(controller)s AND g.grant_id = ANY(%(grants)s)"
        " AND NOT EXISTS (SELECT FROM choices o WHERE o.controller = g.controller AND o.grant_id = g.grant_id"
        " AND o.outcome = 'opened')",
        controller=tx.of,
        grants=list(grants),
    )
    return [GrantId(row["grant_id"]) for row in rows]


def living_grants_of_call(tx: Transaction, call: CallId) -> list[tuple[PartyId, PurposeId, GrantId]]:
    """The same of everybody in a call, oldest first."""
    rows = sql.all_rows(
        tx,
        _LIVING + " AND p.call = %(call)s ORDER BY g.opened_at, g.grant_id",
        controller=tx.of,
        call=call,
    )
    return [(PartyId(row["party"]), PurposeId(row["purpose"]), GrantId(row["grant_id"])) for row in rows]


def living_grants_of_calls(tx: Transaction, calls: Sequence[CallId]) -> list[tuple[PartyId, PurposeId, GrantId]]:
    """The same of everybody in several calls."""
    rows = sql.all_rows(
        tx,
        _LIVING + " AND p.call = ANY(%(calls)s) ORDER BY g.opened_at, g.grant_id",
        controller=tx.of,
        calls=list(calls),
    )
    return [(PartyId(row["party"]), PurposeId(row["purpose"]), GrantId(row["grant_id"])) for row in rows]


def insert_choice(tx: Transaction, choice: Choice, sealed_evidence: bytes | None, idempotency: bytes | None) -> None:
    sql.execute(
        tx,
        "INSERT INTO choices (controller, choice, party, call, subject, purpose, sequence, answer, notice, notice_digest,"
        " language, channel, made_by, made_as, ask, evidence_kind, sealed_evidence, evidence_commitment, subject_commitment,"
        " grant_id, outcome, idempotency, made_at, written_at, statement) VALUES (%(controller)s, %(choice)s, %(party)s,"
        " %(call)s, %(subject)s, %(purpose)s, %(sequence)s, %(answer)s, %(notice)s, %(notice_digest)s, %(language)s, %(channel)s,"
        " %(made_by)s, %(made_as)s, %(ask)s, %(evidence_kind)s, %(sealed_evidence)s, %(evidence_commitment)s,"
        " %(subject_commitment)s, %(grant_id)s, %(outcome)s, %(idempotency)s, %(made_at)s, %(written_at)s, %(statement)s)",
        controller=tx.of,
        choice=choice.id,
        party=choice.party,
        call=choice.call,
        subject=choice.subject,
        purpose=choice.purpose,
        sequence=choice.sequence,
        answer=choice.answer.value,
        notice=choice.notice,
        notice_digest=choice.notice_digest,
        language=choice.language,
        channel=choice.channel.value,
        made_by=choice.by.id,
        made_as=choice.by.role.value,
        ask=choice.ask,
        evidence_kind=choice.evidence_kind.value,
        sealed_evidence=sealed_evidence,
        evidence_commitment=choice.evidence_commitment,
        subject_commitment=choice.subject_commitment,
        grant_id=choice.grant,
        outcome=None if choice.outcome is None else choice.outcome.value,
        idempotency=idempotency,
        made_at=choice.made_at,
        written_at=choice.written_at,
        statement=choice.statement,
    )


def choice_by_id(tx: Transaction, choice: ChoiceId) -> Choice | None:
    row = sql.maybe_row(
        tx,
        _CHOICES + " WHERE c.controller = %(controller)s AND c.choice = %(choice)s",
        controller=tx.of,
        choice=choice,
    )
    return None if row is None else _choice(row)


def choice_by_idempotency(tx: Transaction, idempotency: bytes) -> Choice | None:
    row = sql.maybe_row(
        tx,
        _CHOICES + " WHERE c.controller = %(controller)s AND c.idempotency = %(idempotency)s",
        controller=tx.of,
        idempotency=idempotency,
    )
    return None if row is None else _choice(row)


def choices_of_party(tx: Transaction, party: PartyId, purpose: PurposeId | None = None) -> list[Choice]:
    """In the order they were made; about one purpose, or about all."""
    rows = sql.all_rows(
        tx,
        _CHOICES + " WHERE c.controller = %(controller)s AND c.party = %(party)s"
        " AND (%(purpose)s::uuid IS NULL OR c.purpose = %(purpose)s) ORDER BY c.purpose, c.sequence",
        controller=tx.of,
        party=party,
        purpose=purpose,
    )
    return [_choice(row) for row in rows]


def choices_of_subject(tx: Transaction, subject: SubjectId) -> list[Choice]:
    rows = sql.all_rows(
        tx,
        _CHOICES + " JOIN parties p ON p.controller = c.controller AND p.party = c.party"
        " WHERE p.controller = %(controller)s AND p.subject = %(subject)s ORDER BY c.made_at, c.purpose, c.sequence",
        controller=tx.of,
        subject=subject,
    )
    return [_choice(row) for row in rows]


def parties_with_yes(tx: Transaction, subjects: Sequence[SubjectId]) -> list[PartyId]:
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT party FROM (
            SELECT DISTINCT ON (c.party, c.purpose) c.party, c.answer
            FROM choices c JOIN parties p ON p.controller = c.controller AND p.party = c.party
            WHERE p.controller = %(controller)s AND p.subject = ANY(%(subjects)s) ORDER BY c.party, c.purpose, c.sequence DESC
        ) newest WHERE answer = 'granted' ORDER BY party
        """,
        controller=tx.of,
        subjects=list(subjects),
    )
    return [PartyId(row["party"]) for row in rows]


def choices_of_call(tx: Transaction, call: CallId) -> list[Choice]:
    rows = sql.all_rows(
        tx,
        _CHOICES + " WHERE c.controller = %(controller)s AND c.call = %(call)s ORDER BY c.made_at, c.purpose, c.sequence",
        controller=tx.of,
        call=call,
    )
    return [_choice(row) for row in rows]


def choices_of_calls(tx: Transaction, calls: Sequence[CallId]) -> list[Choice]:
    rows = sql.all_rows(
        tx,
        _CHOICES + " WHERE c.controller = %(controller)s AND c.call = ANY(%(calls)s) ORDER BY c.made_at, c.purpose, c.sequence",
        controller=tx.of,
        calls=list(calls),
    )
    return [_choice(row) for row in rows]


def reseal_evidence(tx: Transaction, choice: ChoiceId, sealed: bytes) -> None:
    sql.execute(
        tx,
        "UPDATE choices SET sealed_evidence = %(sealed)s WHERE controller = %(controller)s AND choice = %(choice)s",
        controller=tx.of,
        choice=choice,
        sealed=sealed,
    )


def last_words_of(tx: Transaction, subjects: Sequence[SubjectId]) -> list[LastWord]:
    """Where each of these chose last about a purpose: outside of any call, that is what counts."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT ON (p.subject, c.purpose) c.call, p.subject, c.purpose, c.made_at
          FROM parties p JOIN choices c ON c.controller = p.controller AND c.party = p.party
         WHERE p.controller = %(controller)s AND p.subject = ANY(%(subjects)s::uuid[])
         ORDER BY p.subject, c.purpose, c.made_at DESC, c.answer <> 'granted' DESC, c.sequence DESC
        """,
        controller=tx.of,
        subjects=list(subjects),
    )
    return [
        LastWord(
            call=CallId(row["call"]),
            subject=SubjectId(row["subject"]),
            purpose=PurposeId(row["purpose"]),
            made_at=row["made_at"],
        )
        for row in rows
    ]


def said_before(tx: Transaction, words: Sequence[LastWord]) -> list[tuple[CallId, CallId]]:
    """For each of these calls every other in which that person chose about that purpose no later."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT n.call, c.call AS other
          FROM unnest(%(calls)s::uuid[], %(subjects)s::uuid[], %(purposes)s::uuid[], %(instants)s::timestamptz[])
            AS n (call, subject, purpose, made_at)
          JOIN parties p ON p.controller = %(controller)s AND p.subject = n.subject
          JOIN choices c ON c.controller = p.controller AND c.party = p.party AND c.purpose = n.purpose
         WHERE c.call <> n.call AND c.made_at <= n.made_at
        """,
        controller=tx.of,
        calls=[each.call for each in words],
        subjects=[each.subject for each in words],
        purposes=[each.purpose for each in words],
        instants=[each.made_at for each in words],
    )
    return [(CallId(row["call"]), CallId(row["other"])) for row in rows]


def spoken_in_since(tx: Transaction, calls: Sequence[CallId], since: datetime) -> set[CallId]:
    """Those in which somebody was asked, or chose, since then: also long after they were over."""
    rows = sql.all_rows(
        tx,
        "SELECT call FROM choices WHERE controller = %(controller)s AND call = ANY(%(calls)s::uuid[])"
        " AND (made_at >= %(since)s OR written_at >= %(since)s) UNION"
        " SELECT call FROM asks WHERE controller = %(controller)s AND call = ANY(%(calls)s::uuid[]) AND asked_at >= %(since)s",
        controller=tx.of,
        calls=list(calls),
        since=since,
    )
    return {CallId(row["call"]) for row in rows}


def sealed_evidence(tx: Transaction, choice: ChoiceId) -> bytes | None:
    """None for a no that was written down while the key service was away."""
    row = sql.one_row(
        tx,
        "SELECT sealed_evidence FROM choices WHERE controller = %(controller)s AND choice = %(choice)s",
        controller=tx.of,
        choice=choice,
    )
    return sql.maybe_bytes(row["sealed_evidence"])


def _ask(row: sql.Row) -> Ask:
    keypad = None if row["keypad_yes"] is None else Keypad(yes=row["keypad_yes"], no=row["keypad_no"])
    return Ask(
        id=AskId(row["ask"]),
        call=CallId(row["call"]),
        party=PartyId(row["party"]),
        purpose=PurposeId(row["purpose"]),
        notice=NoticeId(row["notice"]),
        keypad=keypad,
        by=Actor(id=row["asked_by"], role=Role(row["asked_as"])),
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
    )


def _choice(row: sql.Row) -> Choice:
    asked = row["ask"] is not None
    return Choice(
        id=ChoiceId(row["choice"]),
        call=CallId(row["call"]),
        party=PartyId(row["party"]),
        subject=SubjectId(row["subject"]),
        purpose=PurposeId(row["purpose"]),
        sequence=row["sequence"],
        answer=Answer(row["answer"]),
        notice=None if row["notice"] is None else NoticeId(row["notice"]),
        notice_digest=sql.maybe_bytes(row["notice_digest"]),
        language=row["language"],
        channel=Channel(row["channel"]),
        by=Actor(id=row["made_by"], role=Role(row["made_as"])),
        ask=AskId(row["ask"]) if asked else None,
        asked_by=Actor(id=row["asked_by"], role=Role(row["asked_as"])) if asked else None,
        evidence_kind=EvidenceKind(row["evidence_kind"]),
        evidence_commitment=sql.maybe_bytes(row["evidence_commitment"]),
        subject_commitment=sql.maybe_bytes(row["subject_commitment"]),
        grant=None if row["grant_id"] is None else GrantId(row["grant_id"]),
        outcome=None if row["outcome"] is None else GrantOutcome(row["outcome"]),
        made_at=row["made_at"],
        written_at=row["written_at"],
        statement=StatementId(row["statement"]),
    )
