"""What is encrypted though it stands in letters: PGP, age, Ansible Vault and OpenSSL's `enc`. However much it looks like a text,
nobody can read it here."""

import re

ARMOUR = r"-----BEGIN (?P<sort>PGP MESSAGE|AGE ENCRYPTED FILE)-----"
VAULT = r"\$ANSIBLE_VAULT;[0-9.]+;AES"
SALTED = re.compile(r"U2FsdGVkX1[0-9A-Za-z+/]+={0,2}(?:\r?\n[0-9A-Za-z+/]+={0,2})*")
"""All of a text, in Base64."""
_SALTED_BEGINS, _SHORTEST = "U2FsdGVkX1", 30
_MARKS = ("-----BEGIN ", "$ANSIBLE_VAULT;", _SALTED_BEGINS)
_STANDS = re.compile(rf"(?:^|[\s>]|\\n)(?:{ARMOUR}|{VAULT})")


def stands_in(cell: str) -> bool:
    """Whether something encrypted stands in a cell, a field or a turn, also where its lines end in `\\n` as letters."""
    if len(cell) < _SHORTEST or not any(mark in cell for mark in _MARKS):
        return False
    return _STANDS.search(cell) is not None or SALTED.fullmatch(cell.strip()) is not None
