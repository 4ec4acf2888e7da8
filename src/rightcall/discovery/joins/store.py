"""The table `join_proposals`."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.discovery.joins.model import REACHED, JoinProposal, NewProposal, ProposalState
from rightcall.discovery.linking.model import LinkReason
from rightcall.discovery.linking.store import compared_of
from rightcall.ids import JoinProposalId, LinkId, StatementId, SubjectId
from rightcall.subjects.model import JoinReason


def linked_since(tx: Transaction, after: LinkId | None, limit: int) -> list[tuple[LinkId, SubjectId]]:
    """Links that stand, in the order in which they were made, from behind `after`."""
    rows = sql.all_rows(
        tx,
        "SELECT link, subject FROM links WHERE controller = %(controller)s AND state IN ('certain', 'likely')"
        " AND (%(after)s::uuid IS NULL OR link > %(after)s) ORDER BY link LIMIT %(limit)s",
        controller=tx.of,
        after=after,
        limit=limit,
    )
    return [(LinkId(row["link"]), SubjectId(row["subject"])) for row in rows]


def linked_later(tx: Transaction, subjects: Sequence[SubjectId], than: LinkId) -> set[SubjectId]:
    """Of these those who have a link that stands and is later than this."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT subject FROM links WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND state IN ('certain', 'likely') AND link > %(than)s",
        controller=tx.of,
        subjects=list(subjects),
        than=than,
    )
    return {SubjectId(row["subject"]) for row in rows}


def insert(tx: Transaction, new: Sequence[NewProposal]) -> int:
    """Those that wait or were refused already with the same said are left as they are. How many were new."""
    rows = sql.all_rows(
        tx,
        """
        INSERT INTO join_proposals (controller, proposal, subject, other, state, score, aspects, outcomes, bits, household,
                                    others, said, proposed_at)
        SELECT %(controller)s, n.proposal, n.subject, n.other, 'waiting', n.score, string_to_array(n.aspects, ' '),
               string_to_array(n.outcomes, ' '), string_to_array(n.bits, ' ')::real[], string_to_array(n.household, ' ')::real[],
               string_to_array(n.counts, ' ', '-')::integer[], n.said, n.proposed_at
          FROM unnest(%(proposals)s::uuid[], %(subjects)s::uuid[], %(others)s::uuid[], %(scores)s::real[], %(aspects)s::text[],
                      %(outcomes)s::text[], %(bits)s::text[], %(household)s::text[], %(counts)s::text[], %(said)s::bytea[],
                      %(at)s::timestamptz[])
               AS n (proposal, subject, other, score, aspects, outcomes, bits, household, counts, said, proposed_at)
         WHERE NOT EXISTS (SELECT FROM join_proposals p
                            WHERE p.controller = %(controller)s AND p.subject = n.subject AND p.other = n.other
                              AND (p.state = 'waiting' OR p.said = n.said))
        ON CONFLICT (controller, subject, other) WHERE state = 'waiting' DO NOTHING
        RETURNING proposal
        """,
        controller=tx.of,
        proposals=[each.proposal.id for each in new],
        subjects=[each.proposal.subject for each in new],
        others=[each.proposal.other for each in new],
        scores=[each.proposal.score for each in new],
        aspects=[" ".join(one.aspect.value for one in each.proposal.compared) for each in new],
        outcomes=[" ".join(one.outcome.value for one in each.proposal.compared) for each in new],
        bits=[" ".join(str(one.bits) for one in each.proposal.compared) for each in new],
        household=[" ".join(str(one.household) for one in each.proposal.compared) for each in new],
        counts=[" ".join("-" if one.others is None else str(one.others) for one in each.proposal.compared) for each in new],
        said=[each.said for each in new],
        at=[each.proposal.proposed_at for each in new],
    )
    return len(rows)


def proposal(tx: Transaction, proposal: JoinProposalId) -> JoinProposal | None:
    row = sql.maybe_row(
        tx,
        "SELECT proposal, subject, other, state, score, aspects, outcomes, bits, household, others, proposed_at,"
        " decided_by, decided_role, decided_at, reason, joined FROM join_proposals"
        " WHERE controller = %(controller)s AND proposal = %(proposal)s",
        controller=tx.of,
        proposal=proposal,
    )
    return None if row is None else _proposal(row)


def proposals(tx: Transaction, *, state: ProposalState | None, after: JoinProposalId | None, limit: int) -> list[JoinProposal]:
    """In the order in which they were made, from behind `after`."""
    rows = sql.all_rows(
        tx,
        "SELECT proposal, subject, other, state, score, aspects, outcomes, bits, household, others, proposed_at,"
        " decided_by, decided_role, decided_at, reason, joined FROM join_proposals WHERE controller = %(controller)s"
        " AND (%(state)s::text IS NULL OR state = %(state)s) AND (%(after)s::uuid IS NULL OR proposal > %(after)s)"
        " ORDER BY proposal LIMIT %(limit)s",
        controller=tx.of,
        state=None if state is None else state.value,
        after=after,
        limit=limit,
    )
    return [_proposal(row) for row in rows]


def count_waiting(tx: Transaction) -> int:
    row = sql.one_row(
        tx,
        "SELECT count(*) AS number FROM join_proposals WHERE controller = %(controller)s AND state = 'waiting'",
        controller=tx.of,
    )
    return int(row["number"])


def count_kept_out(tx: Transaction) -> int:
    """Of these the ones that keep both from signing in by a code."""
    row = sql.one_row(
        tx,
        "SELECT count(*) AS number FROM join_proposals WHERE controller = %(controller)s AND state = 'waiting'"
        " AND EXISTS (SELECT FROM unnest(aspects, outcomes) AS c (aspect, outcome)"
        " WHERE c.aspect = ANY(%(reached)s) AND c.outcome = 'agrees')",
        controller=tx.of,
        reached=[each.value for each in REACHED],
    )
    return int(row["number"])


def decide(
    tx: Transaction,
    proposal: JoinProposalId,
    now: ProposalState,
    *,
    by: Actor,
    at: datetime,
    reason: JoinReason | LinkReason,
    join: StatementId | None = None,
) -> int:
    """0 where it does not wait any more."""
    return sql.execute(
        tx,
        "UPDATE join_proposals SET state = %(now)s, decided_by = %(by)s, decided_role = %(role)s, decided_at = %(at)s,"
        " reason = %(reason)s, joined = %(join)s"
        " WHERE controller = %(controller)s AND proposal = %(proposal)s AND state = 'waiting'",
        controller=tx.of,
        proposal=proposal,
        now=now.value,
        by=by.id,
        role=by.role.value,
        at=at,
        reason=reason.value,
        join=join,
    )


def waiting_on(tx: Transaction, person: Sequence[SubjectId]) -> list[JoinProposal]:
    """What waits on any of these, who are one person."""
    rows = sql.all_rows(
        tx,
        "SELECT proposal, subject, other, state, score, aspects, outcomes, bits, household, others, proposed_at,"
        " decided_by, decided_role, decided_at, reason, joined FROM join_proposals WHERE controller = %(controller)s"
        " AND state = 'waiting' AND (subject = ANY(%(person)s) OR other = ANY(%(person)s)) ORDER BY proposal",
        controller=tx.of,
        person=list(person),
    )
    return [_proposal(row) for row in rows]


def waiting_pairs(tx: Transaction, subjects: Sequence[SubjectId]) -> list[tuple[SubjectId, SubjectId]]:
    """Those of what waits on any of these."""
    rows = sql.all_rows(
        tx,
        "SELECT subject, other FROM join_proposals WHERE controller = %(controller)s AND state = 'waiting'"
        " AND (subject = ANY(%(subjects)s) OR other = ANY(%(subjects)s))",
        controller=tx.of,
        subjects=list(subjects),
    )
    return [(SubjectId(row["subject"]), SubjectId(row["other"])) for row in rows]


def delete(tx: Transaction, proposals: Sequence[JoinProposalId]) -> int:
    """What waits and is no question any more. What was decided stays."""
    return sql.execute(
        tx,
        "DELETE FROM join_proposals WHERE controller = %(controller)s AND state = 'waiting' AND proposal = ANY(%(proposals)s)",
        controller=tx.of,
        proposals=list(proposals),
    )


def forget_subject(tx: Transaction, subject: SubjectId) -> None:
    """What waits is no question any more, and what was said can no longer be recognised."""
    sql.execute(
        tx,
        "DELETE FROM join_proposals WHERE controller = %(controller)s AND state = 'waiting'"
        " AND (subject = %(subject)s OR other = %(subject)s)",
        controller=tx.of,
        subject=subject,
    )
    sql.execute(
        tx,
        "UPDATE join_proposals SET said = NULL WHERE controller = %(controller)s"
        " AND (subject = %(subject)s OR other = %(subject)s)",
        controller=tx.of,
        subject=subject,
    )


def _proposal(row: sql.Row) -> JoinProposal:
    state = ProposalState(row["state"])
    kind = JoinReason if state is ProposalState.ACCEPTED else LinkReason
    return JoinProposal(
        id=JoinProposalId(row["proposal"]),
        subject=SubjectId(row["subject"]),
        other=SubjectId(row["other"]),
        state=state,
        score=row["score"],
        compared=compared_of(row),
        proposed_at=row["proposed_at"],
        decided_by=None if row["decided_by"] is None else Actor(id=row["decided_by"], role=Role(row["decided_role"])),
        decided_at=row["decided_at"],
        reason=None if row["reason"] is None else kind(row["reason"]),
        join=None if row["joined"] is None else StatementId(row["joined"]),
    )
