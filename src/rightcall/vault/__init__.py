"""The two locks: why what we hold can be read while a yes stands, and cannot be once it is gone.

Every holding is sealed under a content key of its own. That key is wrapped once for each purpose, and a wrap opens only with
the grant key of every party whose yes the purpose needs *and* the term key of the purpose's last day:

    epoch key (key service)
    ├── term key (purpose, last day) ──────────────────────────────┐
    ├── epoch seed (controller) ──┐                                ├─ HKDF ─ wrap key ─ content key ─ sealed bytes
    ├── subject key ──────────────┴─ HKDF ─ grant key (party, purpose) ┘
    │     └── sealed names and numbers, salts of the ledger's commitments
    ├── blind-index key (controller)
    └── hold key ─ content keys of the held slice

A withdrawal destroys a grant key, the end of a term its term key, an erasure the subject key: each is one row, whatever the
volume. Each epoch everything that lives is wrapped anew under a new epoch key and the old one is destroyed. The seed goes into
the wrap of every grant key so that a withdrawn grant key, kept in a backup, does not open with the present subject key.

A grant key whose yes was found void is withheld: its row says so, its wrap is bound to that, and nobody opens anything with it
until the DPO releases it (`quarantine`, docs/adr/0012).

What this defends against: operators and insiders with the database, its backups, its write-ahead log or the object store;
thieves of any of these; and ourselves, after the fact. Bytes of a destroyed key that linger on a disk or in a backup are
wrapped under an epoch key, so they are of use to nobody once that epoch is over.

What it does not defend against: someone who controls the running process, or its memory, while a grant stands; someone who
holds the key service *and* a backup from the present epoch (until the epoch is over: a backup restored within it opens what
stood when it was made); copies of the key file that were made against the instructions (a key file must never be backed up or
lie on a file system with snapshots; an HSM removes this); and anyone who was rightly shown the content and kept it.
"""
