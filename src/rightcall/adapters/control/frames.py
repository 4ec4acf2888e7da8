"""Frames on the control line: four bytes of length, then one msgpack message. Anything else ends the connection."""

import struct

import msgspec

from rightcall.adapters.control.messages import Answer, Message, Order
from rightcall.errors import Malformed

LIMIT = 1 << 20
LENGTH = struct.Struct("!I")
_encoder = msgspec.msgpack.Encoder()
_orders: msgspec.msgpack.Decoder[Order] = msgspec.msgpack.Decoder(Order)
_answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def frame(message: Message) -> bytes:
    body = _encoder.encode(message)
    if len(body) > LIMIT:
        raise Malformed("This control message is too large. Split the call's streams over several orders.")
    return LENGTH.pack(len(body)) + body


def length_of(prefix: bytes) -> int:
    """The length that four bytes announce; never zero, never beyond the limit."""
    (length,) = LENGTH.unpack(prefix)
    if not 0 < length <= LIMIT:
        raise Malformed("The control line carries a frame of impossible size. The connection is closed.")
    return int(length)


def order_in(body: bytes) -> Order:
    try:
        return _orders.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("The control line carries something that is no order. The connection is closed.") from error


def answer_in(body: bytes) -> Answer:
    try:
        return _answers.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("The control line carries something that is no answer. The connection is closed.") from error
