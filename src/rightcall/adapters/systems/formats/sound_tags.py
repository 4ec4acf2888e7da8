"""What a sound says about itself. Only the container is looked at, as the kind that its first bytes say it is."""

from collections.abc import Mapping

import av

from rightcall.adapters.systems.formats.model import FOREIGN, Told, Within
from rightcall.adapters.systems.formats.sound import kind_of
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.adapters.systems.formats.text import prose
from rightcall.discovery.model import NotRead, PassedOver, Reason


def parts(name: str, stream: Stream, within: Within) -> Told:
    size = within.spent.packed
    try:
        with av.open(stream.sought(), format=kind_of(stream.head()), metadata_errors="replace") as sound:
            tags = _lines(sound.metadata) + "".join(_lines(each.metadata) for each in sound.streams)
    except (*FOREIGN, av.error.FFmpegError) as error:
        raise NotRead(Reason.BROKEN) from error
    yield from prose(name, iter([(size if within.depth == 0 else 0, tags)]), "tags")
    yield PassedOver(object=name, reason=Reason.SOUND)


def _lines(tags: Mapping[str, str]) -> str:
    return "".join(f"{key}: {value}\n" for key, value in tags.items())
