"""A PKCS#11 token in software, for this run of the tests. Its library reads its settings once a process, hence one for all."""

import functools
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rightcall.adapters.keys.pkcs11 import Token

LABEL, PIN = "rightcall-tests", b"246810"
_PLACES = ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm", "/usr/lib64/softhsm")


@dataclass(frozen=True)
class SoftToken:
    module: str
    label: str = LABEL
    pin: bytes = PIN

    def open(self) -> Token:
        return Token(self.module, self.label, self.pin)


@functools.cache
def soft_token() -> SoftToken:
    module = next((path for place in _PLACES if (path := Path(place) / "libsofthsm2.so").exists()), None)
    assert module is not None, "Install softhsm2: the PKCS#11 key service is tested against it."
    folder = Path(tempfile.mkdtemp(prefix="rightcall-softhsm-"))
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    command = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN.decode(), "--so-pin", "13579"]
    subprocess.run(command, check=True, capture_output=True)
    return SoftToken(str(module))
