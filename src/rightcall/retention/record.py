"""The record of a call ends too: so many days after the call as its controller says, and no sooner than nothing of it is known
and nobody needs it any more (GDPR Art. 5(1)(e)).

With the call goes all that tells of it: who took part, what each was asked and chose, the keys of their yeses, receipts, the
timeline of the recording, what was decided. It stays for as long as anything is held or remembered that came of it, as somebody's
last word about a purpose counts outside of it, as a concern about it is under way, as anybody asks, answers, decides or says who
it was in it, and as those need it whom it is about. What was decided in no call goes by its own age, once what it was about is
not known. And somebody of whom nothing tells any more is nobody: what they were known by goes, and their key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rightcall.calls.over import store as over
from rightcall.calls.over.model import Over
from rightcall.clock import Clock
from rightcall.concerns.store import calls_with_words
from rightcall.consent.model import LastWord
from rightcall.consent.store import last_words_of, said_before, spoken_in_since
from rightcall.controllers import actions as controllers
from rightcall.controllers.remembering.pages import AT_ONCE, MOST, Pages, days_before
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Breach
from rightcall.ethics.outcomes.store import told_among
from rightcall.holdings.gone.model import Gone
from rightcall.holdings.rules import ids_root
from rightcall.holdings.store import calls_known, known_among, serving
from rightcall.ids import CallId, ControllerId, HoldingId, SubjectId
from rightcall.ledger.actions import append
from rightcall.policy import store as verdicts
from rightcall.policy.model import Old
from rightcall.purposes import actions as purposes
from rightcall.recordings.store import open_among
from rightcall.retention.needing import Need, needed_of_people
from rightcall.retention.statements import CallsForgotten, PeopleForgotten, VerdictsForgotten
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.unknown import store as nobody
from rightcall.vault import actions as vault
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordForgotten:
    """Calls with all that tells of them; what was decided in no call; people."""

    calls: int = 0
    verdicts: int = 0
    people: int = 0

    @property
    def number(self) -> int:
        return self.calls + self.verdicts + self.people


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordForgetter:
    database: Database
    vault: Vault
    clock: Clock
    needs: Sequence[Need]

    def __call__(self, controller: ControllerId, *, most: int = MOST, at_once: int = AT_ONCE) -> RecordForgotten:
        """So much of what is due; again goes on, and finds nothing where nothing is left."""
        with self.database.transaction(controller) as tx:
            days = controllers.get(tx).on_record_days
        if days is None:
            return RecordForgotten()
        before = days_before(self.clock, days)
        pages = Pages(database=self.database, controller=controller, before=before, at_once=at_once)
        due = _Due(forgetter=self, days=days, before=before, at_once=at_once)
        return RecordForgotten(
            calls=pages.each(most, due.calls),
            verdicts=pages.each(most, due.verdicts),
            people=pages.each(most, due.people),
        )


def reach(tx: Transaction, clock: Clock, days: int) -> int:
    """How many calls were over so long ago, whoever may need them still."""
    return over.number_before(tx, days_before(clock, days))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """What of one controller was over, or decided, before `before`. Each way looks at one page behind what it is given, and says
    how many it forgot, and behind what the next one begins: None after the last."""

    forgetter: RecordForgetter
    days: int
    before: datetime
    at_once: int

    def calls(self, tx: Transaction, behind: Over | None) -> tuple[int, Over | None]:
        page = over.page(tx, self.before, behind, self.at_once)
        if going := self._going(tx, page):
            over.hold(tx, [each.id for each in going])
            self._forget(tx, going := self._going(tx, going))
        return len(going), page[-1] if len(page) == self.at_once else None

    def verdicts(self, tx: Transaction, behind: Old | None) -> tuple[int, Old | None]:
        page = verdicts.old_of_no_call(tx, self.before, behind, self.at_once)
        known = known_among(tx, [each.holding for each in page if each.holding is not None])
        going = [each.id for each in page if each.holding not in known]
        went = verdicts.forget(tx, going) if going else 0
        self._say_verdicts(tx, went)
        return went, page[-1] if len(page) == self.at_once else None

    def people(self, tx: Transaction, behind: SubjectId | None) -> tuple[int, SubjectId | None]:
        page = nobody.page(tx, self.before, behind, self.at_once)
        if going := self._unknown(tx, page):
            blinds = nobody.hold(tx, going)
            self._forget_people(tx, going := self._unknown(tx, going), blinds)
        return len(going), page[-1] if len(page) == self.at_once else None

    def _going(self, tx: Transaction, page: Sequence[Over]) -> list[Over]:
        ids = [each.id for each in page]
        needed = calls_known(tx, ids) | calls_with_words(tx, ids) | open_among(tx, ids) | told_among(tx, ids)
        needed |= spoken_in_since(tx, ids, self.before) | over.attributed_since(tx, ids, self.before)
        needed |= verdicts.decided_since(tx, ids, self.before)
        left = [each for each in page if each.id not in needed]
        words = last_words_of(tx, list({subject for each in left for subject in each.people.values()}))
        needed = self._counting(tx, words) | self._of_known_yes(tx, left) | self._of_people(tx, left)
        going = [each for each in left if each.id not in needed]
        return _without_last_words(going, self._earlier(tx, going, words))

    def _earlier(self, tx: Transaction, going: Sequence[Over], said: Sequence[LastWord]) -> list[tuple[CallId, CallId]]:
        """Before which of these calls the same person chose about the same in which others."""
        ids = {each.id for each in going}
        words = [each for each in said if each.call in ids]
        tops = joining.stand_for(tx, list({each.subject for each in words}))
        parts: dict[SubjectId, list[SubjectId]] = {}
        for part, top in joining.people(tx, list(set(tops.values()))).items():
            parts.setdefault(top, []).append(part)
        return said_before(
            tx, [replace(each, subject=part) for each in words for part in parts.get(tops[each.subject], [each.subject])]
        )

    def _counting(self, tx: Transaction, said: Sequence[LastWord]) -> set[CallId]:
        """Those with somebody's last word about a purpose, for as long as it counts outside of them: while anything that is known
        of them serves that purpose, and from their last call on, which is one of these then, for as long as it may."""
        terms = {each.id: timedelta(days=each.term_days) for each in purposes.active(tx)}
        words = [each for each in said if each.purpose in terms]
        seen = over.last_seen(tx, list({each.subject for each in words}))
        serves = serving(tx, [(each.subject, each.purpose) for each in words])
        counting, today = set[CallId](), days_before(self.forgetter.clock, 0)
        for each in words:
            last, seen_at = seen[each.subject]
            if seen_at + terms[each.purpose] >= today:
                counting |= {each.call, last}
            elif (each.subject, each.purpose) in serves:
                counting.add(each.call)
        return counting

    def _of_known_yes(self, tx: Transaction, page: Sequence[Over]) -> set[CallId]:
        calls = {party: each.id for each in page for party in each.people}
        return {calls[party] for party in vault.rested_on(tx, list(calls))}

    def _of_people(self, tx: Transaction, page: Sequence[Over]) -> set[CallId]:
        """A call is to whoever took part in it what a thing is that went when it was over; but not to one of ours."""
        theirs = [
            Gone(id=HoldingId(each.id), subject=subject, went_at=each.over_at)
            for each in page
            for subject in {subject for party, subject in each.people.items() if party not in each.staff}
        ]
        return {CallId(id) for id in needed_of_people(tx, theirs, self.forgetter.needs)}

    def _forget(self, tx: Transaction, going: Sequence[Over]) -> None:
        if not going:
            return
        calls = [each.id for each in going]
        if over.delete(tx, calls) != len(calls):
            raise Breach("A call of long ago could not be forgotten though it was held for that. Tell the DPO.")
        vault.forget_grants(tx, [party for each in going for party in each.people])
        self._say_verdicts(tx, verdicts.forget_of_calls(tx, calls, self.before))
        append(tx, CallsForgotten(at=self._now(), controller=tx.of, days=self.days, count=len(calls), root=ids_root(calls)))

    def _unknown(self, tx: Transaction, page: Sequence[SubjectId]) -> list[SubjectId]:
        """Together with whoever was said to be the same person, or none of them."""
        needed = nobody.needed_among(tx, page, self.before)
        beside = nobody.beside(tx, [each for each in page if each not in needed])
        needed |= nobody.needed_among(tx, list(set().union(*beside.values())), self.before)
        return sorted(set().union(*(several for several in beside.values() if not several & needed)))

    def _forget_people(self, tx: Transaction, going: Sequence[SubjectId], blinds: Sequence[bytes]) -> None:
        if not going:
            return
        if nobody.delete(tx, going, blinds) != len(going):
            raise Breach("Somebody of whom nothing is known could not be forgotten though they were held for that. Tell the DPO.")
        for subject in going:
            self.forgetter.vault.destroy_subject(tx, subject)
        append(tx, PeopleForgotten(at=self._now(), controller=tx.of, days=self.days, count=len(going), root=ids_root(going)))

    def _say_verdicts(self, tx: Transaction, went: int) -> None:
        if went:
            append(tx, VerdictsForgotten(at=self._now(), controller=tx.of, days=self.days, count=went))

    def _now(self) -> datetime:
        return self.forgetter.clock.now()


def _without_last_words(going: Sequence[Over], earlier: Sequence[tuple[CallId, CallId]]) -> list[Over]:
    """No last word goes before any other of that person's about the same: a yes that was taken back would count again."""
    left = {each.id for each in going}
    while early := {call for call, other in earlier if call in left and other not in left}:
        left -= early
    return [each for each in going if each.id in left]
