"""A process holds the code of its own role alone."""

import subprocess
import sys

import pytest

from rightcall.cli.roles import ProcessRole

_SAYS = (
    "import sys; from rightcall.cli import main, roles; roles._entry(roles.ProcessRole({role!r})); print('sippy' in sys.modules)"
)


@pytest.mark.parametrize("role", list(ProcessRole))
def test_the_sip_library_is_loaded_by_signalling_alone(role: ProcessRole) -> None:
    done = subprocess.run([sys.executable, "-c", _SAYS.format(role=role.value)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(role is ProcessRole.SIGNALLING)
