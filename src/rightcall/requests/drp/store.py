"""The tables `drp_agents`, `drp_tokens`, `drp_messages` and `drp_requests`."""

from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ControllerId, RequestId
from rightcall.requests.drp.model import Agent, AgentId, Callback, DrpId, DrpRequest, Trouble, Untold


def insert_agent(tx: Transaction, agent: Agent) -> bool:
    """False where an agent of that name is there already."""
    return bool(
        sql.execute(
            tx,
            """
            INSERT INTO drp_agents (controller, agent, name, business, key, added_at)
            VALUES (%(controller)s, %(agent)s, %(name)s, %(business)s, %(key)s, %(at)s) ON CONFLICT DO NOTHING
            """,
            controller=tx.of,
            agent=agent.id,
            name=agent.name,
            business=agent.business,
            key=agent.key,
            at=agent.added_at,
        )
    )


def agents(tx: Transaction) -> list[Agent]:
    rows = sql.all_rows(
        tx,
        "SELECT controller, agent, name, business, key, added_at, retired_at FROM drp_agents"
        " WHERE controller = %(controller)s ORDER BY agent",
        controller=tx.of,
    )
    return [_agent(row) for row in rows]


def retire_agent(tx: Transaction, agent: AgentId, at: datetime) -> bool:
    sql.execute(
        tx,
        "DELETE FROM drp_tokens WHERE controller = %(controller)s AND agent = %(agent)s",
        controller=tx.of,
        agent=agent,
    )
    return bool(
        sql.execute(
            tx,
            "UPDATE drp_agents SET retired_at = coalesce(retired_at, %(at)s)"
            " WHERE controller = %(controller)s AND agent = %(agent)s",
            controller=tx.of,
            agent=agent,
            at=at,
        )
    )


def agents_named(system_tx: Transaction, name: str) -> list[Agent]:
    """Of every controller that trusts one of this name."""
    rows = sql.all_rows(
        system_tx,
        "SELECT controller, agent, name, business, key, added_at, retired_at FROM drp_agents"
        " WHERE name = %(name)s AND retired_at IS NULL ORDER BY controller",
        name=name,
    )
    return [_agent(row) for row in rows]


def agent_of_token(system_tx: Transaction, digest: bytes) -> Agent | None:
    row = sql.maybe_row(
        system_tx,
        "SELECT a.controller, a.agent, a.name, a.business, a.key, a.added_at, a.retired_at FROM drp_tokens t"
        " JOIN drp_agents a ON a.controller = t.controller AND a.agent = t.agent"
        " WHERE t.digest = %(digest)s AND a.retired_at IS NULL",
        digest=digest,
    )
    return None if row is None else _agent(row)


def replace_token(tx: Transaction, agent: AgentId, digest: bytes, at: datetime) -> None:
    """The one before opens nothing from now on."""
    sql.execute(
        tx,
        "INSERT INTO drp_tokens (controller, agent, digest, made_at) VALUES (%(controller)s, %(agent)s, %(digest)s, %(at)s)"
        " ON CONFLICT (controller, agent) DO UPDATE SET digest = EXCLUDED.digest, made_at = EXCLUDED.made_at",
        controller=tx.of,
        agent=agent,
        digest=digest,
        at=at,
    )


def insert_message(tx: Transaction, digest: bytes, expires_at: datetime) -> bool:
    """False where it was taken before."""
    return bool(
        sql.execute(
            tx,
            "INSERT INTO drp_messages (controller, digest, expires_at) VALUES (%(controller)s, %(digest)s, %(expires_at)s)"
            " ON CONFLICT DO NOTHING",
            controller=tx.of,
            digest=digest,
            expires_at=expires_at,
        )
    )


def delete_messages(tx: Transaction, until: datetime) -> int:
    """Those that no one could send again: they have expired."""
    return sql.execute(
        tx,
        "DELETE FROM drp_messages WHERE controller = %(controller)s AND expires_at < %(until)s",
        controller=tx.of,
        until=until,
    )


def insert_request(tx: Transaction, request: DrpRequest) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO drp_requests (controller, drp, agent, agent_request, exercise, received_at, expected_on, request)
        VALUES (%(controller)s, %(drp)s, %(agent)s, %(agent_request)s, %(exercise)s, %(at)s, %(expected_on)s, %(request)s)
        """,
        controller=tx.of,
        drp=request.id,
        agent=request.agent,
        agent_request=request.agent_request,
        exercise=request.exercise,
        at=request.received_at,
        expected_on=request.expected_on,
        request=request.request,
    )


def received_since(tx: Transaction, agent: AgentId, since: datetime) -> int:
    row = sql.one_row(
        tx,
        "SELECT count(*) AS received FROM drp_requests"
        " WHERE controller = %(controller)s AND agent = %(agent)s AND received_at > %(since)s",
        controller=tx.of,
        agent=agent,
        since=since,
    )
    return int(row["received"])


def request_by_id(tx: Transaction, request: DrpId) -> DrpRequest | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT drp, agent, agent_request, exercise, received_at, expected_on, request, revoked_at FROM drp_requests
        WHERE controller = %(controller)s AND drp = %(drp)s FOR UPDATE
        """,
        controller=tx.of,
        drp=request,
    )
    return None if row is None else _request(row)


def set_revoked(tx: Transaction, request: DrpId, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE drp_requests SET revoked_at = %(at)s WHERE controller = %(controller)s AND drp = %(drp)s",
        controller=tx.of,
        drp=request,
        at=at,
    )


def set_callback(tx: Transaction, request: DrpId, url: str, told: bytes, look_at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE drp_requests SET callback = %(url)s, told = %(told)s, look_at = %(look_at)s"
        " WHERE controller = %(controller)s AND drp = %(drp)s",
        controller=tx.of,
        drp=request,
        url=url,
        told=told,
        look_at=look_at,
    )


def callbacks_due(tx: Transaction, now: datetime, limit: int) -> list[Callback]:
    """Those of agents that are trusted still; longest not looked at first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT r.drp, r.agent, r.agent_request, r.exercise, r.received_at, r.expected_on, r.request, r.revoked_at,
               r.callback, r.told, r.round, r.failures, r.failing_since
        FROM drp_requests r JOIN drp_agents a ON a.controller = r.controller AND a.agent = r.agent AND a.retired_at IS NULL
        WHERE r.controller = %(controller)s AND r.callback IS NOT NULL AND r.look_at <= %(now)s
        ORDER BY r.look_at, r.drp LIMIT %(limit)s
        """,
        controller=tx.of,
        now=now,
        limit=limit,
    )
    return [_callback(row) for row in rows]


def callback_by_id(tx: Transaction, request: DrpId) -> Callback | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT r.drp, r.agent, r.agent_request, r.exercise, r.received_at, r.expected_on, r.request, r.revoked_at,
               r.callback, r.told, r.round, r.failures, r.failing_since
        FROM drp_requests r JOIN drp_agents a ON a.controller = r.controller AND a.agent = r.agent AND a.retired_at IS NULL
        WHERE r.controller = %(controller)s AND r.drp = %(drp)s AND r.callback IS NOT NULL FOR UPDATE OF r
        """,
        controller=tx.of,
        drp=request,
    )
    return None if row is None else _callback(row)


def look_later(tx: Transaction, requests: list[DrpId], at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE drp_requests SET look_at = %(at)s WHERE controller = %(controller)s AND drp = ANY(%(drps)s)",
        controller=tx.of,
        drps=requests,
        at=at,
    )


def end_round(tx: Transaction, callback: Callback, *, look_at: datetime, trouble: Trouble | None) -> None:
    """As `callback` is now; the round it names is over."""
    sql.execute(
        tx,
        """
        UPDATE drp_requests SET told = %(told)s, round = %(round)s + 1, look_at = %(look_at)s, failures = %(failures)s,
            failing_since = %(failing_since)s, trouble = %(trouble)s
        WHERE controller = %(controller)s AND drp = %(drp)s
        """,
        controller=tx.of,
        drp=callback.drp.id,
        told=callback.told,
        round=callback.round,
        look_at=look_at,
        failures=callback.failures,
        failing_since=callback.failing_since,
        trouble=trouble,
    )


def forget_callback(tx: Transaction, request: DrpId) -> None:
    """Nobody is called there any more. What went wrong last stays to be seen."""
    sql.execute(
        tx,
        "UPDATE drp_requests SET callback = NULL WHERE controller = %(controller)s AND drp = %(drp)s",
        controller=tx.of,
        drp=request,
    )


def untold(tx: Transaction) -> list[Untold]:
    """Of each agent, also those that it was tried too long to tell of."""
    rows = sql.all_rows(
        tx,
        """
        SELECT agent, count(*) AS requests, min(failing_since) AS since,
               (array_agg(trouble ORDER BY failing_since))[1] AS trouble
        FROM drp_requests WHERE controller = %(controller)s AND failures > 0 GROUP BY agent ORDER BY agent
        """,
        controller=tx.of,
    )
    return [
        Untold(agent=AgentId(row["agent"]), requests=row["requests"], since=row["since"], trouble=Trouble(row["trouble"]))
        for row in rows
    ]


def _callback(row: sql.Row) -> Callback:
    return Callback(
        drp=_request(row),
        url=row["callback"],
        told=bytes(row["told"]),
        round=row["round"],
        failures=row["failures"],
        failing_since=row["failing_since"],
    )


def _agent(row: sql.Row) -> Agent:
    return Agent(
        id=AgentId(row["agent"]),
        controller=ControllerId(row["controller"]),
        name=row["name"],
        business=row["business"],
        key=bytes(row["key"]),
        added_at=row["added_at"],
        retired_at=row["retired_at"],
    )


def _request(row: sql.Row) -> DrpRequest:
    return DrpRequest(
        id=DrpId(row["drp"]),
        agent=AgentId(row["agent"]),
        agent_request=row["agent_request"],
        exercise=row["exercise"],
        received_at=row["received_at"],
        expected_on=row["expected_on"],
        request=None if row["request"] is None else RequestId(row["request"]),
        revoked_at=row["revoked_at"],
    )
