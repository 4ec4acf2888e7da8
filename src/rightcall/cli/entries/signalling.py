"""The process with the role signalling, the only one that loads the SIP library."""

from rightcall.adapters.sip.limits import Limits
from rightcall.recorder import signalling
from rightcall.recorder.signalling import SignallingPlace
from rightcall.settings import Settings, networks
from rightcall.wiring import open_house

_CONNECTIONS = 8


def run(settings: Settings) -> None:
    place = SignallingPlace(
        data=settings.data,
        sip=settings.sip,
        sip_public=settings.sip_public,
        proxies=networks(settings.sip_proxies),
        keepalive_seconds=settings.sip_keepalive_seconds,
        least_session_seconds=settings.sip_least_session_seconds,
        limits=Limits(calls=settings.sip_most_calls, messages_per_second=settings.sip_messages_per_second),
    )
    with open_house(settings, connections=_CONNECTIONS) as house:
        signalling.run(place, database=house.database, tools=house.tools, gates=house.recorders)
