"""What is read through the parser of others: whatever it raises on hostile bytes is one plain reason."""

import lzma
import sys
import tarfile
import zipfile
import zlib

from rightcall.adapters.systems.formats.model import FOREIGN
from rightcall.adapters.systems.formats.stream import Readable
from rightcall.discovery.model import NotRead, Reason

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BROKEN = (*FOREIGN, zipfile.BadZipFile, zlib.error, lzma.LZMAError, tarfile.TarError, zstd.ZstdError)


class Guarded:
    """The same bytes. Raises NotRead."""

    def __init__(self, raw: Readable) -> None:
        self._raw = raw

    def read(self, amount: int) -> bytes:
        try:
            return self._raw.read(amount)
        except BROKEN as error:
            raise NotRead(Reason.BROKEN) from error
