"""A processor calls back, and is believed only in that it is to be asked."""

from rightcall.activities.processors import rules, store
from rightcall.activities.processors.model import Heard, Order, OrderState, Refusal, Reply
from rightcall.activities.processors.ports import Outbound
from rightcall.clock import Clock
from rightcall.database.connection import Transaction

_ORDER = (OrderState.PENDING, OrderState.IN_PROGRESS, OrderState.CANCELLED, OrderState.COMPLETED)
"""What was said to be done stays said: that it was called off takes it back no more than an old callback does."""


def hear(tx: Transaction, clock: Clock, outbound: Outbound, reply: Reply) -> Order | Refusal:
    """A processor calls back (section 8.8). What it says makes us ask it at once; what counts is what it says then. One that is
    sent again changes nothing."""
    caller = next((each for each in store.processors(tx) if each.domain == reply.domain and each.retired_at is None), None)
    url = outbound.callback_url(tx.of)
    if caller is None or url is None:
        return Refusal.UNKNOWN_DOMAIN
    heard = rules.callback(reply, domain=caller.domain, certificate=caller.certificate, url=url)
    if not isinstance(heard, Heard):
        return heard
    order = store.order_for_update(tx, heard.order)
    if order is None or order.recipient != caller.recipient or order.accepted_at is None:
        return Refusal.UNKNOWN_REQUEST
    if order.settled_at is None and not _is_earlier(heard.state, order):
        store.set_called_back(tx, order.id, heard.state, clock.now())
    return order


def _is_earlier(state: OrderState, order: Order) -> bool:
    """Told before: an old callback that somebody sends again takes nothing back."""
    known = order.called_back or order.state
    return known in _ORDER and _ORDER.index(state) <= _ORDER.index(known)
