"""Telephone numbers in names of files, and what else stands there in figures."""

import pytest

from rightcall.discovery.detection.file_names import phones_in


@pytest.mark.parametrize(
    ("name", "regions", "found"),
    [
        ("rec_4551732088.wav", ("DK",), "4551732088"),
        ("2026/rec_4551732088.wav", (), "4551732088"),
        ("2026/20261127-093000_004551732088.wav", (), "004551732088"),
        ("in-51732088-20261127093000.mp3", ("DK",), "51732088"),
        ("07700900123.wav", ("GB",), None),
        ("02079460958.wav", ("GB",), "02079460958"),
        ("+45 51 73 20 88.txt", (), "+45 51 73 20 88"),
        ("note_+4551732088.pdf", ("GB",), "+4551732088"),
        ("4551732088.vtt", ("DK",), "4551732088"),
        ("4551732088.pdf", ("GB",), None),
        ("51732088.pdf", ("DK",), None),
        ("51732088.wav", (), None),
        ("rec_20261127093000.wav", ("DK", "GB", "US"), None),
        ("rec_20261127.wav", ("DK",), None),
        ("27112026.wav", ("DK",), None),
        ("rec_261127093000.wav", ("DK",), None),
        ("1764235800.4711.wav", ("GB", "US"), None),
        ("1764235800123.wav", ("GB",), None),
        ("20261127T093000.wav", ("DK",), None),
        ("a4551732088b.wav", ("DK",), None),
        ("51732088-4551-4173-8088-455173208800.wav", ("DK",), None),
        ("call-000123.wav", ("DK",), None),
    ],
)
def test_what_is_a_number_in_a_name(name: str, regions: tuple[str, ...], found: str | None) -> None:
    told = [name[each.start : each.end] for each in phones_in(name, regions)]
    assert told == ([] if found is None else [found])
