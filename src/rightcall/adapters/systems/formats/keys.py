"""What a row of a file without keys is the same row by, when others come and go before it, and when what it says changes.

By what it says; of equal rows, by which of them it is. And where a head names a column that tells one row from another (its own
number in front, a customer's number, an e-mail address), by that as long as the row says it first in its file: whoever stands
there again, as in a list of calls, is told by what is said. Memory is bounded, however long the file is: of equal rows that lie
very far apart each is the first, and in a file of millions of rows more and more are told by what they say.
"""

from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

from rightcall.discovery.detection.context import headed, tokens_of
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.roles import is_customer, is_staff

_MOST_MARKS = 50_000
_BITS = 1 << 23
_LONGEST = 200
_NUMBERS = frozenset({"id", "ids", "uuid", "guid", "key", "no", "nr", "num", "number", "nummer", "ref", "reference"})
_ENDS = ("id", "nr", "no", "nummer", "number")
_PERSONAL = frozenset({Kind.PHONE, Kind.PAYMENT_CARD, Kind.IBAN, Kind.BANK_ACCOUNT, Kind.POSTAL_ADDRESS})


class Equals:
    """Which of equal rows one is, as they come."""

    def __init__(self) -> None:
        self._times: OrderedDict[bytes, int] = OrderedDict()

    def told(self, mark: str) -> str:
        """The digest of a row; behind it, of those after the first, their number."""
        key = bytes.fromhex(mark)
        times = self._times.pop(key, 0) + 1
        self._times[key] = times
        if len(self._times) > _MOST_MARKS:
            self._times.popitem(last=False)
        return mark if times == 1 else f"{mark}/{times}"


class Known:
    """What rows are known by, as they come. A value that may have come before is told by its bits (Bloom, 1970): it may seem to
    have come though it did not, and never the other way round."""

    def __init__(self) -> None:
        self._bits: bytearray | None = None

    def by(self, id: str | None) -> str | None:
        """None where the row is told by what it says."""
        text = (id or "").strip()
        if not text or len(text) > _LONGEST:
            return None
        mark = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        return f"={mark.hex()}" if self._is_first(mark) else None

    def _is_first(self, mark: bytes) -> bool:
        bits = self._bits = self._bits or bytearray(_BITS // 8)
        places = [int.from_bytes(mark[at : at + 4]) % _BITS for at in (0, 4, 8)]
        is_first = any(not bits[place >> 3] & 1 << (place & 7) for place in places)
        for place in places:
            bits[place >> 3] |= 1 << (place & 7)
        return is_first


@lru_cache(maxsize=1024)
def identifying(heads: tuple[str, ...]) -> int | None:
    """The column that tells one row from another: the first where it is a number of its own, else a customer's number, else an
    e-mail address."""
    kinds = [frozenset[str]() if label is None else label.meanings for label in headed(heads, "\t").labels]
    if heads and _is_number(heads[0]) and _PERSONAL.isdisjoint(kinds[0]) and not is_staff(heads[0]):
        return 0
    customers = [number for number, head in enumerate(heads) if is_customer(head) and _is_number(head)]
    addresses = [number for number, head in enumerate(heads) if Kind.EMAIL in kinds[number] and not is_staff(head)]
    return _only(customers) if customers else _only(addresses)


def _only(columns: Sequence[int]) -> int | None:
    return columns[0] if len(columns) == 1 else None


def _is_number(head: str) -> bool:
    words = tokens_of(head)
    return bool(words) and (words[-1] in _NUMBERS or (is_customer(head) and words[-1].endswith(_ENDS)))
