"""HTML and XML: what a person sees, and what stands in attributes."""

from rightcall.discovery.model import Reason
from tests.adapters.systems.formats.reading import read


def test_what_a_page_shows_and_what_its_attributes_say() -> None:
    page = (
        "<!doctype html><html><head><title>Kvittering</title><style>p {}</style></head><body class=x>"
        '<p>Ring til <b>A</b>da &amp; Bo p&aring; <a href="tel:+45%2032123456">telefon</a></p><!-- old: 4711 -->'
        '<table><tr><td>1</td><td>2</td></tr></table><input name="card" value="4111"><script>var s = "x@y.example"</script>'
    )
    text = read("a.html", page.encode()).texts["a.html", None]
    assert "Ring til Ada & Bo på  tel:+45 32123456 telefon" in text
    for seen in ("Kvittering", "old: 4711", "\t1\t\t2\t", " 4111 ", "x@y.example"):
        assert seen in text
    assert "p {}" not in text


def test_a_page_in_an_encoding_that_it_declares() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body>Łukasz</body></html>'.encode("iso-8859-2")
    assert "Łukasz" in read("a.htm", page).texts["a.htm", None]


def test_pages_are_known_by_their_content_and_broken_ones_are_read() -> None:
    assert "Ada <3" in read("a.txt", b"<html><body><p>Ada &lt;3").texts["a.txt", None]
    deep = b"<html>" + b"<div>" * 5000 + b"Ada"
    shown = read("a.html", deep)
    assert "Ada" in shown.texts["a.html", None] or shown.passed == [("a.html", Reason.BROKEN)]


def test_xml_is_read_with_names_texts_and_attributes() -> None:
    head = '<?xml version="1.0" encoding="iso-8859-1"?>'
    content = head + '<call id="7"><caller>Zoë &amp; Bo</caller><a:tel xmlns:a="u">3212</a:tel></call>'
    assert read("a.xml", content.encode("latin-1")).texts["a.xml", None] == "id: 7\ncaller: Zoë & Bo\ntel: 3212\n"


def test_xml_that_is_broken_grows_or_fetches_is_told() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    fetching = b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1/x"><a>Ada</a>'
    assert read("a.xml", bomb).passed == [("a.xml", Reason.BROKEN)]
    assert read("a.xml", b"<a><b>Ada</b><c>").passed == [("a.xml", Reason.BROKEN)]
    assert read("a.xml", fetching).texts["a.xml", None] == "a: Ada\n"
    assert read("a.xml", b"<a>" * 1000).passed == [("a.xml", Reason.TOO_DEEP)]
