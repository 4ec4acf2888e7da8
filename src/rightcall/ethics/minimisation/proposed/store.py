"""The tables of what looks found and of what was proposed, with what people answered."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rightcall.actors import Actor, Role
from rightcall.canonical import Json
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, maybe_row, one_row
from rightcall.ethics.minimisation.model import Kind, NewProposal, Proposal, Rejection, State
from rightcall.ids import ProposalId, PurposeId, ReviewId, StatementId


def insert_figures(tx: Transaction, purpose: PurposeId, figures: Json, at: datetime) -> None:
    """The latest of each purpose alone are kept."""
    execute(
        tx,
        """
        INSERT INTO minimisation_figures (controller, purpose, looked_at, figures)
        VALUES (%(controller)s, %(purpose)s, %(at)s, %(figures)s::jsonb)
        ON CONFLICT (controller, purpose) DO UPDATE SET looked_at = excluded.looked_at, figures = excluded.figures
        """,
        controller=tx.of,
        purpose=purpose,
        at=at,
        figures=json.dumps(figures),
    )


def figures(tx: Transaction) -> dict[PurposeId, Mapping[str, Any]]:
    rows = all_rows(
        tx,
        "SELECT purpose, figures FROM minimisation_figures WHERE controller = %(controller)s ORDER BY purpose",
        controller=tx.of,
    )
    return {PurposeId(row["purpose"]): row["figures"] for row in rows}


def last_look(tx: Transaction) -> datetime | None:
    row = one_row(tx, "SELECT max(looked_at) AS at FROM minimisation_figures WHERE controller = %(controller)s", controller=tx.of)
    at: datetime | None = row["at"]
    return at


def insert_proposal(
    tx: Transaction, id: ProposalId, what: NewProposal, *, figures: bytes, document: Json, at: datetime, statement: StatementId
) -> None:
    execute(
        tx,
        """
        INSERT INTO proposals (controller, proposal, purpose, kind, term_days, category, was_days, holdings, uses, late, high,
                               digest, figures, proposed_at, statement)
        VALUES (%(controller)s, %(proposal)s, %(purpose)s, %(kind)s, %(term_days)s, %(category)s, %(was_days)s, %(holdings)s,
                %(uses)s, %(late)s, %(high)s, %(digest)s, %(figures)s::jsonb, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        proposal=id,
        purpose=what.purpose,
        kind=what.kind.value,
        term_days=what.term_days,
        category=what.category,
        was_days=what.was_days,
        holdings=what.holdings,
        uses=what.uses,
        late=what.late,
        high=what.high,
        digest=figures,
        figures=json.dumps(document),
        at=at,
        statement=statement,
    )


def proposals(tx: Transaction, proposal: ProposalId | None = None) -> list[Proposal]:
    """The newest first. What became of its review says whether it was adopted."""
    rows = all_rows(
        tx,
        """
        SELECT p.proposal, p.purpose, p.kind, p.term_days, p.category, p.was_days, p.holdings, p.uses, p.late, p.high, p.digest,
               p.proposed_at, p.statement, p.lapsed_at, p.answered_at, p.answered_by, p.answered_as, p.rejection, p.reason,
               p.review, o.active, e.review IS NOT NULL AS ended
          FROM proposals p
          LEFT JOIN review_openings o ON o.controller = p.controller AND o.review = p.review
          LEFT JOIN review_ends e ON e.controller = p.controller AND e.review = p.review
         WHERE p.controller = %(controller)s AND (%(proposal)s::uuid IS NULL OR p.proposal = %(proposal)s)
         ORDER BY p.proposed_at DESC, p.proposal DESC
        """,
        controller=tx.of,
        proposal=proposal,
    )
    return [_proposal(row) for row in rows]


def figures_of_proposal(tx: Transaction, proposal: ProposalId) -> Mapping[str, Any]:
    row = one_row(
        tx,
        "SELECT figures FROM proposals WHERE controller = %(controller)s AND proposal = %(proposal)s",
        controller=tx.of,
        proposal=proposal,
    )
    found: Mapping[str, Any] = row["figures"]
    return found


def lock(tx: Transaction, proposal: ProposalId) -> bool:
    """False where there is none."""
    return (
        maybe_row(
            tx,
            "SELECT proposal FROM proposals WHERE controller = %(controller)s AND proposal = %(proposal)s FOR UPDATE",
            controller=tx.of,
            proposal=proposal,
        )
        is not None
    )


def answer(
    tx: Transaction,
    proposal: ProposalId,
    *,
    by: Actor,
    at: datetime,
    rejection: Rejection | None = None,
    reason: str | None = None,
    review: ReviewId | None = None,
) -> None:
    execute(
        tx,
        """
        UPDATE proposals
           SET answered_by = %(by)s, answered_as = %(role)s, answered_at = %(at)s, rejection = %(rejection)s,
               reason = %(reason)s, review = %(review)s
         WHERE controller = %(controller)s AND proposal = %(proposal)s
        """,
        controller=tx.of,
        proposal=proposal,
        by=by.id,
        role=by.role.value,
        at=at,
        rejection=None if rejection is None else rejection.value,
        reason=reason,
        review=review,
    )


def lapse(tx: Transaction, proposal: ProposalId, at: datetime) -> None:
    execute(
        tx,
        "UPDATE proposals SET lapsed_at = %(at)s WHERE controller = %(controller)s AND proposal = %(proposal)s",
        controller=tx.of,
        proposal=proposal,
        at=at,
    )


def _proposal(row: Row) -> Proposal:
    return Proposal(
        id=ProposalId(row["proposal"]),
        what=NewProposal(
            purpose=PurposeId(row["purpose"]),
            kind=Kind(row["kind"]),
            term_days=row["term_days"],
            category=row["category"],
            was_days=row["was_days"],
            holdings=row["holdings"],
            uses=row["uses"],
            late=row["late"],
            high=row["high"],
        ),
        figures=bytes(row["digest"]),
        state=_state(row),
        proposed_at=row["proposed_at"],
        answered_by=None if row["answered_by"] is None else Actor(id=row["answered_by"], role=Role(row["answered_as"])),
        answered_at=row["answered_at"],
        rejection=None if row["rejection"] is None else Rejection(row["rejection"]),
        reason=row["reason"],
        review=None if row["review"] is None else ReviewId(row["review"]),
        statement=StatementId(row["statement"]),
    )


def _state(row: Row) -> State:
    if row["rejection"] is not None:
        return State.REJECTED
    if row["review"] is not None and row["active"]:
        return State.ADOPTED
    if row["lapsed_at"] is not None or row["ended"] or row["active"] is False:
        return State.LAPSED
    return State.OPEN if row["review"] is None else State.IN_REVIEW
