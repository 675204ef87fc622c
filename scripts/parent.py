"""The `make` that started us. It tells its child nothing of a Ctrl-C that reached it alone, nor of its own death."""

import os
import signal
from pathlib import Path


class Make:
    """The parent process where `make` runs us; nobody where it does not."""

    def __init__(self) -> None:
        self._pid = os.getppid() if "MAKELEVEL" in os.environ else None

    @property
    def is_stopping(self) -> bool:
        """Whether it was interrupted, or is gone."""
        if self._pid is None:
            return False
        return os.getppid() != self._pid or _handles_interrupt(self._pid)


def _handles_interrupt(pid: int) -> bool:
    """Whether the process is inside its handler for SIGINT, which the system blocks meanwhile. Only Linux tells."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    blocked = next((line.split()[1] for line in status.splitlines() if line.startswith("SigBlk:")), "0")
    return bool(int(blocked, 16) >> (signal.SIGINT - 1) & 1)
