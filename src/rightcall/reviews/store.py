"""The tables of the reviews. What the verdicts show of the use of a purpose is in `observed`."""

import json
from dataclasses import asdict
from datetime import date

from rightcall.actors import Actor, Role
from rightcall.canonical import Json
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import OverrideId, ProposalId, PurposeId, ReviewId, StatementId, VerdictId
from rightcall.policy.model import Act
from rightcall.policy.situations import DesignFacts
from rightcall.purposes.model import Lengthening, Narrowing
from rightcall.reviews.documents import content_of
from rightcall.reviews.model import (
    Bound,
    Capacity,
    Change,
    End,
    Ending,
    Lengthened,
    Longer,
    Newest,
    Opening,
    Review,
    Signature,
)


def insert(tx: Transaction, review: Review, content: Json) -> bool:
    """False where this version was taken meanwhile."""
    change = review.change
    return (
        sql.execute(
            tx,
            """
            INSERT INTO reviews (controller, review, purpose, version, content, acts, entry, notices, rules, asides, digest,
                                 author, author_role, drafted_at, expires_on, statement, change_term_days, change_dropped,
                                 change_proposal, change_figures, longer_days, longer_was, longer_why, longer_law,
                                 longer_verdict)
            VALUES (%(controller)s, %(review)s, %(purpose)s, %(version)s, %(content)s::jsonb, %(acts)s, %(entry)s, %(notices)s,
                    %(rules)s, %(asides)s, %(digest)s, %(author)s, %(author_role)s, %(drafted_at)s, %(expires_on)s,
                    %(statement)s, %(change_term_days)s, %(change_dropped)s, %(change_proposal)s,
                    %(change_figures)s, %(longer_days)s, %(longer_was)s, %(longer_why)s, %(longer_law)s, %(longer_verdict)s)
                ON CONFLICT (controller, purpose, version) DO NOTHING
            """,
            controller=tx.of,
            review=review.id,
            purpose=review.purpose,
            version=review.version,
            content=json.dumps(content),
            acts=sorted(review.content.declared.acts),
            entry=review.bound.entry,
            notices=list(review.bound.notices),
            rules=review.bound.rules,
            asides=sorted(review.bound.asides),
            digest=review.digest,
            author=review.author.id,
            author_role=review.author.role.value,
            drafted_at=review.drafted_at,
            expires_on=review.expires_on,
            statement=review.statement,
            change_term_days=None if change is None else change.narrowing.term_days,
            change_dropped=None if change is None else sorted(change.narrowing.dropped),
            change_proposal=None if change is None else change.proposal,
            change_figures=None if change is None else change.figures,
            **_longer_columns(review.longer),
        )
        == 1
    )


def review(tx: Transaction, review: ReviewId) -> Review | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT review, purpose, version, content, entry, notices, rules, asides, digest, author, author_role, drafted_at,
               expires_on, statement, change_term_days, change_dropped, change_proposal, change_figures,
               longer_days, longer_was, longer_why, longer_law, longer_verdict
          FROM reviews
         WHERE controller = %(controller)s AND review = %(review)s
        """,
        controller=tx.of,
        review=review,
    )
    return None if row is None else _review(row)


def lengthenings(tx: Transaction, purpose: PurposeId | None) -> list[Lengthened]:
    """What opened reviews made longer, of this purpose or of all, the first first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT review, purpose, was_days, term_days, law, opened_at
          FROM lengthenings
         WHERE controller = %(controller)s AND purpose = coalesce(%(purpose)s, purpose)
         ORDER BY opened_at, review
        """,
        controller=tx.of,
        purpose=purpose,
    )
    return [Lengthened(**row) for row in rows]


def lock(tx: Transaction, purpose: PurposeId) -> None:
    """Drafts, signatures and ends of one purpose come one after the other."""
    sql.execute(
        tx,
        "SELECT purpose FROM purposes WHERE controller = %(controller)s AND purpose = %(purpose)s FOR NO KEY UPDATE",
        controller=tx.of,
        purpose=purpose,
    )


def of_purpose(tx: Transaction, purpose: PurposeId) -> list[Review]:
    """The newest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT review, purpose, version, content, entry, notices, rules, asides, digest, author, author_role, drafted_at,
               expires_on, statement, change_term_days, change_dropped, change_proposal, change_figures,
               longer_days, longer_was, longer_why, longer_law, longer_verdict
          FROM reviews
         WHERE controller = %(controller)s AND purpose = %(purpose)s
         ORDER BY version DESC
        """,
        controller=tx.of,
        purpose=purpose,
    )
    return [_review(row) for row in rows]


def insert_signature(tx: Transaction, review: ReviewId, signature: Signature) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO review_signatures (controller, review, signer, signer_role, capacity, signed_at, statement)
        VALUES (%(controller)s, %(review)s, %(signer)s, %(signer_role)s, %(capacity)s, %(signed_at)s, %(statement)s)
        """,
        controller=tx.of,
        review=review,
        signer=signature.by.id,
        signer_role=signature.by.role.value,
        capacity=signature.capacity.value,
        signed_at=signature.signed_at,
        statement=signature.statement,
    )


def signatures(tx: Transaction, review: ReviewId) -> list[Signature]:
    """In the order they were given."""
    rows = sql.all_rows(
        tx,
        """
        SELECT signer, signer_role, capacity, signed_at, statement
          FROM review_signatures
         WHERE controller = %(controller)s AND review = %(review)s
         ORDER BY signed_at, statement
        """,
        controller=tx.of,
        review=review,
    )
    return [
        Signature(
            by=Actor(id=row["signer"], role=Role(row["signer_role"])),
            capacity=Capacity(row["capacity"]),
            signed_at=row["signed_at"],
            statement=StatementId(row["statement"]),
        )
        for row in rows
    ]


def insert_opening(tx: Transaction, review: Review, opening: Opening) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO review_openings (controller, review, purpose, opened_at, design, verdict, active, observed_until, statement)
        VALUES (%(controller)s, %(review)s, %(purpose)s, %(opened_at)s, %(design)s::jsonb, %(verdict)s, %(active)s,
                %(opened_at)s, %(statement)s)
        """,
        controller=tx.of,
        review=review.id,
        purpose=review.purpose,
        opened_at=opening.at,
        design=json.dumps(asdict(opening.design)),
        verdict=opening.verdict,
        active=opening.active,
        statement=opening.statement,
    )


def opening(tx: Transaction, review: ReviewId) -> Opening | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT opened_at, design, verdict, active, statement
          FROM review_openings
         WHERE controller = %(controller)s AND review = %(review)s
        """,
        controller=tx.of,
        review=review,
    )
    if row is None:
        return None
    return Opening(
        at=row["opened_at"],
        design=DesignFacts(**row["design"]),
        verdict=VerdictId(row["verdict"]),
        active=row["active"],
        statement=StatementId(row["statement"]),
    )


def insert_end(tx: Transaction, review: ReviewId, ending: Ending) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO review_ends (controller, review, why, ended_at, actor, actor_role, statement, words)
        VALUES (%(controller)s, %(review)s, %(why)s, %(ended_at)s, %(actor)s, %(actor_role)s, %(statement)s, %(words)s)
        """,
        controller=tx.of,
        review=review,
        why=ending.why.value,
        ended_at=ending.at,
        actor=ending.by.id,
        actor_role=ending.by.role.value,
        statement=ending.statement,
        words=ending.words,
    )


def ending(tx: Transaction, review: ReviewId) -> Ending | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT why, ended_at, actor, actor_role, statement, words
          FROM review_ends
         WHERE controller = %(controller)s AND review = %(review)s
        """,
        controller=tx.of,
        review=review,
    )
    if row is None:
        return None
    by = Actor(id=row["actor"], role=Role(row["actor_role"]))
    statement = StatementId(row["statement"])
    return Ending(why=End(row["why"]), at=row["ended_at"], by=by, statement=statement, words=row["words"])


def sent_back(tx: Transaction, author: Actor) -> list[ReviewId]:
    """The newest versions of their purposes that came back to whoever wrote them."""
    rows = sql.all_rows(
        tx,
        """
        SELECT r.review
          FROM (SELECT DISTINCT ON (purpose) review, author
                  FROM reviews
                 WHERE controller = %(controller)s
                 ORDER BY purpose, version DESC) r
          JOIN review_ends e ON e.controller = %(controller)s AND e.review = r.review
         WHERE e.why = 'sent_back' AND r.author = %(author)s
         ORDER BY r.review
        """,
        controller=tx.of,
        author=author.id,
    )
    return [ReviewId(row["review"]) for row in rows]


def unopened(tx: Transaction, on: date) -> list[ReviewId]:
    """The newest versions of their purposes that were neither opened nor ended, and could still be in force on that day: the
    oldest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT r.review
          FROM (SELECT DISTINCT ON (purpose) review, expires_on, drafted_at
                  FROM reviews
                 WHERE controller = %(controller)s
                 ORDER BY purpose, version DESC) r
         WHERE r.expires_on >= %(on)s
           AND NOT EXISTS (SELECT FROM review_openings o WHERE o.controller = %(controller)s AND o.review = r.review)
           AND NOT EXISTS (SELECT FROM review_ends e WHERE e.controller = %(controller)s AND e.review = r.review)
         ORDER BY r.drafted_at, r.review
        """,
        controller=tx.of,
        on=on,
    )
    return [ReviewId(row["review"]) for row in rows]


def newest(tx: Transaction) -> list[Newest]:
    """For each purpose that has a review: the newest that was opened, else the newest there is; with what is so now."""
    rows = sql.all_rows(
        tx,
        """
        SELECT r.review, r.purpose, r.acts, r.entry, r.notices, r.rules, r.asides, r.expires_on, r.active, r.design, e.why,
               ARRAY(SELECT n.digest
                       FROM (SELECT DISTINCT ON (language) language, digest, retired_at
                               FROM notices
                              WHERE controller = r.controller AND purpose = r.purpose
                              ORDER BY language, version DESC) n
                      WHERE n.retired_at IS NULL
                      ORDER BY n.language) AS notices_now,
               EXISTS (SELECT FROM review_observations v WHERE v.controller = r.controller AND v.review = r.review) AS novel
          FROM (SELECT DISTINCT ON (w.purpose) w.controller, w.review, w.purpose, w.acts, w.entry, w.notices, w.rules,
                       w.asides, w.expires_on, o.active, o.design
                  FROM reviews w
                  LEFT JOIN review_openings o ON o.controller = w.controller AND o.review = w.review
                 WHERE w.controller = %(controller)s
                 ORDER BY w.purpose, (o.review IS NOT NULL) DESC, w.version DESC) r
          LEFT JOIN review_ends e ON e.controller = r.controller AND e.review = r.review
        """,
        controller=tx.of,
    )
    return [_newest(row) for row in rows]


def _review(row: sql.Row) -> Review:
    return Review(
        id=ReviewId(row["review"]),
        purpose=PurposeId(row["purpose"]),
        version=row["version"],
        content=content_of(row["content"]),
        bound=_bound(row),
        digest=bytes(row["digest"]),
        author=Actor(id=row["author"], role=Role(row["author_role"])),
        drafted_at=row["drafted_at"],
        expires_on=_day(row),
        statement=StatementId(row["statement"]),
        change=_change(row),
        longer=_longer(row),
    )


def _change(row: sql.Row) -> Change | None:
    if row["change_proposal"] is None:
        return None
    return Change(
        narrowing=Narrowing(term_days=row["change_term_days"], dropped=frozenset(row["change_dropped"])),
        proposal=ProposalId(row["change_proposal"]),
        figures=bytes(row["change_figures"]),
    )


def _longer_columns(longer: Longer | None) -> dict[str, object]:
    return {
        "longer_days": None if longer is None else longer.lengthening.term_days,
        "longer_was": None if longer is None else longer.lengthening.was_days,
        "longer_why": None if longer is None else longer.why,
        "longer_law": None if longer is None else longer.law,
        "longer_verdict": None if longer is None else longer.verdict,
    }


def _longer(row: sql.Row) -> Longer | None:
    if row["longer_verdict"] is None:
        return None
    return Longer(
        lengthening=Lengthening(was_days=row["longer_was"], term_days=row["longer_days"]),
        verdict=VerdictId(row["longer_verdict"]),
        law=row["longer_law"],
        why=row["longer_why"],
    )


def _newest(row: sql.Row) -> Newest:
    return Newest(
        review=ReviewId(row["review"]),
        purpose=PurposeId(row["purpose"]),
        acts=frozenset(Act(act) for act in row["acts"]),
        bound=_bound(row),
        expires_on=_day(row),
        active=row["active"],
        design=None if row["design"] is None else DesignFacts(**row["design"]),
        ended=None if row["why"] is None else End(row["why"]),
        notices_now=tuple(bytes(digest) for digest in row["notices_now"]),
        novel=row["novel"],
    )


def _bound(row: sql.Row) -> Bound:
    return Bound(
        entry=bytes(row["entry"]),
        notices=tuple(bytes(digest) for digest in row["notices"]),
        rules=bytes(row["rules"]),
        asides=frozenset(OverrideId(each) for each in row["asides"]),
    )


def _day(row: sql.Row) -> date:
    day: date = row["expires_on"]
    return day
