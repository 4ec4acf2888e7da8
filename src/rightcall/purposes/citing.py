"""How lawyers cite a law, with its article or section: `MiFID II Art. 16(7)`, `AO § 147`."""

import re

_CITATION = re.compile(r"[^\W_][\w .,:;()/§&'’-]{2,119}")
_LONG_NUMBER = re.compile(r"[0-9]{7}")


def is_citation(text: str) -> bool:
    """3 to 120 letters, digits and plain punctuation, some digit among them."""
    return bool(_CITATION.fullmatch(text) and re.search(r"[0-9]", text)) and not _LONG_NUMBER.search(text)
