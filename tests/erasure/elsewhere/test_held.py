"""What a hold keeps in another system: letting go leaves just that alone until the hold ends."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from rightcall.erasure import actions as erasures
from rightcall.erasure import letting_go
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import PlaceState
from rightcall.errors import Conflict
from rightcall.evidence.model import Grade
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, Slice
from rightcall.holdings.model import Holding
from rightcall.ids import SubjectId
from rightcall.requests import actions as requests
from rightcall.requests.model import Answered, RequestKind
from rightcall.requests.still_held import still_held
from tests.adapters.systems.estate import Estate
from tests.erasure.elsewhere.scene import Away, Before, Died
from tests.erasure.elsewhere.test_letting_go import erased, of_database
from tests.holdings.holding import held
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO

DAYS = 30


def customer(away: Away, sqlite: Estate) -> SubjectId:
    ada = away.customer()
    purpose = away.world.scene.training.id
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how), purpose=purpose))
    return ada


def field(away: Away, ada: SubjectId, name: str) -> Holding:
    return next(each for each in away.held(ada) if each.place.field == name)


def hold_of(away: Away, kept: Sequence[Holding]) -> Hold:
    world = away.world
    slices = [Slice(holding=each.id, purpose=world.scene.training.id) for each in kept]
    with world.deed() as tx:
        return held(tx, world.vault, world.clock, *slices, until=world.clock.at.date() + timedelta(days=DAYS))


def end(away: Away, hold: Hold) -> None:
    """The worker comes by after the last day."""
    away.wait(days=DAYS + 1)
    with away.world.deed() as tx:
        assert holds.end(tx, away.world.vault, away.world.clock, hold.id)


@pytest.mark.parametrize("killed", ["not", "in the steps", "between the system and writing it down"])
def test_at_its_last_day_it_goes_by_itself_and_the_certificate_says_so(away: Away, sqlite: Estate, killed: str) -> None:
    content = of_database(sqlite)
    ada = customer(away, sqlite)
    hold = hold_of(away, [field(away, ada, "number")])
    asked = erased(away, ada)
    away.round()
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 2, PlaceState.HELD: 1}
    with away.world.deed() as tx:
        [(by, kept)] = erasures.kept_and_why(tx, ada)
    assert (by.id, [each.place.field for each in kept]) == (hold.id, ["number"])

    end(away, hold)
    arguments = (str(away.world.controller), str(hold.id))
    if killed == "in the steps":
        every = frozenset(["dispose", "look whose they were", "look for erasures", "confirm anew"])
        away.world.disposals.of_hold(InlineSteps(fail_after=every), *arguments)
    away.world.disposals.of_hold(InlineSteps(), *arguments)
    with away.world.deed() as tx:
        assert not elsewhere.is_settled(tx, ada), "it is told as settled while what was held is there"
    if killed.startswith("between"):
        away.before["crm"] = lambda source: setattr(source, "dies_after", 0)
        with pytest.raises(Died):
            away.round()
        away.before.clear()
    away.round()
    assert "KD-204711" not in content()
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 3}
    assert [grade for grade, _ in away.world.certificates(ada)][-1] is Grade.COMPLETE_AFTER_BACKUPS
    with away.world.deed() as tx:
        assert erasures.kept_and_why(tx, ada) == []


def test_a_hold_that_comes_while_things_are_let_go_of_keeps_what_is_there_still(
    away: Away, sqlite: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letting_go, "BATCH", 1)
    monkeypatch.setattr(letting_go, "LOOKED_AT_ONCE", 1)
    of_database(sqlite)
    ada = customer(away, sqlite)
    first, *others = sorted(away.held(ada), key=lambda each: each.id)
    asked = erased(away, ada)

    def place(_: Before) -> None:
        away.before.clear()
        hold_of(away, others)

    away.before["crm"] = place
    away.round()
    assert len(away.erased["crm"]) == 1
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 1, PlaceState.HELD: len(others)}
    assert {each.id for each in away.held(ada) if each.disposed_at is None} == {each.id for each in others}
    assert first.id not in {each.id for each in others}


def test_what_is_gone_there_cannot_be_held(away: Away, sqlite: Estate) -> None:
    of_database(sqlite)
    ada = customer(away, sqlite)
    number = field(away, ada, "number")
    erased(away, ada)
    away.round()
    with pytest.raises(Conflict, match="gone"):
        hold_of(away, [number])


def test_what_is_kept_for_nothing_cannot_be_held_before_somebody_says_what_it_is_for(away: Away, sqlite: Estate) -> None:
    of_database(sqlite)
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    with pytest.raises(Conflict, match="Nobody has said"):
        hold_of(away, [field(away, ada, "number")])


def test_who_asks_after_an_erasure_is_told_of_what_a_hold_keeps_until_it_goes(away: Away, sqlite: Estate) -> None:
    of_database(sqlite)
    ada = customer(away, sqlite)
    hold = hold_of(away, [field(away, ada, "number")])
    erased(away, ada)
    away.round()
    world = away.world
    with world.deed() as tx:
        asked = requests.receive(tx, world.vault, world.clock, subject=ada, kind=RequestKind.ACCESS, by=DPO)
    told = world.request(asked)
    assert told.outcome is Answered.ALREADY_ERASED
    with world.deed() as tx:
        assert [each.id for each in still_held(tx, told)] == [hold.id]
    end(away, hold)
    with world.deed() as tx:
        assert still_held(tx, told) == []
