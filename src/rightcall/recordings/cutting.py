"""Taking a stretch out of a take, to be held by itself: the rest of the take is under no hold, and goes as it would have gone.

One key seals all of a take, so who has it opens all of it. The smallest thing that can be kept alone is therefore what is sealed
anew: the packets of the stretch, one of them the smallest, under a key of its own that the hold's key alone opens. The take's key
is put under no hold, so neither what is here nor a backup opens more than the stretch once the take is dark.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from rightcall.actors import Actor
from rightcall.canonical import sha256
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds.model import Slice, Span
from rightcall.holdings.model import Holding, NewHolding, Provenance, Source
from rightcall.holdings.places import Part
from rightcall.holdings.ports import Objects
from rightcall.ids import HoldId, HoldingId, PurposeId, new_id
from rightcall.recordings.model import Take
from rightcall.recordings.packets import pack
from rightcall.recordings.playing import finished, reader_of, stretch
from rightcall.recordings.tools import Tools
from rightcall.vault.sealing import Sealer, content_context


def span_of(take: HoldingId, from_ms: int | None, until_ms: int | None) -> Span | None:
    """None for the whole of it. Malformed where only one of the two is said."""
    if from_ms is None and until_ms is None:
        return None
    if from_ms is None or until_ms is None:
        raise Malformed("A stretch of a take has a beginning and an end. Give both, in milliseconds, or neither.")
    return Span(take=take, from_ms=from_ms, until_ms=until_ms)


def cut_all(
    tx: Transaction, tools: Tools, objects: Objects, *, hold: HoldId, wanted: Sequence[Slice], by: Actor, scratch: Path
) -> list[Slice]:
    """Whatever names a stretch is cut out; the rest is held as it is."""
    return [
        each
        if each.span is None
        else cut(tx, tools, objects, hold=hold, span=each.span, purpose=each.purpose, by=by, scratch=scratch)
        for each in wanted
    ]


def cut(
    tx: Transaction,
    tools: Tools,
    objects: Objects,
    *,
    hold: HoldId,
    span: Span,
    purpose: PurposeId,
    by: Actor,
    scratch: Path,
) -> Slice:
    """A holding of its own with what was said in the stretch, for `hold`, which is placed next in the same transaction. Conflict
    where nothing was said in it, and where the take is dark; Malformed where the take ends before it does. `scratch`: a folder
    for sealed bytes on their way to the store; what reaches the store before a transaction that fails opens with nothing.
    """
    found, take = finished(tx, span.take)
    if purpose not in take.purposes:
        raise Conflict("This take is not kept for that purpose. Hold it for one that it is kept for.")
    if take.disposed_at is not None:
        raise Conflict("This take is gone: its bytes were deleted. It can no longer be held.")
    span = within(found, span)
    key = tools.vault.unlock_to_hold(tx, holding=take.id, purpose=purpose)
    said = stretch(reader_of(tx, objects, take, key), span.from_ms, span.until_ms)
    plain = b"".join(pack(each.milliseconds, each.packet) for each in said)
    if not plain:
        raise Conflict("Nothing was said in that stretch of the take. Listen to it, and give the stretch that matters.")
    new = _holding(tx, tools, take, span, purpose, by)
    sealer = Sealer(tools.vault.seal_to_hold(tx, hold=hold, holding=new.id).secret, content_context(tx.of, new.id))
    sealed = sealer.header() + sealer.seal(plain) + sealer.finish()
    file = scratch / str(new.id)
    try:
        file.write_bytes(sealed)
        objects.put_file(new.object_key, file)
    finally:
        file.unlink(missing_ok=True)
    holdings.record(tx, tools.clock, new)
    holdings.complete(tx, tools.clock, new.id, sealed_length=len(sealed), complete=True, sha256=sha256(sealed))
    return Slice(holding=new.id, purpose=purpose, span=span)


def length_ms(take: Take) -> int | None:
    """From when it was opened until the last that was said; None where nothing was."""
    return None if take.last_at is None else (take.last_at - take.opened_at) // timedelta(milliseconds=1)


def within(take: Take, span: Span) -> Span:
    """The stretch, ending where the take does: whoever gives its last second as people count it means its end. Malformed where it
    reaches beyond that."""
    length = length_ms(take)
    if length is None:
        raise Conflict("Nothing was said in this take, so no stretch of it can be held.")
    seconds = max(1, -(-length // 1000))
    if span.from_ms > length or span.until_ms > seconds * 1000:
        raise Malformed(f"This take ends after {seconds:,} s. Give a stretch that begins and ends within it.")
    return replace(span, until_ms=max(span.from_ms + 1, min(span.until_ms, length + 1)))


def _holding(tx: Transaction, tools: Tools, take: Holding, span: Span, purpose: PurposeId, by: Actor) -> NewHolding:
    id = HoldingId(new_id())
    terms = tuple(each for each in take.terms if each.purpose == purpose)
    if not terms:
        raise NotFound("The take has no term for that purpose.")
    return NewHolding(
        id=id,
        subject=take.subject,
        kind=take.kind,
        terms=terms,
        mediatype=take.mediatype,
        provenance=Provenance(
            source=Source.DERIVED,
            actor=by,
            at=tools.clock.now(),
            basis=take.provenance.basis,
            derived_from=(take.id,),
            parts=(Part(origin=take.id, from_ms=span.from_ms, until_ms=span.until_ms),),
        ),
        call=take.call,
        stream=take.stream,
        object_key=f"{tx.of}/{id}",
        category=take.category,
    )
