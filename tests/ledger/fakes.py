"""A statement and a signer for the tests, and a log built in memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from rightcall.actors import Role
from rightcall.database.migrate import migrate
from rightcall.ids import ControllerId, StatementId
from rightcall.ledger.checkpoint import Checkpoint, Ed25519Signer, checkpoint_text, sign_note
from rightcall.ledger.model import Commitment, Digest, Statement, TreeHead
from rightcall.ledger.proof import Proof
from rightcall.ledger.tree import inclusion_path, leaf_hash, root
from tests.cast import MONDAY
from tests.ledger.whole import node_of

ORIGIN = "ledger.example/test"
SIGNER = Ed25519Signer(ORIGIN, bytes(range(32)))
OTHER_SIGNER = Ed25519Signer(ORIGIN, bytes(32))


class Weather(StrEnum):
    FAIR = "fair"
    FOUL = "foul"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed(Statement):
    """A statement with every kind of field there may be."""

    KIND: ClassVar[str] = "tests.observed"

    thing: UUID
    weather: Weather
    count: int
    is_sure: bool
    digest: Digest
    commitment: Commitment
    until: datetime | None
    seen: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Statement):
    """One that says by whom."""

    KIND: ClassVar[str] = "tests.done"

    party_role: Role
    role: Role | None


def observed(controller: ControllerId, count: int = 0, *, at: datetime = MONDAY) -> Observed:
    return Observed(
        at=at,
        controller=controller,
        thing=UUID(int=7),
        weather=Weather.FAIR,
        count=count,
        is_sure=True,
        digest=Digest(bytes(32)),
        commitment=Commitment(bytes([1]) * 32),
        until=None,
    )


def statement_id(number: int) -> StatementId:
    return StatementId(UUID(int=number))


def log_of(leaves: Sequence[bytes], signer: Ed25519Signer = SIGNER) -> str:
    """The signed checkpoint of a log of `leaves`."""
    head = TreeHead(size=len(leaves), root=root(len(leaves), node_of([leaf_hash(leaf) for leaf in leaves])))
    return sign_note(checkpoint_text(Checkpoint(origin=signer.name, head=head)), signer)


def proof_of(leaves: Sequence[bytes], index: int, signer: Ed25519Signer = SIGNER) -> Proof:
    hashes = inclusion_path(index, len(leaves), node_of([leaf_hash(leaf) for leaf in leaves]))
    return Proof(index=index, hashes=hashes, checkpoint=log_of(leaves, signer), extra=leaves[index])


@contextmanager
def own_database(url: str, name: str) -> Iterator[str]:
    """Another database on the same server, migrated: a deployment, and so a log, of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    own = make_url(url).set(database=name).render_as_string(hide_password=False)
    migrate(own)
    yield own
