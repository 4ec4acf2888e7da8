"""No system leads to what Rightcall keeps itself, nor outside of the folders that a controller was given."""

from pathlib import Path

import pytest

from rightcall.adapters.systems.fence import Fenced, Rooted, roots_of
from rightcall.errors import Malformed, NotAllowed, NotConfigured
from rightcall.ids import ControllerId, new_id
from rightcall.personal import Personal

ONE, OTHER = ControllerId(new_id()), ControllerId(new_id())
FORMS = ("{}", "file://{}", "sqlite:///{}", "vcons:{}", "vcons://{}")


@pytest.fixture
def places(tmp_path: Path) -> Path:
    for name in ("data/objects", "share", "shared"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "share" / "way").symlink_to(tmp_path / "data")
    (tmp_path / "share" / "out").symlink_to(tmp_path / "shared")
    return tmp_path


def fenced(places: Path) -> Fenced:
    return Fenced(own=(places / "data",), objects="s3://ours/sealed")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("where", ["data", "data/objects", "share/../data/objects/none", "share/way", "", "share/way/ledger-key"])
def test_nobody_registers_what_rightcall_keeps_nor_what_it_lies_in(places: Path, form: str, where: str) -> None:
    with pytest.raises(NotAllowed, match="its own"):
        fenced(places)(Personal(form.format(places / where)))


@pytest.mark.parametrize(
    "address", ["s3://ours", "s3://ours/other", "vcons:s3://ours/sealed", "VCONS:s3://ours/sealed", "S3://OURS/sealed"]
)
def test_nobody_registers_its_object_store(places: Path, address: str) -> None:
    with pytest.raises(NotAllowed, match="its own"):
        fenced(places)(Personal(address))


def test_what_lies_beside_it_is_opened(places: Path) -> None:
    for where in ("share", "shared"):
        fenced(places)(Personal(str(places / where))).close()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("where", ["shared", "share/out", "share/../shared", ""])
def test_nothing_outside_of_a_controllers_folders_is_opened(places: Path, form: str, where: str) -> None:
    roots = roots_of([f"{ONE}={places / 'share'}", f"{OTHER}={places / 'shared'}"], ONE)
    opener = Rooted(open_system=fenced(places), roots=roots, is_alone=False)
    with pytest.raises(NotAllowed, match="outside"):
        opener(Personal(form.format(places / where)))
    opener(Personal(str(places / "share"))).close()


def test_where_nobody_named_folders_only_a_controller_that_is_alone_takes_any(places: Path) -> None:
    share = Personal(str(places / "share"))
    assert roots_of([], ONE) is None
    Rooted(open_system=fenced(places), roots=None, is_alone=True)(share).close()
    several = Rooted(open_system=fenced(places), roots=None, is_alone=False)
    with pytest.raises(NotAllowed, match="several"):
        several(share)
    with pytest.raises(Malformed, match="of one's own"):
        several(Personal("own+https://"))
    assert roots_of([f"{OTHER}={places}"], ONE) == (), "another's folder is none of this one's"


@pytest.mark.parametrize("named", ["share", f"{ONE}=share", f"{ONE}="], ids=["bare", "of one", "none of one"])
def test_a_root_that_is_no_folder_from_the_root_is_refused(named: str) -> None:
    with pytest.raises(NotConfigured):
        roots_of([named], ONE)
