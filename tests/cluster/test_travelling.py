"""What goes to another machine and comes back says the same, and no value goes along."""

import json
from pathlib import Path

import pytest

from rightcall.adapters.cluster import ray
from rightcall.adapters.cluster.ray import Asked, event_of, lines_of, scan_on_ray
from rightcall.adapters.systems.folder.system import Folder
from rightcall.discovery.model import Found, PassedOver, Read
from rightcall.discovery.scanning import scan_system
from rightcall.errors import NotConfigured, Outage
from rightcall.personal import Personal
from tests.cast import ADA_EMAIL, PLANTED_CARD

ASKED = Asked(patterns=("own=KD-[0-9]+",), regions=("DK",), least=0.4, sample=1.0)


@pytest.fixture
def share(tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text(f"id,email,card\n1,{ADA_EMAIL},{PLANTED_CARD}\n")
    (tmp_path / "note.txt").write_text(f"KD-1: mail {ADA_EMAIL}")
    (tmp_path / "tool.bin").write_bytes(b"\x7fELF\0\1")
    return tmp_path


def test_what_comes_back_is_what_one_machine_finds(share: Path) -> None:
    names = ("customers.csv", "note.txt", "tool.bin")
    sent = [line for name in names for line in lines_of(str(share), ASKED, name, None)]
    assert ADA_EMAIL not in str(sent)
    assert PLANTED_CARD not in str(sent)
    back = [event_of(json.loads(line)) for line in sent]
    alone = [each for each in scan_system(Folder(share), ASKED.rules()) if not isinstance(each, Read)]
    assert [each for each in back if isinstance(each, Found | PassedOver)] == alone
    assert sum(each.bytes for each in back if isinstance(each, Read)) == sum((share / name).stat().st_size for name in names[:2])


def test_without_the_extra_it_says_what_to_install(share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(ray, "import_module", missing)
    with pytest.raises(NotConfigured, match="daft"):
        list(scan_on_ray(Personal(str(share)), ASKED, None))


def test_a_cluster_that_does_not_answer_is_an_outage_and_its_words_are_kept_back(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Daft:
        def set_runner_ray(self, address: str | None) -> None:
            raise Exception(f"RPC error: {address}")

    monkeypatch.setattr(ray, "_daft", Daft)
    with pytest.raises(Outage, match="does not answer") as said:
        list(scan_on_ray(Personal(str(share)), ASKED, "ray://planted:10001"))
    assert "planted" not in f"{said.value} {said.value.__cause__} {said.value.__context__}"
