"""The vault's deeds. What a deed destroys is dark for every process as soon as its transaction commits.

Nothing that a withdrawal, an erasure or the end of a term must reach is kept between two deeds: each reads its keys anew.
Writing statements to the ledger is for the rooms above; the vault and the ledger do not know each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from rightcall.clock import Clock, day_of
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import GrantId, HoldId, HoldingId, PartyId, PurposeId, StatementId, SubjectId, new_id
from rightcall.vault import keyring, rules, store, values_of_many
from rightcall.vault.epochs import actions as epochs
from rightcall.vault.keyring import KeptGrant, Place, Ring
from rightcall.vault.model import ContentKey, Dark, Epoch, Lock, Rotation, WithheldWhy
from rightcall.vault.opening import Day, Opening, Pair
from rightcall.vault.ports import KeyService
from rightcall.vault.quarantine import actions as quarantine
from rightcall.vault.terms import store as terms
from rightcall.vault.terms.lengthening import Lengthening
from rightcall.vault.terms.shortening import Shortening
from rightcall.vault.wrapping import context, derive, keyed_hash, new_secret, unwrap


class Vault:
    """The two locks over one key service. Holds no key itself."""

    def __init__(self, keys: KeyService, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._opening = Opening(keys, clock)

    # Epochs: deeds of the deployment, each with transactions of its own

    def start(self, database: Database, *, after_restore: bool = False) -> None:
        """Makes the first epoch where there is none; safe to call at every start and from several processes.

        `NotConfigured` where the key service lacks the present epoch's key. After a database was restored from a backup, call it
        with `after_restore`: then a new epoch begins, what lies under keys that are gone stays dark, and keys of epochs that
        the restored database does not know are destroyed with the next rotation.
        """
        epochs.start(self._keeper(database), after_restore=after_restore)

    def rotate(self, database: Database, *, batch: int = epochs.BATCH, progress: epochs.Progress | None = None) -> Rotation:
        """A new epoch, or the rest of one that was cut off. `progress` gets the number of keys wrapped anew so far."""
        return epochs.rotate(self._keeper(database), batch=batch, progress=progress)

    def begin_epoch(self, database: Database) -> None:
        """The first step of a rotation alone: the new key exists, and the old one does still. `rotate` does the rest."""
        epochs.begin(self._keeper(database))

    def epoch(self, database: Database) -> Epoch:
        """The present epoch: since when it runs tells whether a rotation is due."""
        return epochs.present(database)

    def epoch_number(self, tx: Transaction) -> int:
        """The present epoch as this transaction sees it: what it has destroyed before asking lies under no later one."""
        return epochs.current(tx)[0]

    def rotation_is_cut_off(self, database: Database) -> bool:
        """Whether somebody was killed while an epoch turned: `rotate` does the rest of it, and begins no other."""
        return epochs.is_cut_off(self._keeper(database))

    def stands_alone(self, database: Database) -> Epoch | None:
        """The present epoch, once the key service has no key of any other that the database knows; else None."""
        return epochs.alone(self._keeper(database))

    # People

    def create_subject(self, tx: Transaction, subject: SubjectId) -> None:
        self.create_subjects(tx, [subject])

    def create_subjects(self, tx: Transaction, subjects: Sequence[SubjectId]) -> None:
        number, key = epochs.current(tx)
        blobs = [self._keys.wrap(key, new_secret(), keyring.subject_context(tx.of, subject)) for subject in subjects]
        if store.insert_subjects(tx, subjects, number, blobs, self._clock.now()) != len(subjects):
            raise Conflict("This subject has a key already, or had one and was erased. Use a new id.")

    def subject_exists(self, tx: Transaction, subject: SubjectId) -> bool:
        """True while the person has a key; False when there never was one and when they were erased."""
        found = store.subject(tx, subject)
        return found is not None and found.kept is not None

    def hold_subject(self, tx: Transaction, subject: SubjectId) -> None:
        """Nobody else destroys the person's key until the transaction ends."""
        store.hold_subjects(tx, [subject])

    def living_among(self, tx: Transaction, subjects: Sequence[SubjectId]) -> set[SubjectId]:
        """Those that have a key that the key service still opens."""
        ring = Ring(self._keys, tx.of)
        kept = {subject: each.kept for subject, each in store.subjects(tx, subjects).items() if each.kept is not None}
        return {subject for subject, blob in kept.items() if not isinstance(ring.subject(subject, blob), Dark)}

    def subjects_after(self, tx: Transaction, after: SubjectId | None, limit: int, *, made_before: datetime) -> list[SubjectId]:
        """A page of all who had a key before that instant, or have, in the order of their ids."""
        return store.subjects_after(tx, after, limit, made_before=made_before)

    def destroy_subject(self, tx: Transaction, subject: SubjectId) -> None:
        """Erases the person: one row, however much is held. Again is fine; `NotFound` where there never was one."""
        if not store.destroy_subject(tx, subject, self._clock.now()):
            raise NotFound("There is no such subject here.")

    def seal_value(self, tx: Transaction, subject: SubjectId, value: bytes, context: str) -> bytes:
        """A personal value for a column, bound to subject and `context` (a constant of the code, e.g. "subjects.name")."""
        return keyring.seal_value(tx.of, subject, context, self._opening.living_subject(tx, subject), value)

    def open_value(self, tx: Transaction, subject: SubjectId, sealed: bytes, context: str) -> bytes | Dark:
        key = self._opening.subject(tx, subject)
        return key if isinstance(key, Dark) else keyring.open_value(tx.of, subject, context, key, sealed)

    def seal_values(self, tx: Transaction, subject: SubjectId, values: Sequence[tuple[bytes, str]]) -> list[bytes]:
        """Many values, each with its context, with the key opened once."""
        key = self._opening.living_subject(tx, subject)
        return [keyring.seal_value(tx.of, subject, context, key, value) for value, context in values]

    def open_values(self, tx: Transaction, subject: SubjectId, sealed: Sequence[tuple[bytes, str]]) -> list[bytes] | Dark:
        key = self._opening.subject(tx, subject)
        if isinstance(key, Dark):
            return key
        return [keyring.open_value(tx.of, subject, context, key, value) for value, context in sealed]

    def seal_for_many(self, tx: Transaction, values: Sequence[tuple[SubjectId, bytes]], context: str) -> list[bytes]:
        """Values of many people, each person's key opened once. `Conflict` where one was erased."""
        return values_of_many.seal(tx, self._keys, values, context)

    def seal_where_living(self, tx: Transaction, values: Sequence[tuple[SubjectId, bytes]], context: str) -> list[bytes | Dark]:
        """The same, and for whoever has no key any more why not."""
        return values_of_many.seal_where_living(tx, self._keys, values, context)

    def open_of_many(self, tx: Transaction, values: Sequence[tuple[SubjectId, bytes]], context: str) -> list[bytes]:
        """What many values of many people were. `Conflict` where one was erased."""
        return values_of_many.open_all(tx, self._keys, values, context)

    def keep_values(self, tx: Transaction, subject: SubjectId, context: str, *, under: SubjectId) -> bytes:
        """What opens the person's values of that one context and nothing else of theirs, sealed under another key: it outlives
        theirs, until the other is destroyed. In the same time however many values there are."""
        key = derive(self._opening.living_subject(tx, subject), info=keyring.value_context(tx.of, subject, context))
        return self.seal_value(tx, under, key, _kept(subject, context))

    def open_kept_values(
        self, tx: Transaction, kept: bytes, sealed: Sequence[bytes], *, subject: SubjectId, context: str, under: SubjectId
    ) -> list[bytes] | Dark:
        """Values of a person whose own key may be gone, by what `keep_values` gave."""
        key = self.open_value(tx, under, kept, _kept(subject, context))
        if isinstance(key, Dark):
            return key
        bound_to = keyring.value_context(tx.of, subject, context)
        return [unwrap(key, value, bound_to) for value in sealed]

    def commit(self, tx: Transaction, subject: SubjectId, statement: StatementId, value: bytes) -> bytes:
        """32 bytes that stand for `value` in the ledger, and tell nothing once the person is erased."""
        return keyed_hash(_salt(tx, self._opening.living_subject(tx, subject), statement), value)

    def opening(self, tx: Transaction, subject: SubjectId, statement: StatementId) -> bytes | Dark:
        """The salt of that statement's commitment: commitment = HMAC-SHA-256(salt, value)."""
        carried = store.carried_opening(tx, subject, statement)
        if carried is not None:
            return self.open_value(tx, subject, carried, _carried(statement))
        key = self._opening.subject(tx, subject)
        return key if isinstance(key, Dark) else _salt(tx, key, statement)

    def carry_opening(self, tx: Transaction, statement: StatementId, *, of: SubjectId, to: SubjectId) -> None:
        """What the ledger committed to under one person's key can be shown under the other's too, from now on."""
        salt = rules.living(self.opening(tx, of, statement))
        store.carry_opening(tx, statement, to, self.seal_value(tx, to, salt, _carried(statement)))

    def blind(self, tx: Transaction, kind: str, value: str) -> bytes:
        """Where a value is looked up without being stored: equal values of a kind give equal bytes, per controller."""
        return self.blinds(tx, [(kind, value)])[0]

    def blinds(self, tx: Transaction, values: Sequence[tuple[str, str]]) -> list[bytes]:
        """As `blind`, for many kinds and values at the price of one question."""
        found = store.blind_key(tx)
        if found is None:
            number, key = epochs.current(tx)
            store.insert_blind_key(tx, number, self._keys.wrap(key, new_secret(), keyring.blind_context(tx.of)))
        secret = self._opening.living_blind_key(tx)
        return [keyed_hash(secret, context("blind value", tx.of, kind, value)) for kind, value in values]

    # Grants

    def open_grant(self, tx: Transaction, *, subject: SubjectId, party: PartyId, purpose: PurposeId) -> GrantId:
        epoch = epochs.current(tx)
        subject_key = self._opening.living_subject(tx, subject)
        seed = rules.living(epochs.seed(tx, Ring(self._keys, tx.of), self._keys, tx.of, epoch))
        row = KeptGrant(
            controller=tx.of,
            grant=GrantId(new_id()),
            subject=subject,
            party=party,
            purpose=purpose,
            epoch=epoch[0],
            blob=None,
            subject_key=None,
            seed=None,
        )
        store.insert_grant(tx, row, keyring.wrap_grant(subject_key, seed, new_secret(), row), self._clock.now())
        return row.grant

    def destroy_grant(self, tx: Transaction, grant: GrantId) -> None:
        """What was kept for that party and purpose is dark from the commit on. Again is fine; `NotFound` if it never was."""
        if not store.destroy_grant(tx, grant, self._clock.now()):
            raise NotFound("There is no such grant here.")

    def move_grants(self, tx: Transaction, party: PartyId, *, of: SubjectId, to: SubjectId) -> int:
        """The party's grants are wrapped anew under another person's key, and those destroyed are theirs too: erasing the one
        leaves them, erasing the other takes them. How many there were. Conflict where either was erased.

        Content locks stay as they are, since the grant keys do. A copy of the old wrap in a backup dies with its epoch.
        """
        store.hold_subjects(tx, [of, to])
        self._opening.living_subject(tx, of)
        subject_key, epoch = self._opening.living_subject(tx, to), epochs.current(tx)
        seed = rules.living(epochs.seed(tx, Ring(self._keys, tx.of), self._keys, tx.of, epoch))
        held = store.grants(tx, store.hold_grants(tx, party))
        moved = [row for row in held.values() if row.subject == of]
        for row in moved:
            key = None if row.blob is None else Ring(self._keys, tx.of).grant_though_withheld(row)
            if key is None or isinstance(key, Dark):
                store.move_grant(tx, replace(row, subject=to), row.blob)
            else:
                new = replace(row, subject=to, epoch=epoch[0], withheld_wrap=row.withheld)
                store.move_grant(tx, new, keyring.wrap_grant(subject_key, seed, key, new))
        return len(moved)

    def grant_lives(self, tx: Transaction, grant: GrantId) -> bool:
        found = store.grants(tx, [grant]).get(grant)
        return found is not None and found.blob is not None and found.subject_key is not None

    def withhold(self, tx: Transaction, grant: GrantId, *, why: WithheldWhy, statement: StatementId) -> bool:
        """From the commit on what was kept on this grant, and what was made from that, opens for nobody. True where this did it;
        `NotFound` if it never was."""
        return quarantine.withhold(tx, self._keys, grant, why=why, statement=statement, at=self._clock.now())

    def release(self, tx: Transaction, grant: GrantId) -> None:
        """Out of quarantine. `Conflict` where it was not in it, or can never open again. Who may, the rooms above say."""
        quarantine.release(tx, self._keys, grant)

    # Content

    def lock_content(self, tx: Transaction, *, holding: HoldingId, locks: Sequence[Lock]) -> ContentKey:
        """A new content key under all these locks. `Conflict` where any of them could not be opened now.

        Three round trips; two more for the first lock of a purpose's day.
        """
        rules.check_locks(locks, day_of(self._clock.now()))
        ring = Ring(self._keys, tx.of)
        grant_keys = self._opening.living_grants(tx, ring, locks)
        opened = self._opening.living_terms(tx, ring, [(lock.purpose, lock.last_day) for lock in locks])
        secret = new_secret()
        rows = []
        for lock in locks:
            term, term_key = opened[lock.purpose, lock.last_day]
            place = Place(controller=tx.of, holding=holding, term=term, grants=rules.canonical(lock.grants))
            keys = [grant_keys[grant] for grant in place.grants]
            rows.append((place, keyring.wrap_content(place, keys, term_key, secret)))
        if store.insert_locks(tx, rows) != len(rows):
            raise Conflict("This holding is locked already. Each holding gets its content key once.")
        return ContentKey(holding=holding, secret=secret)

    def unlock_content(self, tx: Transaction, *, holding: HoldingId, purpose: PurposeId) -> ContentKey | Dark:
        """The content key, where every grant stands and the term is not over. Whether one *may* is for the policy to say."""
        return self._opening.unlock(tx, holding, purpose)

    def unlock_all(self, tx: Transaction, wanted: Sequence[Pair]) -> Mapping[Pair, ContentKey | Dark]:
        """The same of many at once, for the price of one."""
        return self._opening.unlock_all(tx, wanted)

    def may_open_yet(self, tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
        """Those that are not dark for good, by what was destroyed. What is only withheld is among them, and so is what lies under
        an epoch's key that the key service lost: a wrong key service must not make all seem gone."""
        return store.may_open_yet(tx, holdings)

    def forget_locks(self, tx: Transaction, holdings: Sequence[HoldingId]) -> None:
        """Of what is gone. Nothing says any more for what, until when and by whose yes it was kept."""
        store.forget_locks(tx, holdings)

    # Terms

    def terms_due(self, tx: Transaction) -> list[Day]:
        """Purposes and last days that are over and whose key still exists."""
        return terms.terms_before(tx, day_of(self._clock.now()))

    def end_term(self, tx: Transaction, purpose: PurposeId, day: date) -> None:
        """Destroys the term key: all that expires that day is dark in one act. `Conflict` before the day is over."""
        if not rules.is_over(day, day_of(self._clock.now())):
            raise Conflict("That day is not over yet, so its term key stays.")
        if not terms.end_term(tx, purpose, day, self._clock.now()):
            raise NotFound("Nothing was ever kept for that purpose until that day.")

    def shortening(self, purpose: PurposeId, *, made_before: datetime) -> Shortening:
        """What ends sooner all that is kept for a purpose under keys from before."""
        return Shortening(keys=self._keys, purpose=purpose, made_before=made_before, now=self._clock.now())

    def lengthening(self, purpose: PurposeId) -> Lengthening:
        """What keeps for longer all that is kept for a purpose and is not over."""
        return Lengthening(keys=self._keys, purpose=purpose, now=self._clock.now())

    # Holds

    def open_hold(self, tx: Transaction, hold: HoldId) -> None:
        """A key of its own, for as long as the hold stands. Again changes nothing."""
        if store.hold(tx, hold) is None:
            number, key = epochs.current(tx)
            blob = self._keys.wrap(key, new_secret(), keyring.hold_context(tx.of, hold))
            store.insert_hold(tx, hold, number, blob, self._clock.now())

    def hold(self, tx: Transaction, *, hold: HoldId, holding: HoldingId, purpose: PurposeId) -> None:
        """Wraps this holding's content key under the hold's own key too. Before its locks go; afterwards it is a `Conflict`.

        A lock that is withheld is no obstacle: a hold stands on its own ground and not on a yes.
        """
        self._put_under(tx, hold, self.unlock_to_hold(tx, holding=holding, purpose=purpose))

    def unlock_to_hold(self, tx: Transaction, *, holding: HoldingId, purpose: PurposeId) -> ContentKey:
        """For whoever takes a held part out of it, and shows it to nobody."""
        return rules.living(self._opening.unlock(tx, holding, purpose, though_withheld=True))

    def seal_to_hold(self, tx: Transaction, *, hold: HoldId, holding: HoldingId) -> ContentKey:
        """A content key under the hold's key and no other: what is sealed with it goes with the hold."""
        content = ContentKey(holding=holding, secret=new_secret())
        self._put_under(tx, hold, content)
        return content

    def _put_under(self, tx: Transaction, hold: HoldId, content: ContentKey) -> None:
        self.open_hold(tx, hold)
        hold_key = self._opening.living_hold(tx, hold)
        wrapped = keyring.wrap_held(tx.of, hold, content.holding, hold_key, content.secret)
        store.insert_held(tx, hold, content.holding, wrapped)

    def unlock_held(self, tx: Transaction, *, hold: HoldId, holding: HoldingId) -> ContentKey | Dark:
        """The content key of held content. After the release: `Dark(GRANT_DESTROYED)`."""
        return self._opening.unlock_held(tx, hold, holding)

    def release_hold(self, tx: Transaction, hold: HoldId) -> None:
        """Destroys the hold's key. What no other lock opens is dark from then on. Again is fine."""
        if not store.release_hold(tx, hold, self._clock.now()):
            raise NotFound("There is no such hold here.")

    def _keeper(self, database: Database) -> epochs.Keeper:
        return epochs.Keeper(database=database, keys=self._keys, clock=self._clock)


def grants_of(tx: Transaction, parties: Sequence[PartyId]) -> list[GrantId]:
    """Those destroyed too."""
    return store.grants_of_parties(tx, parties)


def rested_on(tx: Transaction, parties: Sequence[PartyId]) -> set[PartyId]:
    """Those a yes of whom something that is known came by."""
    return store.rested_on(tx, parties)


def forget_grants(tx: Transaction, parties: Sequence[PartyId]) -> None:
    """The keys of the yeses of whoever is on record no more."""
    store.forget_grants(tx, parties)


def epoch_key(tx: Transaction) -> str:
    """The name of the present epoch's key, as this transaction sees it."""
    return epochs.current(tx)[1]


def _kept(subject: SubjectId, context: str) -> str:
    return f"vault.values.{context}.{subject}"


def _carried(statement: StatementId) -> str:
    return f"vault.opening.{statement}"


def _salt(tx: Transaction, subject_key: bytes, statement: StatementId) -> bytes:
    return derive(subject_key, info=context("commitment", tx.of, statement))
