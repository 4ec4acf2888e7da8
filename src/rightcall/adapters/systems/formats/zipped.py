"""Zip archives, member by member; and the office documents that are such archives, by a member that only they have."""

from rightcall.adapters.systems.formats import documents, slides, spreadsheet
from rightcall.adapters.systems.formats.model import WITHIN, Format, Head, Told, Within
from rightcall.adapters.systems.formats.names import leads_out, shown
from rightcall.adapters.systems.formats.packages import BEGINS, Package, opened
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import NotRead, PassedOver, Reason

OFFICE = (documents.WORD, spreadsheet.FORMAT, slides.FORMAT, documents.OPEN)


def fits(head: Head) -> bool:
    return head.bytes.startswith(BEGINS)


def parts(name: str, stream: Stream, within: Within) -> Told:
    with opened(stream, within) as package:
        office = next((each for each in OFFICE if each.marker in package.names), None)
        if office is None:
            yield from _members(name, package, within)
            if package.is_behind_others:
                yield PassedOver(object=name, reason=Reason.BROKEN)
        if package.is_shortened:
            yield PassedOver(object=name, reason=Reason.TOO_MANY)
    if office is not None:
        yield from office.parts(name, stream, within)


def _members(name: str, package: Package, within: Within) -> Told:
    for member in package.members:
        inner = f"{name}{WITHIN}{shown(member.orig_filename)}"
        if leads_out(member.orig_filename) or leads_out(member.filename):
            yield PassedOver(object=inner, reason=Reason.NAME)
            continue
        if (member.external_attr >> 28) == 0o12:
            yield PassedOver(object=inner, reason=Reason.LINK)
            continue
        try:
            raw = package.raw(member)
        except NotRead as why:
            yield PassedOver(object=inner, reason=why.reason)
            continue
        yield from within.inner(inner, raw)


FORMAT = Format(
    name="zip",
    fits=fits,
    parts=parts,
    endings=(".zip", ".jar"),
    reads="Each member by its content, however deep, within the limits on what may come out",
    leaves=(
        "What lies before an archive that was put behind it (told); members behind a password; links; names that lead out;"
        " methods of packing other than deflate, bzip2 and LZMA"
    ),
)
