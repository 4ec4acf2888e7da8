"""What is held about the person, a page at a time, and what of it may be read for them: each by a verdict of its own."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.calls import actions as calls
from rightcall.clock import day_of
from rightcall.consent import actions as consent
from rightcall.consent.model import Choice
from rightcall.database.connection import Transaction
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding, HoldingKind
from rightcall.holdings.uses.model import UseAct
from rightcall.ids import CallId, HoldingId, PurposeId, SubjectId
from rightcall.policy.model import Verdict
from rightcall.recordings import copying
from rightcall.recordings.copying import NotOpened, OwnCall, OwnSound
from rightcall.recordings.model import Refused
from rightcall.recordings.tools import Tools
from rightcall.recordings.using import MOST_AT_ONCE, Wanted, ask
from rightcall.recordings.vcon import ENDINGS
from rightcall.requests import ending
from rightcall.requests.packages import elsewhere, records
from rightcall.requests.packages.elsewhere import Errand
from rightcall.requests.packages.masking import known_by
from rightcall.requests.packages.model import Became, PackageId, Thing, Why
from rightcall.requests.packages.records import Ended, Over, Record
from rightcall.requests.packages.things import store as things
from rightcall.requests.tellable import tellable
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason

_TELL = "tell a person what they are known by"
_CANNOT_TELL = "Too little is known to tell whether it may be given."


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of what is held. `became`: what is known already of each; the rest is read by `errands`. `given`: what somebody who
    looked lets the person have. `own`: what they are known by."""

    found: tuple[Holding, ...]
    records: dict[HoldingId, Record] = field(repr=False)
    became: dict[HoldingId, Thing]
    errands: tuple[Errand, ...] = field(repr=False)
    given: frozenset[HoldingId]
    own: frozenset[str] = field(repr=False)


def over_of(tx: Transaction, tools: Tools, found: Sequence[Holding], person: Collection[SubjectId]) -> dict[HoldingId, Over]:
    """What ended of these, and why, asked of the keys of all at once."""
    wanted = [(each.id, purpose) for each in found if each.is_ours for purpose in each.purposes]
    keys = tools.vault.unlock_all(tx, wanted) if wanted else {}
    opening = {each.id: dict[PurposeId, Dark | None]() for each in found}
    for (id, purpose), key in keys.items():
        opening[id][purpose] = key if isinstance(key, Dark) else None
    today = day_of(tools.clock.now())
    ended = {each.id: ending.ended(each, opening[each.id], today) for each in found}
    taken = {each.call for each in found if each.call and DarkReason.GRANT_DESTROYED in ended[each.id].values()}
    answers: dict[CallId | None, list[Choice]] = {call: _own_answers(tx, call, person) for call in taken}
    return {
        each.id: Over(
            is_there=each.is_there,
            dark=ending.dark(opening[each.id]),
            ended={
                purpose: Ended(
                    why=why, day=each.last_day(purpose), at=ending.taken_back(answers.get(each.call, ()), each, purpose, why)
                )
                for purpose, why in ended[each.id].items()
            },
        )
        for each in found
    }


def _own_answers(tx: Transaction, call: CallId, person: Collection[SubjectId]) -> list[Choice]:
    own = {each.id for each in calls.parties(tx, call) if each.subject in person}
    return [each for each in consent.choices_of_call(tx, call) if each.party in own]


def left_out(tx: Transaction, tools: Tools, found: Sequence[Holding], wanted: Collection[HoldingId]) -> list[HoldingId]:
    """What of a call does not go along, and of which no rule is asked: what nobody asked for, what was let go, and that in which
    nothing was said."""
    over, told = over_of(tx, tools, found, ()), {each.id for each in tellable(tx, found)}
    return [each.id for each in found if each.id not in told & set(wanted) or over[each.id].is_over]


def several_speak(tx: Transaction, tools: Tools, call: CallId) -> list[HoldingId]:
    """What is held still of a call, on which no machine parts who speaks."""
    mixed = copying.several_speak(tx, call)
    over = over_of(tx, tools, list(holdings.of_ids(tx, mixed).values()), ()) if mixed else {}
    return [each for each in mixed if not over[each].is_over]


def calls_of(tx: Transaction, person: Collection[SubjectId], after: str, limit: int) -> list[CallId]:
    """Those that the person took part in, in the order of their ids."""
    found = {party.call for subject in person for party in calls.of_subject(tx, subject)}
    return sorted((each for each in found if str(each) > after), key=str)[:limit]


def held(tx: Transaction, person: Sequence[SubjectId], after: str, limit: int) -> list[Holding]:
    """Newest first."""
    return holdings.of_person(tx, person, after=HoldingId(UUID(after)) if after else None, limit=limit)


def known(tx: Transaction, vault: Vault, person: Collection[SubjectId]) -> list[tuple[str, str]]:
    """What the person is known by, each with its kind; of those subjects that were not erased."""
    found = list[tuple[str, str]]()
    for subject in person:
        name, identifiers = subjects.name_of(tx, vault, subject), subjects.identifiers_of(tx, vault, subject)
        if name is not None and not isinstance(name, Dark):
            found.append(("name", name.reveal(_TELL)))
        if not isinstance(identifiers, Dark):
            found += [(each.kind.value, each.value.reveal(_TELL)) for each in identifiers]
    return list(dict.fromkeys(found))


def own_words(tx: Transaction, vault: Vault, person: Collection[SubjectId]) -> frozenset[str]:
    """The same, as it is compared; of a name each word of it too."""
    said = known(tx, vault, person)
    words = [word for kind, value in said if kind == "name" for word in value.split()]
    return frozenset(known_by(each) for each in [*(value for _, value in said), *words])


def files_of(call: CallId, sound: OwnSound) -> list[str]:
    return [
        f"calls/{call}/{sound.holding}-{number}.{ENDINGS.get(piece.mediatype, 'bin')}"
        for number, piece in enumerate(sound.pieces, 1)
    ]


def vcon_file(call: CallId) -> str:
    return f"calls/{call}/call.vcon.json"


def heard_in(copy: OwnCall) -> Iterator[Thing]:
    """What became of the recordings of a call that are the person's."""
    for sound in copy.sounds:
        endings = {ENDINGS.get(piece.mediatype, "bin") for piece in sound.pieces}
        yield Thing(
            holding=sound.holding,
            state=Became.GIVEN,
            call=copy.call.id,
            pieces=len(sound.pieces),
            ending=min(endings),
        )
    for each in copy.not_opened:
        yield _not_opened(each, copy.call.id)


def sound_files(thing: Thing) -> list[str]:
    return [f"calls/{thing.call}/{thing.holding}-{number}.{thing.ending}" for number in range(1, thing.pieces + 1)]


def page(
    tx: Transaction,
    tools: Tools,
    package: PackageId,
    found: Sequence[Holding],
    *,
    person: Collection[SubjectId],
    language: str,
    with_uses: bool,
) -> Page:
    """Who used what is read before this use of it is written down."""
    ids = [each.id for each in found]
    about = records.around(tx, language)
    over = over_of(tx, tools, found, person)
    told = records.of_things(tx, found, about, over, with_uses=with_uses)
    said = {id: each for id, each in things.of_package(tx, package, ids).items() if each.state is not Became.WAITS}
    given = frozenset(id for id, is_given in things.decided(tx, package, ids).items() if is_given)
    elsewhere_held = [each for each in found if not each.is_ours and (each.id not in said or each.id in given)]
    no = _refused(tx, tools, elsewhere_held)
    to_read = [each for each in elsewhere_held if each.id not in no]
    ours = {
        each.id: _ours(each, over[each.id], is_kept=bool(told[each.id]["kept_longer_by"]))
        for each in found
        if each.is_ours and each.id not in said
    }
    return Page(
        found=tuple(found),
        records=told,
        became={id: each for id, each in said.items() if id not in {other.id for other in to_read}} | ours | no,
        errands=tuple(elsewhere.errands(tx, tools.vault, to_read)),
        given=given,
        own=own_words(tx, tools.vault, person),
    )


def _refused(tx: Transaction, tools: Tools, found: Sequence[Holding]) -> dict[HoldingId, Thing]:
    """Those that the person does not get, whatever lies there. The first purpose that lets it be read is enough; what serves
    none is theirs to see all the same."""
    no = {
        each.id: Thing(holding=each.id, state=Became.WITHHELD, why=Why.SECRET.value)
        for each in found
        if elsewhere.is_secret(each)
    }
    no |= {each.id: Thing(holding=each.id, state=Became.GONE) for each in found if not each.is_there and each.id not in no}
    asked = [each for each in found if each.id not in no and each.purposes]
    nth = 0
    while asked:
        refused = dict[HoldingId, Verdict]()
        for start in range(0, len(asked), MOST_AT_ONCE):
            some = asked[start : start + MOST_AT_ONCE]
            wanted = [Wanted(act=UseAct.EXPORT, purpose=each.purposes[nth], holding=each.id, for_speaker=True) for each in some]
            answers = ask(tx, tools, wanted, by=SYSTEM)
            refused |= {each.id: one.verdict for each, one in zip(some, answers, strict=True) if not one.verdict.proceeds}
        nth += 1
        ended = [each for each in asked if each.id in refused and nth >= len(each.purposes)]
        no |= {each.id: _by_rule(each.id, refused[each.id]) for each in ended}
        asked = [each for each in asked if each.id in refused and nth < len(each.purposes)]
    return no


def _ours(holding: Holding, over: Over, *, is_kept: bool) -> Thing:
    """What we keep ourselves, and was in no call that the person took part in, or could not be opened in it. `is_kept`: by a
    hold that the person may be told of."""
    if is_kept and over.is_over:
        return Thing(holding=holding.id, state=Became.WITHHELD, why=Why.HELD.value)
    why_dark = None if over.dark is None else over.dark.value
    if not holding.is_there:
        return Thing(holding=holding.id, state=Became.GONE, why=why_dark)
    if over.dark is DarkReason.WITHHELD:
        return Thing(holding=holding.id, state=Became.WITHHELD, why=Why.QUARANTINED.value)
    if over.dark is not None:
        return Thing(holding=holding.id, state=Became.DARK, why=why_dark)
    is_written = holding.kind is HoldingKind.STREAM and holding.sealed_length is None
    why = Why.STILL_RECORDED if is_written else Why.CANNOT_EXPORT
    return Thing(holding=holding.id, state=Became.AWAY, why=why.value)


def _not_opened(each: NotOpened, call: CallId) -> Thing:
    match each.why:
        case None:
            why = Why.DAMAGED if each.is_damaged else Why.NOT_SOUND
            return Thing(holding=each.holding, state=Became.WITHHELD, why=why.value, call=call)
        case Dark(reason=reason):
            return Thing(holding=each.holding, state=Became.DARK, why=reason.value, call=call)
        case Refused(verdict=verdict):
            return _by_rule(each.holding, verdict)


def _by_rule(holding: HoldingId, verdict: Verdict) -> Thing:
    """In the rules' own words: an id tells the person nothing."""
    said = " ".join(each.says for each in verdict.reasons) or _CANNOT_TELL
    return Thing(holding=holding, state=Became.WITHHELD, why=f"{Why.VERDICT_NO.value}: {said.removesuffix('.')}")
