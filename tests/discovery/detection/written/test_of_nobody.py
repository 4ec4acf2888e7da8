"""Words for illness, unions and children that are said of things, of animals and of nobody."""

import pytest

from rightcall.discovery.detection.rules import detect

_KINDS = ("health", "trade_union", "minor", "ethnic_origin")


def told(text: str) -> list[tuple[str, str]]:
    found = (each for each in detect(text) if each.type in _KINDS)
    return [(each.type, " … ".join(text[start:end] for start, end in each.stretches)) for each in found]


@pytest.mark.parametrize(
    "text",
    [
        "that was a stroke of luck with the parcel\n",
        "our cat has asthma so is she covered\n",
        "the old terrier, my dog's got epilepsy since june\n",
        "our dog, deaf since june\n",
        "i'm allergic to hold music\n",
        "the council planning went to deaf ears\n",
        "2 wheelchair ramp kits for the shop\n",
        "western union branch moved to high street\n",
        "he drives for the hospital car park\n",
    ],
)
def test_of_nobody(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("the dog bit my son who has asthma\n", ("health", "asthma")),
        ("Frida has a guide dog, blind since birth\n", ("health", "blind")),
        ("Ole, service-dog, epilepsy for years\n", ("health", "epilepsy")),
        ("my husband had a stroke in march\n", ("health", "had a stroke")),
        ("i'm in the n e u so i get ten percent\n", ("trade_union", "n e u")),
        ("legal cover is through her union\n", ("trade_union", "her union")),
        ("i couldn't come, we had a strike day\n", ("trade_union", "strike day")),
        ("two adults and a six year old\n", ("minor", "six year old")),
        ("my lad he's just turned thirteen\n", ("minor", "lad he's just turned thirteen")),
        ("dau 11, no phone of her own\n", ("minor", "dau 11")),
        ("A: any children on the booking\nB: yeah two five and eight\n", ("minor", "five and eight")),
        ("our little one starts reception in september\n", ("minor", "starts reception")),
    ],
)
def test_of_somebody(text: str, finding: tuple[str, str]) -> None:
    assert finding in told(text)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("she turns 13 in june so not yet\n", ("minor", "she turns 13")),
        ("he'll be sixteen in march\n", ("minor", "sixteen")),
        ("a fourteen year old opened the account\n", ("minor", "fourteen year old")),
        ("mum of a 9 year old\n", ("minor", "9 year old")),
        ("our son starts secondary school\n", ("minor", "starts secondary school")),
        ("they refused because of my race\n", ("ethnic_origin", "because of my race")),
        ("i am originally from eritrea\n", ("ethnic_origin", "originally from eritrea")),
    ],
)
def test_of_children_and_origins(text: str, finding: tuple[str, str]) -> None:
    assert finding in told(text)


@pytest.mark.parametrize(
    "text",
    ["she'll be ten minutes late\n", "a ten year old boiler\n", "it turns 7 o'clock\n", "the depression on the mattress\n"],
)
def test_of_hours_and_things(text: str) -> None:
    assert told(text) == []
