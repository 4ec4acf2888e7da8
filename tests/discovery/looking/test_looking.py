"""The pure scanner: what is found in texts, tables and conversations is told where it lies, to the character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.discovery.detection.talk import talk_of
from rightcall.discovery.looking import detectors
from rightcall.discovery.looking.detectors import try_rules
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rules import look
from rightcall.discovery.model import Clue, Found, Read, RulesGone
from rightcall.discovery.parts import Part, Prose, Row, Rows, Turn, Turns
from rightcall.personal import Personal

CARD = "4111 1111 1111 1111"
HEADS = ("id", "date of birth", "card", "note")


def found(part: Part, rules: Rules | None = None) -> list[Found]:
    return [each for each in look(part, rules or Rules()) if isinstance(each, Found)]


def table(*cells: tuple[str | None, ...], heads: tuple[str, ...] = HEADS) -> Rows:
    rows = tuple(Row(f"k{number}", each) for number, each in enumerate(cells))
    return Rows(object="customers", heads=heads, rows=rows, bytes=10)


def prose(text: str, field: str | None = None) -> Prose:
    return Prose(object="note.txt", pieces=iter([(len(text), text)]), field=field)


def test_a_row_s_findings_are_told_in_row_and_field_and_characters_of_the_cell() -> None:
    part = table(("1", "1980-03-12", f"x {CARD}", None), ("2", None, None, "ring +45 32 12 34 56, line\nmail ada@caller.example"))
    told = [(each.row, each.field, each.finding.type, each.finding.start, each.finding.end) for each in found(part)]
    assert told == [
        ("k0", "date of birth", "date_of_birth", 0, 10),
        ("k0", "card", "payment_card", 2, 21),
        ("k1", "note", "phone", 5, 20),
        ("k1", "note", "email", 32, 50),
    ]
    assert {each.record for each in found(part)} == {"k0", "k1"}


def test_a_name_that_is_a_field_of_its_own_is_found_in_the_other_fields_of_its_row() -> None:
    """Also one that no list of names has. Not as a piece of a longer word, in another row, or by one word alone."""
    note = "Testb Persona rang. Ring Testb Persona, not Testb Personason or Testb Persona-Lind."
    rows = (
        ("1", "Testb Persona", note, "Testb Persona"),
        ("2", "Testc Persona", "Testb Persona asks", None),
        ("3", "May", "May 4", None),
    )
    part = table(*rows, heads=("id", "full name", "note", "agent name"))
    told = [(each.row, each.finding.start, each.finding.end) for each in found(part) if each.field == "note"]
    assert told == [("k0", 0, 13), ("k0", 25, 38)]
    assert all(each.finding.type == "person_name" for each in found(part) if each.field == "note")


def test_a_head_speaks_for_its_cells_and_for_no_others() -> None:
    """A date is one of birth under its head; the same date under another head is none."""
    part = table(("1", "1980-03-12", None, "1980-03-12"))
    assert [each.field for each in found(part)] == ["date of birth"]


def test_a_long_cell_is_read_whole_and_does_not_hide_the_heads_of_those_behind_it() -> None:
    note = "The customer waited. " * 40 + f"Her card is {CARD}, " + "x" * 600
    part = table(("1", note, CARD, None), heads=("id", "note", "card", "other"))
    places = [(each.field, each.finding.start, each.finding.end) for each in found(part)]
    at = note.index(CARD)
    assert sorted(places) == [("card", 0, len(CARD)), ("note", at, at + len(CARD))]


def test_what_looks_like_the_edge_of_a_cell_is_none() -> None:
    cell = f'tab\there "quoted" card {CARD}\r\nnext'
    [one] = found(table(("1", None, None, cell)))
    assert cell[one.finding.start : one.finding.end] == CARD


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=300), st.none() | st.text(max_size=20)), max_size=6))
def test_whatever_the_cells_hold_a_place_is_within_its_cell(cells: list[tuple[str | None, ...]]) -> None:
    with_card = [(f"{one} {CARD} {two}", two, three) for one, two, three in cells]
    part = table(*with_card, heads=("note", "more", "last"))
    for each in found(part):
        row, column = int((each.row or "")[1:]), part.heads.index(each.field or "")
        cell = part.rows[row].cells[column] or ""
        assert 0 <= each.finding.start < each.finding.end <= len(cell)


def test_a_turn_s_findings_are_told_in_its_own_characters_and_with_its_moment() -> None:
    turns = (Turn(0, "What is your card number?", 1.0), Turn(1, f"It is {CARD}.", 3.5), Turn(0, "Thank you."))
    [one] = found(Turns(object="call.json", turns=turns, bytes=9, field="dialog", first=10))
    assert (one.row, one.field, one.at) == ("11", "dialog", 3.5)
    assert turns[1].text[one.finding.start : one.finding.end] == CARD


def test_a_short_text_is_one_record_and_a_long_one_has_one_for_each_line() -> None:
    short = f"card {CARD}\nmail ada@caller.example"
    assert {each.record for each in found(prose(short))} == {""}
    long = "Nothing about anyone.\n" * 100 + f"card {CARD}, mail ada@caller.example\nmail ben@caller.example"
    records = [each.record for each in found(prose(long, "body"))]
    assert records[0] == records[1] != records[2]
    windowed = [each.record for each in found(prose(long, "body"), Rules(window=2100))]
    assert windowed == records


def test_clues_are_made_of_the_value_where_they_are_asked_for_and_else_nothing_of_it_is_kept() -> None:
    def clues(type: str, value: str, field: str | None, /) -> list[Clue]:
        return [Clue(kind="email", context="clues.email", value=Personal(f"{type}:{value}"))]

    [plain] = found(table((None, None, None, "ada@caller.example")))
    assert plain.clues == ()
    asked = Rules(clues=clues)
    for part in (table((None, None, None, "ada@caller.example")), prose("ada@caller.example")):
        [one] = found(part, asked)
        assert [clue.value for clue in one.clues] == [Personal("email:ada@caller.example")]
        assert "ada@" not in repr(one)


def test_what_was_read_is_told() -> None:
    assert [each.bytes for each in look(table(), Rules()) if isinstance(each, Read)] == [10]
    assert sum(each.bytes for each in look(prose("x" * 50), Rules()) if isinstance(each, Read)) == 50


def test_detectors_that_find_nothing_are_noticed_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    try_rules()
    monkeypatch.setattr(detectors, "detect", lambda *_, **__: [])
    with pytest.raises(RulesGone, match="nothing was read"):
        try_rules()


def test_a_column_of_dates_or_truths_holds_no_numbers_of_people_but_a_day_of_birth() -> None:
    rows = (Row("k0", ("1980-03-12", "+45 32 12 34 56", "+45 32 12 34 56")),)
    part = Rows(object="t", heads=("date of birth", "at", "note"), rows=rows, bytes=1, measured=frozenset((0, 1)))
    assert [(each.field, each.finding.type) for each in found(part)] == [("date of birth", "date_of_birth"), ("note", "phone")]


def test_turns_that_are_rows_are_heard_together_call_by_call() -> None:
    heads = ("id", "call_id", "turn_no", "speaker", "text")
    part = table(
        ("1", "c1", "1", "agent", "and the three digits on the back of your card?"),
        ("2", "c1", "2", "caller", "seven four"),
        ("3", "c1", "3", "agent", "mhm"),
        ("4", "c1", "4", "caller", "one"),
        ("5", "c2", "1", "agent", "how many did you buy?"),
        ("6", "c2", "2", "caller", "seven four one"),
        ("7", "c2", "3", "caller", "ring +45 32 12 34 56 for jones@caller.example\nplease"),
        heads=heads,
    )
    told = [(each.row, each.field, each.finding.type, each.finding.start, each.finding.end) for each in found(part)]
    assert told == [
        ("k1", "text", "card_code", 0, 10),
        ("k3", "text", "card_code", 0, 3),
        ("k6", "text", "phone", 5, 20),
        ("k6", "text", "email", 25, 45),
    ]


def test_a_table_of_turns_is_looked_at_beside_what_was_said_too_and_a_long_turn_once() -> None:
    long = f"{'well ' * 60}write to jones@caller.example"
    part = table(("c1", "ada@caller.example", "agent", long), heads=("conversationId", "mail", "role", "message"))
    assert [(each.field, each.finding.type) for each in found(part)] == [("mail", "email"), ("message", "email")]


@pytest.mark.parametrize(
    ("heads", "is_one"),
    [
        (("call_id", "turn_no", "speaker", "text"), True),
        (("ConversationID", "Sender", "Body"), True),
        (("session id", "turn", "utterance"), True),
        (("speaker", "text"), False),
        (("call_id", "text"), False),
        (("call_id", "speaker", "text", "body"), False),
        (("call_id", "session_id", "speaker", "text"), False),
    ],
)
def test_a_table_of_turns_has_one_column_for_the_call_and_one_for_what_was_said(heads: tuple[str, ...], is_one: bool) -> None:
    assert (talk_of(heads) is not None) == is_one


ASKED = "And the code on the back of your card?"


@pytest.mark.parametrize(
    ("heads", "by"),
    [
        (("from", "body", "ts", "id"), "agent"),
        (("author", "message", "when", "note_id"), "Customer service"),
        (("[].from.name", "[].body", "[].at", "[].id"), "Agent 2"),
        (("message.role", "message.content", "created", "id"), "assistant_agent"),
    ],
)
def test_rows_of_one_conversation_are_each_other_s_context_though_no_column_names_it(heads: tuple[str, ...], by: str) -> None:
    part = table((by, ASKED, "10:00", "1"), ("customer", "737", "10:02", "2"), heads=heads)
    [one] = found(part)
    assert (one.finding.type, one.row, one.field, one.record) == ("card_code", "k1", heads[1], "k1")


@pytest.mark.parametrize(
    ("heads", "rows"),
    [
        (("from", "body", "subject"), (("agent", ASKED, "Card"), ("customer", "737", "Re"))),
        (("from", "body", "ts"), (("agent", f"Dear customer,\n{ASKED}", ""), ("customer", "737\nBest", ""))),
        (("from", "body", "ts"), (("Jo", ASKED, ""), ("Mo", "737", ""))),
        (("from", "body", "ts"), (("agent", ASKED, ""), ("agent", "737", ""))),
        (("from", "body", "ts"), (("agent", ASKED, ""), *((f"customer {n}", "737", "") for n in range(9)))),
    ],
)
def test_letters_and_what_many_write_are_no_conversation(heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    assert found(table(*rows, heads=heads)) == []


def test_a_word_of_a_name_that_stands_again_tells_what_the_name_tells() -> None:
    """Where two have it, nobody knows whose it is."""
    note = "Eve Marlowe asks for her husband Adam Marlowe. Eve rings again. Mrs Marlowe is away."
    rules = Rules(clues=lambda kind, said, _: [Clue(kind=kind, context="test", value=Personal(said))] if " " in said else [])
    rows = Rows(object="o", heads=("id", "note"), rows=(Row("1", ("1", note)),), bytes=0)
    told = {
        note[each.finding.start : each.finding.end]: (len(each.clues), each.of_another)
        for each in look(rows, rules)
        if isinstance(each, Found)
    }
    assert told == {"Eve Marlowe": (1, False), "Adam Marlowe": (1, True), "Eve": (1, False), "Marlowe": (0, False)}


@pytest.mark.parametrize(
    ("heads", "name", "is_told"),
    [
        (("id", "name", "phone", "email"), "Hal Merriweld", True),
        (("id", "name", "opened"), "Cyd Wibblewood", False),
        (("id", "name", "date of birth"), "Cyd Wibblewood", True),
        (("id", "name", "price"), "Zyx Qwert", False),
        (("id", "name", "phone", "email"), "Quorvex Logistics", False),
        (("id", "name", "phone", "email"), "quorvex zarn", False),
    ],
    ids=str,
)
def test_a_rare_name_is_told_by_what_stands_beside_its_column(heads: tuple[str, ...], name: str, is_told: bool) -> None:
    """In a row alone too: an erasure looks at one row."""
    cells = {"id": "1", "name": name, "phone": "+45 32 12 34 61", "email": "x1@caller.example"}
    rows = Rows(object="t", heads=heads, rows=(Row("1", tuple(cells.get(each, "") for each in heads)),), bytes=0)
    told = [each for each in look(rows, Rules()) if isinstance(each, Found) and each.field == "name"]
    assert [each.finding.type for each in told] == (["person_name"] if is_told else [])
