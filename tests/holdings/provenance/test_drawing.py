"""The picture of provenance: few boxes however much is held, none upon another, what fell in words, light or dark, and a table
beside."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.holdings.categories import Category
from rightcall.holdings.model import Heard, Holding, HoldingKind, Provenance, Source
from rightcall.holdings.places import OURS, Part, Place
from rightcall.holdings.provenance import rules
from rightcall.holdings.provenance.drawing import drawn, size
from rightcall.holdings.provenance.grouping import LEGIBLE, grouped
from rightcall.holdings.provenance.model import Derivation, FallReason, Trace
from rightcall.holdings.provenance.page import page
from rightcall.ids import CallId, HoldingId, ObjectId, StatementId, SubjectId, SystemId, new_id
from rightcall.personal import Personal

CRM, SHARE = SystemId(new_id()), SystemId(new_id())
NAMES = {CRM: "crm", SHARE: "sales-share"}
AGENT = Actor(id=new_id(), role=Role.AGENT)
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
SORTS = [Category.NAME, Category.EMAIL_ADDRESS, Category.UID, Category.BANK_ACCOUNT, Category.HEALTH, Category.BIRTH_DATE]
PERSON = SubjectId(new_id())


class Held:
    """`calls` calls with a recording each, a number that an agent took down from it, and a copy of that; then `more` from
    scans."""

    def __init__(self, calls: int, more: int) -> None:
        self.items: dict[HoldingId, Holding] = {}
        self.derivations: list[Derivation] = []
        for nth in range(calls):
            at, call = BEGAN + timedelta(days=nth), CallId(new_id())
            take = self.add(Category.VOICE_COMMUNICATION_RECORDING, OURS, Source.SIPREC, at, kind=HoldingKind.STREAM, call=call)
            part = Part(origin=take, turn=14, from_ms=192_000)
            number = self.add(
                Category.TELEPHONE_NUMBER, Place(system=CRM, field="phone"), Source.ENTRY, at, by=AGENT, call=call, part=part
            )
            self.copy = self.add(Category.TELEPHONE_NUMBER, Place(system=SHARE), Source.IMPORT, at, origin=number)
            self.number = number
        for nth in range(more):
            place = Place(system=(CRM, SHARE)[nth % 2])
            self.add(SORTS[nth % len(SORTS)], place, (Source.SCAN, Source.FORM)[nth % 3 == 0], BEGAN + timedelta(days=nth))

    def add(
        self,
        category: Category,
        place: Place,
        source: Source,
        at: datetime,
        *,
        kind: HoldingKind = HoldingKind.FIELD,
        by: Actor = SYSTEM,
        call: CallId | None = None,
        origin: HoldingId | None = None,
        part: Part | None = None,
    ) -> HoldingId:
        id, origin = HoldingId(new_id()), part.origin if part is not None else origin
        came = Provenance(source=source, actor=by, at=at, basis=None, derived_from=() if origin is None else (origin,))
        self.items[id] = Holding(
            id=id,
            subject=PERSON,
            kind=kind,
            call=call,
            stream=None,
            terms=(),
            made_at=at,
            mediatype="text/plain",
            provenance=came,
            object_key="",
            sealed_length=None,
            complete=None,
            sha256=None,
            disposed_at=None,
            statement=StatementId(new_id()),
            category=category,
            sensitivity=category.sensitivity,
            place=place,
            heard=Heard(turn=14, from_ms=192_000) if by is AGENT else None,
        )
        if origin is not None:
            self.derivations.append(Derivation(made=id, origin=origin, part=part))
        return id

    def trace(self, *wrong: HoldingId) -> Trace:
        falls = {each: frozenset({FallReason.WRONG}) for each in wrong}
        taints = rules.taints(list(self.items), self.derivations, falls)
        return Trace(items=self.items, derivations=self.derivations, taints=taints)


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    root = ElementTree.fromstring(svg)  # noqa: S314  # our own
    found = [each.attrib for each in root.iter("{http://www.w3.org/2000/svg}rect") if each.attrib["class"] != "paper"]
    return [(float(a["x"]), float(a["y"]), float(a["width"]), float(a["height"])) for a in found]


def test_a_number_shows_the_call_it_was_taken_from_and_who_took_it_down() -> None:
    svg = drawn(grouped(Held(1, 0).trace()), NAMES, "Ada's")
    assert re.findall(r'class="what"[^>]*>([^<]+)', svg).count("Telephone number") == 2
    for words in ("A call", "Recording", "typed in by an agent", "turn 14, at 03:12", "in crm, field phone", "5 Jan 2026"):
        assert words in svg
    assert "found wrong" not in svg


def test_what_fell_is_told_in_words_on_all_that_rests_on_it() -> None:
    held = Held(1, 0)
    svg = drawn(grouped(held.trace(held.number)), NAMES, "Ada's")
    assert re.findall(r'class="fell"[^>]*>([^<]+)', svg) == ["found wrong", "rests on what was found wrong"]


def test_three_hundred_things_are_few_boxes_and_none_lies_upon_another() -> None:
    held = Held(20, 240)
    picture = grouped(held.trace(held.number))
    assert len(picture.groups) <= LEGIBLE
    assert sum(len(group.holdings) for group in picture.groups) == 300
    for is_narrow in (False, True):
        found = boxes(drawn(picture, NAMES, "Ada's", is_narrow=is_narrow))
        for nth, (x, y, wide, high) in enumerate(found):
            rest = found[nth + 1 :]
            assert all(x + wide <= left or left + w <= x or y + high <= top or top + h <= y for left, top, w, h in rest)


def test_on_a_narrow_screen_one_box_stands_under_the_other_and_tells_its_other_origins() -> None:
    held = Held(20, 240)
    picture = grouped(held.trace(held.number))
    svg = drawn(picture, NAMES, "Ada's", is_narrow=True)
    assert max(x + wide for x, _, wide, _ in boxes(svg)) <= 350 - 8
    assert size(picture, NAMES, is_narrow=True)[0] == 350
    assert svg.count('class="box') == len(picture.groups)
    assert "also from 19 calls" in svg
    assert "also from" not in drawn(grouped(Held(1, 0).trace()), NAMES, "Ada's", is_narrow=True), "its call stands above it"


def test_it_can_be_read_in_the_dark_and_the_table_says_the_same() -> None:
    held = Held(2, 3)
    written = page(held.trace(held.number), {}, NAMES, "Ada's <things>")
    assert written.count("prefers-color-scheme:dark") == 2
    assert "Ada&#x27;s &lt;things&gt;" in written
    assert written.count("<tr>") == 1 + len(grouped(held.trace(held.number)).groups)
    assert "nobody has said" in written
    assert "Nothing is held" in page(replace(held.trace(), items={}, derivations=()), {}, {}, "Ada's")


def test_what_says_the_same_is_one_box_and_two_files_are_two() -> None:
    held, mail, note = Held(calls=0, more=0), ObjectId(new_id()), ObjectId(new_id())
    for object, field in ((mail, "headers"), (mail, "headers"), (note, "headers"), (mail, None), (note, None)):
        held.add(Category.EMAIL_ADDRESS, Place(system=SHARE, object=object, field=field), Source.SCAN, BEGAN)
    shown = drawn(grouped(held.trace()), NAMES, "Ada")
    boxes = re.findall(r'<rect class="box".*?</g>', shown)
    assert len(boxes) == 4
    assert len({re.sub(r"(?<= [xy])=\"[^\"]*\"", "", each) for each in boxes}) == 4
    assert "2 × email address" in shown


def test_a_long_name_of_a_file_keeps_its_beginning_and_its_end_and_stands_whole_beside_it() -> None:
    name = "customers-who-were-called-back-in-november-2026-by-the-second-team.csv"
    held = Held(0, 0)
    place = Place(system=SHARE, object=ObjectId(new_id()), object_name=Personal(name), field="phone")
    held.add(Category.TELEPHONE_NUMBER, place, Source.SCAN, BEGAN)
    svg = ElementTree.fromstring(drawn(grouped(held.trace()), NAMES, "a person"))  # noqa: S314 - we drew it
    lines = [each.text or "" for each in svg.iter("{http://www.w3.org/2000/svg}text")]
    [first, second] = [each for each in lines if each.startswith("in ") or "…" in each]
    assert (first, second[:9], second[-12:]) == ("in sales-share,", "customers", " field phone")
    assert max(map(len, lines)) <= 36
    assert any(name in (each.text or "") for each in svg.iter("{http://www.w3.org/2000/svg}title"))
