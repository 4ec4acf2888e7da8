"""A media process that nobody could send to refuses to start; one that cannot have everything says what is missing."""

import ctypes
import resource
from pathlib import Path

import pytest

from rightcall.adapters.control.messages import CodecOffer, SrtpKey, StreamOffer
from rightcall.errors import Malformed, NotConfigured
from rightcall.ids import new_id
from rightcall.recorder import media_process
from rightcall.recorder.media import MediaPlace, check
from rightcall.recorder.media_offers import own_key_for, terms_of


def place(rtp: str, public: str | None) -> MediaPlace:
    return MediaPlace(data=Path("data"), control="127.0.0.1:0", rtp=rtp, rtp_public=public, first_port=20000, last_port=20010)


@pytest.mark.parametrize(("rtp", "public"), [("0.0.0.0", None), ("::", None), ("127.0.0.1", "0.0.0.0"), ("nonsense", None)])  # noqa: S104 - refused
def test_an_address_that_nobody_can_send_to_is_refused(rtp: str, public: str | None) -> None:
    with pytest.raises(NotConfigured, match="RIGHTCALL_RTP_PUBLIC"):
        check(place(rtp, public))


@pytest.mark.parametrize(("rtp", "public"), [("127.0.0.1", None), ("0.0.0.0", "192.0.2.10"), ("::1", None)])  # noqa: S104 - with another to say
def test_an_address_that_can_be_sent_to_is_fine(rtp: str, public: str | None) -> None:
    check(place(rtp, public))


def test_what_cannot_be_had_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def mlockall(self, flags: int) -> int:
            return -1

    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Refusing())
    monkeypatch.setattr(media_process, "forbid_core_dumps", lambda: None)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    monkeypatch.setattr("sys.setswitchinterval", lambda _: None)
    files, memory = media_process.harden()
    assert "LimitNOFILE" in files
    assert "LimitMEMLOCK" in memory


def test_offers_are_read_whole_or_refused() -> None:
    codecs = (CodecOffer(payload_type=96, name="Telephone-Event", clock_rate=8000),)
    terms = terms_of(StreamOffer(stream=new_id(), codecs=codecs, remote="192.0.2.1", networks=("192.0.2.77/24",)))
    assert (terms.events, terms.remote, terms.networks) == (frozenset({96}), "192.0.2.1", ("192.0.2.0/24",))
    wrong = [
        StreamOffer(stream=new_id(), codecs=(CodecOffer(payload_type=128, name="x", clock_rate=1),)),
        StreamOffer(stream=new_id(), codecs=(), remote="not an address"),
        StreamOffer(stream=new_id(), codecs=(), networks=("192.0.2.0/99",)),
    ]
    for offer in wrong:
        with pytest.raises(Malformed):
            terms_of(offer)


def test_our_own_key_is_fresh_and_of_the_same_suite() -> None:
    theirs = SrtpKey(suite="AES_CM_128_HMAC_SHA1_80", key=bytes(30))
    first, second = own_key_for(theirs), own_key_for(theirs)
    assert first is not None
    assert second is not None
    assert first.suite == theirs.suite
    assert len({first.key, second.key, theirs.key}) == 3
    assert own_key_for(None) is None


def test_tones_are_heard_in_the_codecs_that_an_offer_names() -> None:
    named = [
        (0, "PCMU", 8000),
        (97, "pcma", 8000),
        (9, "G722", 8000),
        (96, "opus", 48000),
        (98, "PCMU", 16000),
        (18, "G729", 8000),
    ]
    codecs = tuple(CodecOffer(payload_type=number, name=name, clock_rate=rate) for number, name, rate in named)
    terms = terms_of(StreamOffer(stream=new_id(), codecs=codecs, networks=("192.0.2.0/24",)))
    assert terms.sounds == ((0, "PCMU"), (97, "PCMA"), (9, "G722"), (96, "OPUS"))
