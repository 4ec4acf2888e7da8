"""The process with the role media."""

from rightcall.recorder import media
from rightcall.recorder.media import MediaPlace
from rightcall.settings import Settings
from rightcall.wiring import open_house

_CONNECTIONS = 8


def run(settings: Settings) -> None:
    first, _, last = settings.rtp_ports.partition("-")
    place = MediaPlace(
        data=settings.data,
        control=settings.control,
        rtp=settings.rtp,
        rtp_public=settings.rtp_public,
        first_port=int(first),
        last_port=int(last),
    )
    with open_house(settings, connections=_CONNECTIONS) as house:
        media.run(place, database=house.database, tools=house.tools, objects=house.objects)
