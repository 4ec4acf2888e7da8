"""A conversation as one text, and back from a finding to who said it, and when."""

from rightcall.discovery.detection.context import columns_of
from rightcall.discovery.detection.dialogue import Said, detect_turns, said, text_of
from rightcall.discovery.detection.model import Finding
from rightcall.discovery.detection.rules import detect
from rightcall.discovery.parts import Turn, Turns


def turns(*texts: str) -> Turns:
    """Two speakers in turn, ten seconds each."""
    spoken = tuple(Turn(number % 2, text, number * 10.0) for number, text in enumerate(texts))
    return Turns(object="call.json", turns=spoken, bytes=sum(map(len, texts)))


def test_a_finding_is_told_by_turn_and_time() -> None:
    call = turns("your card number please", "4111 1111 1111 1111\nthat is it")
    assert text_of(call) == "your card number please\n4111 1111 1111 1111 that is it"
    (found,) = detect_turns(call)
    assert found.type == "payment_card"
    assert said(call, found) == (Said(turn=1, at=10.0, start=0, end=19),)


def test_a_finding_over_several_turns_has_its_parts_turn_by_turn() -> None:
    call = turns("four one", "yes", "two three ok")
    found = Finding(start=0, end=22, type="x", confidence=1, why="because", parts=((0, 8), (13, 22)))
    assert said(call, found) == (Said(turn=0, at=0.0, start=0, end=8), Said(turn=2, at=20.0, start=0, end=9))
    assert found.moved(5).parts == ((5, 13), (18, 27))
    whole = Finding(start=0, end=22, type="x", confidence=1, why="because")
    assert [each.turn for each in said(call, whole)] == [0, 1, 2]


def test_a_number_said_over_turns_is_told_turn_by_turn_with_its_time() -> None:
    call = turns(
        "and the long number please",
        "four one one one uh double one double one",
        "yes go on",
        "one one one one",
        "and then",
        "one one one one that's it",
        "and the code on the back",
        "seven forty one",
    )
    card, code = detect_turns(call)
    assert [(each.turn, each.at) for each in said(call, card)] == [(1, 10.0), (1, 10.0), (3, 30.0), (5, 50.0)]
    assert [call.turns[each.turn].text[each.start : each.end] for each in said(call, code)] == ["seven forty one"]
    assert card.written is not None
    assert card.written.reveal("look at it in a test") == "4111111111111111"
    assert "4111" not in repr(card)


def test_who_speaks_is_known_from_the_source() -> None:
    """Numbers of two speakers are never one."""
    assert detect_turns(turns("four one one one one one one one", "one one one one one one one one")) == []


def test_rows_of_a_table_stand_by_themselves() -> None:
    text = "note,id\ncard four one one one one one one one,\none one one one one one one one,\n"
    assert detect(text, columns=columns_of("note,id")) == []
    whole = "note,id\nthe card is four one one one one one one one one one one one one one one one,7\n"
    assert [each.type for each in detect(whole, columns=columns_of("note,id"))] == ["payment_card"]
