"""What is nobody's stands beside what is on the map, and on its own where nothing is."""

from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.map.model import Cell, People
from rightcall.holdings.map.page import page
from rightcall.holdings.map.rules import with_nobodys
from rightcall.ids import SystemId, new_id
from tests.cast import MONDAY

CRM = SystemId(new_id())


def cell(system: SystemId | None, category: Category) -> Cell:
    return Cell(
        system=system,
        category=category,
        sensitivity=category.sensitivity,
        items=3,
        without_purpose=0,
        past_term=0,
    )


def test_a_card_of_nobody_is_on_the_map_too() -> None:
    ours, names = cell(None, Category.TELEPHONE_NUMBER), cell(CRM, Category.NAME)
    found = with_nobodys([ours, names], {(CRM, Category.PAYMENT_CARD): 2, (CRM, Category.NAME): 9})
    assert [(each.system, each.category, each.items, each.nobodys) for each in found] == [
        (None, Category.TELEPHONE_NUMBER, 3, 0),
        (CRM, Category.NAME, 3, 9),
        (CRM, Category.PAYMENT_CARD, 0, 2),
    ]
    people = People(of_sort={}, at=MONDAY, is_now=True)
    shown = page(found, people, {CRM: "crm"}, ["<crm> was never scanned."])
    assert "Beside them 11 were found about nobody we know." in shown
    assert "&lt;crm&gt; was never scanned." in shown
    assert "Not known yet" not in page(found, people, {CRM: "crm"})


def test_national_numbers_are_graver_than_ordinary_data() -> None:
    order = list(Sensitivity)
    for each in (Category.OFFICIAL_ID, Category.PASSPORT):
        assert order.index(each.sensitivity) < order.index(Sensitivity.ORDINARY)
