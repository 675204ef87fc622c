"""What a long command says on standard error while it works."""

import io
import sys

import pytest

from app.cli import progress
from app.cli.progress import CLEAR_LINE, stages


class Terminal(io.StringIO):
    """Standard error that somebody watches."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_is_written_over_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())

    with stages() as tell:
        tell("read")
        tell("solve")

    assert sys.stderr.getvalue() == f"{CLEAR_LINE}read …{CLEAR_LINE}solve …{CLEAR_LINE}"


def test_the_line_is_wiped_before_a_failure_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())

    with pytest.raises(KeyError), stages() as tell:
        tell("read")
        raise KeyError

    assert sys.stderr.getvalue().endswith(CLEAR_LINE)


def test_in_a_log_what_takes_no_longer_than_a_moment_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with stages() as tell:
        tell("read")

    assert capsys.readouterr() == ("", "")


def test_in_a_log_what_takes_longer_says_each_stage_in_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = iter([0.0, 1.0, 4.0, 61.6])
    monkeypatch.setattr(progress.time, "perf_counter", lambda: next(readings))

    with stages() as tell:
        for stage in ("read", "solve", "verify"):
            tell(stage)

    assert capsys.readouterr() == ("", "4 s: solve\n62 s: verify\n")
