"""What is told of each thing that is held, in the one form that its pages and its JSON are made from: what, why, from where,
where, until when, who used it, and what was decided. People who work there are told by their role, never by who they are (Art.
15(4))."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rightcall.canonical import Json
from rightcall.consent import actions as consent
from rightcall.consent.model import Choice
from rightcall.database.connection import Transaction
from rightcall.discovery.systems.naming import CustomerNames, customer_names
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.model import Holding
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import Use
from rightcall.ids import HoldingId, PurposeId, SystemId, VerdictId
from rightcall.policy import actions as policy
from rightcall.policy.model import StoredVerdict
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.purposes.translations import actions as translations
from rightcall.recordings.copying import OwnCall
from rightcall.recordings.model import TimelineEntry
from rightcall.requests import ending
from rightcall.requests.packages.model import Thing
from rightcall.vault.model import DarkReason

Record = dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is read once for many things."""

    purposes: Mapping[PurposeId, Purpose]
    systems: CustomerNames
    language: str

    def called(self, system: SystemId | None) -> str | None:
        known = None if system is None else self.systems.get(system)
        return None if known is None else known.to(self.language).words


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Why a thing is kept for a purpose no longer: None where its last `day` is over and nothing was destroyed yet. `at`: when
    the person took their yes back."""

    why: DarkReason | None
    day: date | None
    at: datetime | None

    def record(self, holding: Holding, *, is_overdue: bool) -> Record:
        day_over = "day_over" if holding.is_ours else "overdue" if is_overdue else "day_passed"
        return {
            "why": day_over if self.why is None else self.why.value,
            "day": _day(self.day),
            "at": None if self.at is None else instant(self.at),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """What of a thing is over. `dark`: why nobody opens it; None where somebody could."""

    is_there: bool
    dark: DarkReason | None
    ended: Mapping[PurposeId, Ended]

    @property
    def is_over(self) -> bool:
        """For good: what is only withheld comes back."""
        return not self.is_there or self.dark not in (None, DarkReason.WITHHELD)


def around(tx: Transaction, language: str) -> Around:
    """`language`: the person's, in which the register is said where it is translated."""
    return Around(
        purposes={each.id: each for each in translations.register_in(tx, language)},
        systems=customer_names(tx),
        language=language,
    )


def of_things(
    tx: Transaction, found: Sequence[Holding], about: Around, over: Mapping[HoldingId, Over], *, with_uses: bool
) -> dict[HoldingId, Record]:
    """Each without what became of it. `with_uses`: a copy to take elsewhere tells what it is, and not who read it here."""
    ids = [each.id for each in found]
    used = uses.of_holdings(tx, ids) if with_uses else []
    decided = verdicts_of(tx, used)
    by_holding: dict[HoldingId, list[Use]] = {id: [] for id in ids}
    for use in used:
        if use.holding is not None:
            by_holding[use.holding].append(use)
    standing = holds.standing(tx, ids) if ids else []
    found_records = {}
    for each in found:
        kept = [hold for hold in standing if hold.untold is None and hold.slices_of(each.id)]
        is_overdue = ending.is_overdue(each, over[each.id].ended, is_held=bool(kept))
        record = _thing(each, about, over[each.id], is_overdue=is_overdue)
        record["kept_longer_by"] = [{"reason": hold.reason.value, "until": hold.until.isoformat()} for hold in kept]
        if with_uses:
            record["used_by"] = [use_record(one, about, decided) for one in by_holding[each.id]]
        found_records[each.id] = record
    return found_records


def verdicts_of(tx: Transaction, used: Iterable[Use]) -> dict[VerdictId, StoredVerdict]:
    ids = list({each.verdict for each in used if each.verdict is not None})
    return {each.id: each for each in policy.among(tx, ids)} if ids else {}


def use_record(use: Use, about: Around, decided: Mapping[VerdictId, StoredVerdict]) -> Record:
    purpose = about.purposes.get(use.purpose)
    verdict = None if use.verdict is None else decided.get(use.verdict)
    return {
        "at": instant(use.at),
        "by": use.by.role.value,
        "act": use.act.value,
        "purpose": None if purpose is None else purpose.title,
        "for": use.ground.value,
        "fields": list(use.fields),
        "refused": use.refused,
        "system": about.called(use.system),
        "verdict": None if verdict is None else verdict_record(verdict),
    }


def verdict_record(stored: StoredVerdict) -> Record:
    verdict = stored.verdict
    return {
        "id": str(stored.id),
        "at": instant(stored.asked_at),
        "by": stored.by.role.value,
        "act": stored.act.value,
        "outcome": verdict.outcome.value,
        "lawful": verdict.lawful,
        "right": verdict.right,
        "reasons": [
            {"rule": each.rule, "ground": each.ground, "says": each.says, "instead": each.instead} for each in verdict.reasons
        ],
    }


def became_record(thing: Thing, files: Sequence[str], value: str | None) -> Record:
    """`files`: where in the package its sound is."""
    return {"state": thing.state.value, "reason": thing.why, "files": list(files), "value": value}


def of_call(tx: Transaction, copy: OwnCall, about: Around, files: Collection[str], *, with_uses: bool) -> Record:
    """What happened in a call, as far as it is the person's, and what was decided about it."""
    call = copy.call
    own = [each for each in copy.parties if each.id in copy.own]
    places = {each.id: place for place, each in enumerate(copy.parties)}
    record: Record = {
        "call": str(call.id),
        "started_at": instant(call.started_at),
        "ended_at": None if call.ended_at is None else instant(call.ended_at),
        "your_part": [each.role.value for each in own],
        "parties": [{"number": places[each.id], "role": each.role.value, "is_you": each.id in copy.own} for each in copy.parties],
        "your_answers": [_answer(tx, each, about) for each in consent.choices_of_call(tx, call.id) if each.party in copy.own],
        "happened": [_happened(each, about) for each in copy.timeline],
        "files": list(files),
        "not_handed_out": {"of_others_alone": copy.others, "several_speak": len(copy.several)},
    }
    if with_uses:
        own_streams = {str(sound.holding) for sound in copy.sounds} | {str(each.holding) for each in copy.not_opened}
        record["verdicts"] = [
            verdict_record(each)
            for each in policy.of_call(tx, call.id)
            if each.holding is None or str(each.holding) in own_streams
        ]
    return record


def _answer(tx: Transaction, choice: Choice, about: Around) -> Record:
    return {
        "at": instant(choice.made_at),
        "answer": choice.answer.value,
        "purpose": about.purposes[choice.purpose].title,
        "channel": choice.channel.value,
        "language": choice.language,
        "notice": None if choice.notice is None else purposes.notice(tx, choice.notice).text,
    }


def _happened(entry: TimelineEntry, about: Around) -> Record:
    return {
        "at": instant(entry.at),
        "what": entry.kind.value,
        "purpose": None if entry.purpose is None else about.purposes[entry.purpose].title,
        "by": None if entry.by is None else entry.by.role.value,
        "reason": entry.reason,
    }


def _thing(holding: Holding, about: Around, over: Over, *, is_overdue: bool) -> Record:
    came, place, gone_at = holding.provenance, holding.place, holding.disposed_at or holding.gone_at
    ended = {purpose: each.record(holding, is_overdue=is_overdue) for purpose, each in over.ended.items()}
    return {
        "id": str(holding.id),
        "kind": holding.kind.value,
        "category": holding.category.value,
        "sensitivity": holding.sensitivity.value,
        "why": [_why(holding, each, about, ended.get(each)) for each in holding.purposes],
        "from": {
            "how": came.source.value,
            "at": instant(came.at),
            "by": came.actor.role.value,
            "basis": None if came.basis is None else came.basis.value,
            "made_from": [str(each) for each in came.derived_from],
        },
        "where": {
            "system": about.called(place.system),
            "field": place.field,
            "call": None if holding.call is None else str(holding.call),
            "gone_at": None if gone_at is None else instant(gone_at),
        },
        "mediatype": holding.mediatype,
    }


def _why(holding: Holding, purpose: PurposeId, about: Around, ended: Record | None) -> Record:
    known = about.purposes[purpose]
    return {
        "purpose": known.title,
        "justification": known.justification,
        "basis": known.lawful_basis.value,
        "until": _day(holding.last_day(purpose)),
        "ended": ended,
    }


def instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
