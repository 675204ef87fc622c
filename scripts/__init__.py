"""The workshop: what `make` runs. Standard library only, apart from `mailbox`, which runs inside the environment.

Too old a Python is turned away here, before a newer word of the language is read.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is the place that says so
    raise SystemExit(
        "Vestka needs Python 3.11 or newer, and this is %d.%d. " % sys.version_info[:2]  # noqa: UP031 - old Pythons too
        + "Name a newer one: make PYTHON=python3.12 check"
    )
