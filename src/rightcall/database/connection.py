"""PostgreSQL: a pool, and transactions that belong to one controller.

Row-level security does the isolating: inside `transaction(controller)` the session runs as the role `rightcall_app`, which sees
the rows of that controller and no others; without a controller it sees none. `system()` runs as `rightcall_system`, which
sees only what the deployment itself needs (the ledger's queue, the controllers, the recorders).
The face opens the transaction; deeds compose inside it; nothing below a face commits.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import LiteralString, Protocol, Self, TypeAlias, TypeVar

import psycopg
from psycopg import sql
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from rightcall.errors import Breach, Conflict, DatabaseGone, Malformed
from rightcall.ids import ControllerId, StatementId

Connection: TypeAlias = psycopg.Connection[DictRow]
T = TypeVar("T")
_RETRIES = 5
_PATIENCE_SECONDS = 8.0
_PREPARED = 500
"""Statements that a connection keeps prepared: more than any one piece of work uses, or the oldest would be planned anew."""
_BEGIN_APP: LiteralString = (
    "BEGIN; SELECT set_config('role', 'rightcall_app', true), set_config('rightcall.controller', {}, true)"
)
_BEGIN_SYSTEM: LiteralString = "BEGIN; SELECT set_config('role', 'rightcall_system', true)"


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open transaction. `controller` is None for the deployment's own work. `cursor`: what the statements of stores run on,
    one after the other; a new one for each would cost a short statement a quarter of its time. `put_aside`: what a deed among
    others does where it would wait for an answer (see together.py). `said`: what was said in it, for whoever must know before it
    is committed."""

    connection: Connection
    controller: ControllerId | None
    cursor: psycopg.Cursor[DictRow]
    put_aside: Callable[[], None] | None = None
    said: list["Said"] = field(default_factory=list)

    @classmethod
    def on(cls, connection: Connection, controller: ControllerId | None) -> Self:
        return cls(connection, controller, connection.cursor())

    @property
    def of(self) -> ControllerId:
        """The controller on whose behalf this transaction runs."""
        if self.controller is None:
            raise Breach("This deed needs a controller and was given a system transaction.")
        return self.controller


@contextmanager
def to_nothing(tx: Transaction) -> Iterator[None]:
    """What is done in the block is done, and comes to nothing when it ends: for doing the same work whatever is known."""
    said = len(tx.said)
    try:
        with tx.connection.transaction(force_rollback=True):
            yield
    finally:
        del tx.said[said:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement that counts once its transaction is committed."""

    id: StatementId
    kind: str
    leaf: bytes


class Foreword(Protocol):
    """What has to be durable outside of the database before a transaction is committed in which something of `kinds` was said.
    Where it raises, nothing is committed."""

    @property
    def kinds(self) -> frozenset[str]: ...

    def __call__(self, tx: Transaction, said: list[Said], /) -> None: ...


class _Patient(psycopg.Connection[DictRow]):
    """A database that hangs, its machine or the way to it, is as good as gone: no statement waits for it without end."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, _PATIENCE_SECONDS if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


class Database:
    """One pool of connections to one PostgreSQL database. `foreword`: what is done before anything is committed."""

    def __init__(self, url: str, *, connections: int = 8, timeout_seconds: float = 5.0, foreword: Foreword | None = None) -> None:
        self.url = url
        self._foreword = foreword
        self._timeout_seconds = timeout_seconds
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            connection_class=_Patient,
            min_size=1,
            max_size=connections,
            timeout=timeout_seconds,
            kwargs={"row_factory": dict_row, "connect_timeout": 5, "autocommit": True},
            configure=_configure,
            open=True,
        )

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def transaction(self, controller: ControllerId) -> Iterator[Transaction]:
        """Committed when the block ends well, rolled back when it raises."""
        with self._connection(sql.SQL(_BEGIN_APP).format(str(controller))) as connection:
            tx = Transaction.on(connection, controller)
            yield tx
            self._before_commit(tx)

    @contextmanager
    def system(self) -> Iterator[Transaction]:
        """The deployment's own work, for no controller in particular."""
        with self._connection(sql.SQL(_BEGIN_SYSTEM)) as connection:
            tx = Transaction.on(connection, None)
            yield tx
            self._before_commit(tx)

    def _before_commit(self, tx: Transaction) -> None:
        if self._foreword is not None and (said := [each for each in tx.said if each.kind in self._foreword.kinds]):
            self._foreword(tx, said)

    def run(self, controller: ControllerId, deed: Callable[[Transaction], T]) -> T:
        """`deed` in a transaction of its own, run again where PostgreSQL asks for it (serialization, deadlock)."""
        for attempt in range(_RETRIES):
            try:
                with self.transaction(controller) as tx:
                    return deed(tx)
            except _Retry as error:
                if attempt == _RETRIES - 1:
                    raise DatabaseGone("The database is too contended. Try again in a moment.") from error
        raise AssertionError("unreachable")

    @contextmanager
    def _connection(self, begin: sql.SQL | sql.Composed) -> Iterator[Connection]:
        try:
            connection = self._begun(begin)
            try:
                with connection:
                    yield connection
            finally:
                self._pool.putconn(connection)
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected) as error:
            raise _Retry("The database asks to try again.") from error
        except psycopg.DataError as error:
            if not _is_nul(error):
                raise
            raise Malformed("A text holds the sign NUL, which no text can have. Send it without that.") from error
        except psycopg.errors.UniqueViolation as error:
            raise Conflict(f"That exists already ({error.diag.constraint_name}).") from error
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, PoolClosed) as error:
            raise DatabaseGone(
                "The database cannot be reached. Nothing was changed. Check that it runs, then try again."
            ) from error

    def _begun(self, begin: sql.SQL | sql.Composed) -> Connection:
        """One whose transaction has begun: one way there and back, which also shows that it lives. One that died in the pool is
        given back, which replaces it, and the next is tried."""
        until = monotonic() + self._timeout_seconds
        while True:
            connection = self._pool.getconn()
            try:
                connection.execute(begin, prepare=False)
            except BaseException as error:  # an interrupt too: else the pool would be short of one for good
                self._pool.putconn(connection)
                if not isinstance(error, psycopg.OperationalError) or monotonic() >= until:
                    raise
            else:
                return connection


def _configure(connection: Connection) -> None:
    connection.prepared_max = _PREPARED


def _is_nul(error: psycopg.DataError) -> bool:
    """In a text psycopg itself says so, in JSON PostgreSQL does."""
    return "NUL (0x00)" in str(error) or isinstance(error, psycopg.errors.UntranslatableCharacter)


class _Retry(DatabaseGone):
    """Serialization failure or deadlock."""
