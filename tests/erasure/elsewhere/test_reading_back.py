"""A system's word is held against what it hands out at the same place."""

from rightcall.discovery.ports import Gone, Spot
from rightcall.erasure.elsewhere.reading_back import looked_at
from tests.adapters.systems.estate import Estate
from tests.erasure.elsewhere.scene import Before


def test_gone_is_what_the_word_and_the_hand_agree_on(sqlite: Estate) -> None:
    sqlite.ask("CREATE TABLE customers (id int PRIMARY KEY, phone text, note text)")
    sqlite.ask("INSERT INTO customers VALUES (1, '+45 32 12 34 56', 'call +45 32 12 34 56 later')")
    whole, stretch = (
        Spot(object="customers", row="1", field="phone"),
        Spot(object="customers", row="1", field="note", start=5, end=20),
    )
    source = Before(sqlite.open(writable=True), lies=True)
    source.erase([whole, stretch])
    assert dict(looked_at(source, [whole, stretch])) == {whole: Gone.THERE, stretch: Gone.THERE}
    source.lies = False
    source.erase([whole, stretch])
    assert dict(looked_at(source, [whole, stretch])) == {whole: Gone.GONE, stretch: Gone.GONE}
    assert dict(looked_at(source, [Spot(object="no_such", row="1")])) == {Spot(object="no_such", row="1"): Gone.UNKNOWN}
    source.close()
