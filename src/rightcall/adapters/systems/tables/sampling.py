"""Which rows a sample takes."""

import hashlib


def is_chosen(key: str, sample: float) -> bool:
    """By the key alone, evenly: the same rows whenever the same part is asked for."""
    drawn = int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest())
    return drawn < sample * (1 << 64)
