"""The SQL of drafts, replays, signatures and adoptions; and what is in force, in one query."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from psycopg.types.json import Jsonb

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, maybe_row, take_turns
from rightcall.ids import AdoptionId, CallId, ControllerId, DraftId, OverrideId, PurposeId, ReplayId, StatementId, new_id
from rightcall.policy.adoption.model import Adoption, Draft, Replayed, Signature
from rightcall.policy.overrides.model import Aside
from rightcall.policy.texts import Proposal, Text

Document: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is in force: the newest adoption whose time has come, whether the rules that it makes with this law are kept, and the
    overrides. `draft` is None where nothing was adopted."""

    adoption: AdoptionId | None
    draft: DraftId | None
    house: bytes
    is_kept: bool
    asides: tuple[Aside, ...]


def standing(tx: Transaction, *, at: datetime, law: bytes, vocabulary: bytes) -> Standing:
    """For nobody is it earlier than what was turned last, so that a clock that is behind lets nothing go on."""
    row = maybe_row(
        tx,
        """
        SELECT a.adoption, a.draft, a.house,
               EXISTS (SELECT FROM adopted_rule_sets k
                        WHERE k.controller = %(controller)s AND k.house = a.house AND k.law = %(law)s
                          AND k.vocabulary = %(vocabulary)s) AS is_kept,
               (SELECT jsonb_agg(jsonb_build_object('id', o.override, 'rule', o.rule, 'digest', encode(o.rule_digest, 'hex'),
                                                    'purpose', o.purpose, 'call', o.call) ORDER BY o.override)
                  FROM overrides o
                 WHERE o.controller = %(controller)s AND o.until > t.at AND o.begins_at <= t.at
                   AND o.ended_at IS NULL) AS asides
          FROM (SELECT greatest(%(at)s::timestamptz,
                                (SELECT r.due_at FROM rule_turns r
                                  WHERE r.controller = %(controller)s AND r.turned_at IS NOT NULL
                                  ORDER BY r.due_at DESC LIMIT 1)) AS at) t
          LEFT JOIN LATERAL (SELECT d.adoption, d.draft, d.house
                               FROM rule_adoptions d
                              WHERE d.controller = %(controller)s AND d.in_force_at <= t.at
                              ORDER BY d.place DESC LIMIT 1) a ON true
        """,
        controller=tx.of,
        at=at,
        law=law,
        vocabulary=vocabulary,
    )
    assert row is not None  # noqa: S101 - a query without a table of its own has one row
    return Standing(
        adoption=row["adoption"],
        draft=row["draft"],
        house=row["house"] or b"",
        is_kept=row["is_kept"],
        asides=tuple(_aside(each) for each in row["asides"] or ()),
    )


def texts(tx: Transaction, draft: DraftId) -> Proposal | None:
    """Also in a system transaction, for any controller's draft: its id is enough."""
    row = maybe_row(tx, "SELECT files, scenarios FROM rule_drafts WHERE draft = %(draft)s", draft=draft)
    return None if row is None else _proposal(row)


def in_force_everywhere(system_tx: Transaction, at: datetime) -> list[tuple[ControllerId, DraftId, bytes]]:
    """Of every controller that has adopted rules: which draft is in force, and the digest of its rules."""
    rows = all_rows(
        system_tx,
        """
        SELECT DISTINCT ON (controller) controller, draft, house
          FROM rule_adoptions
         WHERE in_force_at <= %(at)s
         ORDER BY controller, place DESC
        """,
        at=at,
    )
    return [(row["controller"], row["draft"], row["house"]) for row in rows]


def keep(tx: Transaction, *, rule_set: bytes, vocabulary: bytes, law: bytes, house: bytes, words: Sequence[str],
         rules: Sequence[Document], at: datetime) -> None:  # fmt: skip
    """Once; kept before is kept."""
    execute(
        tx,
        """
        INSERT INTO adopted_rule_sets (controller, rule_set, vocabulary, law, house, words, rules, kept_at)
        VALUES (%(controller)s, %(rule_set)s, %(vocabulary)s, %(law)s, %(house)s, %(words)s, %(rules)s::jsonb, %(at)s)
            ON CONFLICT DO NOTHING
        """,
        controller=tx.of,
        rule_set=rule_set,
        vocabulary=vocabulary,
        law=law,
        house=house,
        words=list(words),
        rules=json.dumps(rules),
        at=at,
    )


def kept(tx: Transaction, rule_set: bytes) -> list[tuple[frozenset[str], list[Document]]]:
    """The words it was in force under, and its rules, each with axis, file and source; one for each vocabulary."""
    rows = all_rows(
        tx,
        """
        SELECT words, rules
          FROM adopted_rule_sets
         WHERE controller = %(controller)s AND rule_set = %(rule_set)s
         ORDER BY kept_at
        """,
        controller=tx.of,
        rule_set=rule_set,
    )
    return [(frozenset(row["words"]), row["rules"]) for row in rows]


def insert_draft(tx: Transaction, draft: Draft) -> None:
    execute(
        tx,
        """
        INSERT INTO rule_drafts (controller, draft, house, files, scenarios, builds_on, in_force_from, drafted_at, actor,
                                 actor_role, statement)
        VALUES (%(controller)s, %(draft)s, %(house)s, %(files)s, %(scenarios)s, %(builds_on)s, %(in_force_from)s, %(drafted_at)s,
                %(actor)s, %(actor_role)s, %(statement)s)
        """,
        controller=tx.of,
        draft=draft.id,
        house=draft.house,
        files=Jsonb(_documents(draft.proposal.files)),
        scenarios=Jsonb(_documents(draft.proposal.scenarios)),
        builds_on=draft.builds_on,
        in_force_from=draft.in_force_from,
        drafted_at=draft.drafted_at,
        actor=draft.by.id,
        actor_role=draft.by.role.value,
        statement=draft.statement,
    )


def lock_draft(tx: Transaction, draft: DraftId) -> None:
    """Nobody else signs or withdraws it until the transaction ends."""
    execute(
        tx,
        "SELECT FROM rule_drafts WHERE controller = %(controller)s AND draft = %(draft)s FOR NO KEY UPDATE",
        controller=tx.of,
        draft=draft,
    )


def lock_adopting(tx: Transaction) -> None:
    take_turns(tx, "rule_adoptions")


def drafts(tx: Transaction, draft: DraftId | None = None) -> list[Draft]:
    """All, or the one; newest first."""
    rows = all_rows(
        tx,
        """
        SELECT d.draft, d.house, d.files, d.scenarios, d.builds_on, d.in_force_from, d.drafted_at, d.actor, d.actor_role,
               d.statement, d.withdrawn_at, a.adoption,
               (SELECT jsonb_agg(jsonb_build_object('actor', s.actor, 'role', s.actor_role, 'at', s.signed_at,
                                                    'statement', s.statement) ORDER BY s.signed_at, s.statement)
                  FROM rule_signatures s
                 WHERE s.controller = d.controller AND s.draft = d.draft) AS signatures
          FROM rule_drafts d
          LEFT JOIN rule_adoptions a ON a.controller = d.controller AND a.draft = d.draft
         WHERE d.controller = %(controller)s AND (%(draft)s::uuid IS NULL OR d.draft = %(draft)s)
         ORDER BY d.drafted_at DESC, d.draft DESC
        """,
        controller=tx.of,
        draft=draft,
    )
    return [_draft(row) for row in rows]


def unadopted(tx: Transaction) -> list[tuple[DraftId, frozenset[UUID], frozenset[Role]]]:
    """Drafts that were replayed, are not withdrawn, and build on what was adopted last: each with who has signed it, and in which
    roles. Their texts stay where they are."""
    rows = all_rows(
        tx,
        """
        SELECT d.draft,
               ARRAY(SELECT s.actor FROM rule_signatures s WHERE s.controller = d.controller AND s.draft = d.draft) AS actors,
               ARRAY(SELECT s.actor_role FROM rule_signatures s WHERE s.controller = d.controller AND s.draft = d.draft) AS roles
          FROM rule_drafts d
         WHERE d.controller = %(controller)s AND d.withdrawn_at IS NULL
           AND d.builds_on IS NOT DISTINCT FROM (SELECT a.adoption FROM rule_adoptions a
                                                  WHERE a.controller = %(controller)s ORDER BY a.place DESC LIMIT 1)
           AND NOT EXISTS (SELECT FROM rule_adoptions a WHERE a.controller = d.controller AND a.draft = d.draft)
           AND EXISTS (SELECT FROM rule_replays r WHERE r.controller = d.controller AND r.draft = d.draft)
        """,
        controller=tx.of,
    )
    return [(row["draft"], frozenset(row["actors"]), frozenset(Role(each) for each in row["roles"])) for row in rows]


def withdraw_draft(tx: Transaction, draft: DraftId, at: datetime) -> None:
    execute(
        tx,
        """
        UPDATE rule_drafts SET withdrawn_at = %(at)s
         WHERE controller = %(controller)s AND draft = %(draft)s AND withdrawn_at IS NULL
        """,
        controller=tx.of,
        draft=draft,
        at=at,
    )


def insert_replay(tx: Transaction, replayed: Replayed) -> None:
    execute(
        tx,
        """
        INSERT INTO rule_replays (controller, replay, draft, rule_set, since, until, verdicts, changed, left_out, drifted,
                                  report, replayed_at)
        VALUES (%(controller)s, %(replay)s, %(draft)s, %(rule_set)s, %(since)s, %(until)s, %(verdicts)s, %(changed)s,
                %(left_out)s, %(drifted)s, %(report)s, %(at)s)
        """,
        controller=tx.of,
        replay=replayed.id,
        draft=replayed.draft,
        rule_set=replayed.rule_set,
        since=replayed.since,
        until=replayed.until,
        verdicts=replayed.verdicts,
        changed=replayed.changed,
        left_out=replayed.left_out,
        drifted=replayed.drifted,
        report=Jsonb(replayed.report),
        at=replayed.at,
    )


def replays(tx: Transaction, draft: DraftId) -> list[Replayed]:
    """Newest first."""
    rows = all_rows(
        tx,
        """
        SELECT replay, draft, rule_set, since, until, verdicts, changed, left_out, drifted, report, replayed_at
          FROM rule_replays
         WHERE controller = %(controller)s AND draft = %(draft)s
         ORDER BY replayed_at DESC, replay DESC
        """,
        controller=tx.of,
        draft=draft,
    )
    return [_replayed(row) for row in rows]


def insert_signature(tx: Transaction, draft: DraftId, signature: Signature) -> None:
    execute(
        tx,
        """
        INSERT INTO rule_signatures (controller, draft, actor, actor_role, signed_at, statement)
        VALUES (%(controller)s, %(draft)s, %(actor)s, %(actor_role)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        draft=draft,
        actor=signature.by.id,
        actor_role=signature.by.role.value,
        at=signature.at,
        statement=signature.statement,
    )


def insert_adoption(tx: Transaction, adoption: Adoption, *, replay: ReplayId, builds_on: AdoptionId | None) -> None:
    """Two that build on the same are refused by the database: the second would take back what nobody was shown."""
    execute(
        tx,
        """
        INSERT INTO rule_adoptions (controller, adoption, draft, builds_on, house, rule_set, replay, first_actor, first_role,
                                    second_actor, second_role, adopted_at, in_force_at, statement)
        VALUES (%(controller)s, %(adoption)s, %(draft)s, %(builds_on)s, %(house)s, %(rule_set)s, %(replay)s, %(first_actor)s,
                %(first_role)s, %(second_actor)s, %(second_role)s, %(adopted_at)s, %(in_force_at)s, %(statement)s)
        """,
        controller=tx.of,
        adoption=adoption.id,
        draft=adoption.draft,
        builds_on=builds_on,
        house=adoption.house,
        rule_set=adoption.rule_set,
        replay=replay,
        first_actor=adoption.first.id,
        first_role=adoption.first.role.value,
        second_actor=adoption.second.id,
        second_role=adoption.second.role.value,
        adopted_at=adoption.adopted_at,
        in_force_at=adoption.in_force_at,
        statement=adoption.statement,
    )


def adoptions(tx: Transaction) -> list[Adoption]:
    """Newest first."""
    rows = all_rows(
        tx,
        """
        SELECT adoption, draft, house, rule_set, first_actor, first_role, second_actor, second_role, adopted_at, in_force_at,
               statement
          FROM rule_adoptions
         WHERE controller = %(controller)s
         ORDER BY place DESC
        """,
        controller=tx.of,
    )
    return [_adoption(row) for row in rows]


def insert_turn(tx: Transaction, due_at: datetime) -> None:
    execute(
        tx,
        "INSERT INTO rule_turns (controller, turn, due_at) VALUES (%(controller)s, %(turn)s, %(due_at)s)",
        controller=tx.of,
        turn=new_id(),
        due_at=due_at,
    )


def turn(system_tx: Transaction, at: datetime) -> list[ControllerId]:
    """Turns what is due, of all controllers; whose it was."""
    rows = all_rows(
        system_tx,
        """
        UPDATE rule_turns SET turned_at = %(at)s
         WHERE turned_at IS NULL AND due_at <= %(at)s
        RETURNING controller
        """,
        at=at,
    )
    return sorted({row["controller"] for row in rows})


def _documents(texts: Sequence[Text]) -> list[Document]:
    return [{"file": each.file, "text": each.text} for each in texts]


def _proposal(row: Row) -> Proposal:
    return Proposal(
        files=tuple(Text(file=each["file"], text=each["text"]) for each in row["files"]),
        scenarios=tuple(Text(file=each["file"], text=each["text"]) for each in row["scenarios"]),
    )


def _aside(document: Document) -> Aside:
    return Aside(
        id=OverrideId(_id(document["id"])),
        rule=document["rule"],
        digest=bytes.fromhex(document["digest"]),
        purpose=None if document["purpose"] is None else PurposeId(_id(document["purpose"])),
        call=None if document["call"] is None else CallId(_id(document["call"])),
    )


def _draft(row: Row) -> Draft:
    return Draft(
        id=row["draft"],
        house=row["house"],
        proposal=_proposal(row),
        builds_on=row["builds_on"],
        in_force_from=row["in_force_from"],
        drafted_at=row["drafted_at"],
        by=Actor(id=row["actor"], role=Role(row["actor_role"])),
        statement=row["statement"],
        withdrawn_at=row["withdrawn_at"],
        signatures=tuple(_signature(each) for each in row["signatures"] or ()),
        adoption=row["adoption"],
    )


def _signature(document: Document) -> Signature:
    return Signature(
        by=Actor(id=_id(document["actor"]), role=Role(document["role"])),
        at=datetime.fromisoformat(document["at"]),
        statement=StatementId(_id(document["statement"])),
    )


def _replayed(row: Row) -> Replayed:
    return Replayed(
        id=row["replay"],
        draft=row["draft"],
        rule_set=row["rule_set"],
        since=row["since"],
        until=row["until"],
        verdicts=row["verdicts"],
        changed=row["changed"],
        left_out=row["left_out"],
        drifted=row["drifted"],
        report=row["report"],
        at=row["replayed_at"],
    )


def _adoption(row: Row) -> Adoption:
    return Adoption(
        id=row["adoption"],
        draft=row["draft"],
        house=row["house"],
        rule_set=row["rule_set"],
        first=Actor(id=row["first_actor"], role=Role(row["first_role"])),
        second=Actor(id=row["second_actor"], role=Role(row["second_role"])),
        adopted_at=row["adopted_at"],
        in_force_at=row["in_force_at"],
        statement=row["statement"],
    )


def _id(text: str) -> UUID:
    return UUID(text)
