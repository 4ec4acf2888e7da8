"""The process with the role web."""

from rightcall.settings import Settings
from rightcall.web.server import listen, serve
from rightcall.wiring import open_house

_CONNECTIONS = 24


def run(settings: Settings) -> None:
    with listen(settings.http) as listening, open_house(settings, connections=_CONNECTIONS) as house:
        serve(house, listening)
