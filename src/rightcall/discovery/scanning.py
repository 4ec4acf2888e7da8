"""A scan of any source: every object is read part by part and looked at. What comes out are events, as they happen.

Nothing is written anywhere, and no value that is found leaves `detection`.
"""

from collections.abc import Iterator

from rightcall.discovery.looking import Rules, look, try_rules
from rightcall.discovery.model import Event, NotRead, PassedOver, Read
from rightcall.discovery.ports import Listed, System


def scan_system(system: System, rules: Rules, *, sample: float = 1.0) -> Iterator[Event]:
    """Every object of a source, in its order. Raises RulesGone before anything is read, NotFound and SourceGone about the source
    itself; what is wrong with one object never ends the scan."""
    try_rules()
    for each in system.objects():
        if isinstance(each, PassedOver):
            yield each
            continue
        try:
            yield from read_object(system, each, rules, sample=sample)
        except NotRead as why:
            yield PassedOver(object=each.name, reason=why.reason)


def read_object(system: System, listed: Listed, rules: Rules, *, sample: float = 1.0) -> Iterator[Event]:
    """One object of any source. Raises NotRead where it is not for reading, SourceGone where the source does not answer. What was
    passed over in all its parts was not read: a packed file in which all is broken, say."""
    looked_at = passed_over = False
    for part in system.read(listed, sample=sample):
        if isinstance(part, PassedOver):
            passed_over = True
            yield part
        else:
            looked_at = True
            yield from look(part, rules)
    if looked_at or not passed_over:
        yield Read(object=listed.name, bytes=0, is_whole=True)
