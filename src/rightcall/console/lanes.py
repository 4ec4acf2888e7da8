"""A call drawn: a lane for each party, from when they came until they left, filled where their sound was kept."""

from collections.abc import Mapping
from datetime import datetime
from html import escape

from markupsafe import Markup

from rightcall.calls.model import Call
from rightcall.design.tongues import Tongue
from rightcall.ids import PartyId
from rightcall.recordings.model import CallState, Take

_WIDE, _LEFT, _LANE = 640, 120, 30


def lanes(call: Call, until: datetime, names: Mapping[PartyId, str], state: CallState | None, tongue: Tongue) -> Markup:
    """Its figures are the table of the timeline, which stands below it."""
    whole = max((until - call.started_at).total_seconds(), 1.0)
    takes = () if state is None else state.takes
    drawn = [_lane(nth, name, [each for each in takes if each.party == party], call.started_at, until, whole)
             for nth, (party, name) in enumerate(names.items())]  # fmt: skip
    high = len(drawn) * _LANE
    axis = (
        f'<text class="soft" x="{_LEFT}" y="{high + 18}">0:00</text>'
        f'<text class="soft" x="{_WIDE - 4}" y="{high + 18}" text-anchor="end">{int(whole // 60)}:{int(whole % 60):02d}</text>'
    )
    title = tongue.words.gettext("Who was in the call, and when their sound was kept")
    return Markup(  # noqa: S704 - every word in it is escaped where it is put in
        f'<figure class="plot"><figcaption>{escape(title)}</figcaption><svg class="lanes" viewBox="0 0 {_WIDE} {high + 26}"'
        f' role="img" aria-label="{escape(title)}">{"".join(drawn)}{axis}</svg></figure>'
    )


def _lane(nth: int, name: str, takes: list[Take], began: datetime, until: datetime, whole: float) -> str:
    y = nth * _LANE
    kept = "".join(_stretch(each, y, began, until, whole) for each in takes)
    return (
        f'<text x="{_LEFT - 10}" y="{y + 19}" text-anchor="end">{escape(name)}</text>'
        f'<rect class="lane" x="{_LEFT}" y="{y + 6}" width="{_WIDE - _LEFT - 4}" height="{_LANE - 12}" rx="3"/>{kept}'
    )


def _stretch(take: Take, y: int, began: datetime, until: datetime, whole: float) -> str:
    left, right = (take.opened_at - began).total_seconds() / whole, ((take.cut_at or until) - began).total_seconds() / whole
    room = _WIDE - _LEFT - 4
    wide = max((min(right, 1.0) - max(left, 0.0)) * room, 2.0)
    return (
        f'<rect class="bar" x="{_LEFT + max(left, 0.0) * room:.1f}" y="{y + 6}" width="{wide:.1f}" height="{_LANE - 12}" rx="3"/>'
    )
