"""Programs from outside Python that the whole check needs: a browser, letters for it to draw, a PostgreSQL server.

With `REQUIRE_BROWSER=1` and `REQUIRE_POSTGRES=1` what is missing is installed (root on Debian) or named (anyone else).
"""

import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from scripts.steps import StepFailed, run_step

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
POSTGRES_PORT = 5432
_DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


def browser() -> str | None:
    """The path of an installed Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def draws_cyrillic() -> bool:
    """Whether an installed font has the letters of Belarusian."""
    fontconfig = shutil.which("fc-list")
    if fontconfig is None:
        return False
    return bool(subprocess.run([fontconfig, ":lang=be"], check=False, capture_output=True).stdout.strip())


def postgres_programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl` of the newest installed PostgreSQL, or None."""
    versions = sorted(_DEBIAN_POSTGRES.glob("*/bin/initdb"), key=_version)
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _version(initdb: Path) -> float:
    name = initdb.parent.parent.name
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


def something_listens(port: int) -> bool:
    """Whether anything answers on this port of the loopback address."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


def missing_packages(environment: Mapping[str, str]) -> list[str]:
    """The Debian packages that the check needs as it was asked for, and that this machine lacks."""
    packages = []
    if environment.get("REQUIRE_BROWSER") == "1":
        packages += [] if browser() else ["chromium"]
        packages += [] if draws_cyrillic() else ["fontconfig", "fonts-noto-core"]
    if environment.get("REQUIRE_POSTGRES") == "1" and not _postgres_to_be_had(environment):
        packages.append("postgresql")
    return packages


def _postgres_to_be_had(environment: Mapping[str, str]) -> bool:
    if environment.get("VESTKA_TEST_POSTGRES_URL") or postgres_programs():
        return True
    return something_listens(POSTGRES_PORT)


def install_missing(root: Path) -> None:
    """Install what is required and missing; raise StepFailed, naming it, where that cannot be done here."""
    packages = missing_packages(os.environ)
    if not packages:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        advice = f"on Debian: sudo {shlex.join(install)}"
        raise StepFailed("programs", 1, f"this check needs {', '.join(packages)}, not installed here ({advice})")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_step("programs", ["apt-get", "update", "-q"], root=root, environment=quiet)
    run_step("programs", install, root=root, environment=quiet)
