"""The workshop: the environment is made, mended and left alone; steps stop at the first that fails."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts import environment, programs, project, steps
from scripts.environment import APP, DEV
from scripts.steps import StepFailed

UV = "/opt/uv"


class FakeRunner:
    """Stands in for the programs: keeps their command lines, and makes the folder that `venv` would make."""

    def __init__(self, root: Path, failure: BaseException | None = None) -> None:
        self.root = root
        self.failure = failure
        self.commands: list[Sequence[str]] = []

    def __call__(self, step: str, command: Sequence[str]) -> None:
        self.commands.append(command)
        if "venv" in command:
            self._make_environment()
        elif self.failure is not None:
            raise self.failure

    def _make_environment(self) -> None:
        folder = self.root / ".venv" / "bin"
        folder.mkdir(parents=True)
        (folder / "python").symlink_to(sys.executable)
        (folder.parent / "pyvenv.cfg").write_text("")

    @property
    def installations(self) -> list[Sequence[str]]:
        return [command for command in self.commands if "install" in command]

    @property
    def environments_made(self) -> int:
        return sum("venv" in command for command in self.commands)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "app.txt").write_text("flask==3.1.3 --hash=sha256:00")
    (tmp_path / "requirements" / "dev.txt").write_text("pytest==9.2.0 --hash=sha256:11")
    return tmp_path


@pytest.mark.parametrize("uv", [None, UV])
def test_a_fresh_checkout_gets_an_environment_with_hashed_packages_only(root: Path, uv: str | None) -> None:
    runner = FakeRunner(root)

    made = environment.prepare(root, DEV, runner=runner, uv=uv)

    assert runner.environments_made == 1
    [installation] = runner.installations
    assert "--require-hashes" in installation
    assert str(root / "requirements" / "dev.txt") in installation
    assert made.python == str(root / ".venv" / "bin" / "python")


def test_uv_does_the_work_where_it_is_installed_and_pip_where_not(root: Path) -> None:
    with_uv, with_pip = FakeRunner(root), FakeRunner(root)

    environment.prepare(root, APP, runner=with_uv, uv=UV)
    environment.prepare(root, DEV, runner=with_pip, uv=None)

    assert {command[0] for command in with_uv.commands} == {UV}
    assert with_pip.installations[0][:3] == [str(root / ".venv" / "bin" / "python"), "-m", "pip"]


def test_a_second_run_does_nothing(root: Path) -> None:
    environment.prepare(root, DEV, runner=FakeRunner(root))
    second = FakeRunner(root)

    environment.prepare(root, DEV, runner=second)

    assert second.commands == []


def test_changed_requirements_are_installed_into_the_same_environment(root: Path) -> None:
    environment.prepare(root, DEV, runner=FakeRunner(root))
    (root / "requirements" / "dev.txt").write_text("pytest==9.3.0 --hash=sha256:22")
    second = FakeRunner(root)

    environment.prepare(root, DEV, runner=second)

    assert (second.environments_made, len(second.installations)) == (0, 1)


def test_the_demo_and_the_check_keep_separate_books(root: Path) -> None:
    environment.prepare(root, APP, runner=FakeRunner(root))
    second = FakeRunner(root)

    environment.prepare(root, DEV, runner=second)

    assert (second.environments_made, len(second.installations)) == (0, 1)


def test_an_installation_that_was_killed_is_made_anew(root: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        environment.prepare(root, DEV, runner=FakeRunner(root, failure=KeyboardInterrupt()))
    second = FakeRunner(root)

    environment.prepare(root, DEV, runner=second)

    assert (second.environments_made, len(second.installations)) == (1, 1)


def test_an_installation_that_failed_keeps_the_environment_and_is_tried_again(root: Path) -> None:
    with pytest.raises(StepFailed):
        environment.prepare(root, DEV, runner=FakeRunner(root, failure=StepFailed("setup", 1)))
    second = FakeRunner(root)

    environment.prepare(root, DEV, runner=second)

    assert (second.environments_made, len(second.installations)) == (0, 1)


@pytest.mark.parametrize("broken", ["bin/python", "pyvenv.cfg"])
def test_an_environment_that_does_not_answer_is_made_anew(root: Path, broken: str) -> None:
    environment.prepare(root, DEV, runner=FakeRunner(root))
    (root / ".venv" / broken).unlink()
    second = FakeRunner(root)

    environment.prepare(root, DEV, runner=second)

    assert second.environments_made == 1


def test_a_failing_step_is_named_and_gives_its_exit_code(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="step 'types' failed with exit code 3") as failure:
        steps.run_step("types", [sys.executable, "-c", "raise SystemExit(3)"], root=tmp_path)

    assert failure.value.exit_code == 3


def test_a_step_ended_by_a_signal_gives_the_exit_code_of_a_shell(tmp_path: Path) -> None:
    suicide = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"

    with pytest.raises(StepFailed) as failure:
        steps.run_step("test", [sys.executable, "-c", suicide], root=tmp_path)

    assert failure.value.exit_code == 143


def test_a_program_that_is_not_there_is_a_failing_step(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="could not start"):
        steps.run_step("lint", [str(tmp_path / "nothing")], root=tmp_path)


def test_the_check_stops_at_its_first_failing_step(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    reached: list[str] = []

    def fake_step(name: str, command: Sequence[str], *, root: Path) -> None:
        reached.append(name)
        if name == "types":
            raise StepFailed(name, 7)

    monkeypatch.setattr(project, "setup", lambda: environment.Environment(project.ROOT))
    monkeypatch.setattr(project, "run_step", fake_step)
    monkeypatch.setattr(programs, "missing_packages", lambda _: [])

    code = project.main(["check"])

    assert (code, reached) == (7, ["lint", "format", "templates", "types"])
    assert "check: step 'types' failed with exit code 7" in capfd.readouterr().err


def test_missing_programs_are_asked_for_only_where_they_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "browser", lambda: None)
    monkeypatch.setattr(programs, "draws_cyrillic", lambda: False)
    monkeypatch.setattr(programs, "postgres_programs", lambda: None)
    monkeypatch.setattr(programs, "something_listens", lambda _: False)

    assert programs.missing_packages({}) == []
    assert programs.missing_packages({"REQUIRE_BROWSER": "1"}) == ["chromium", "fontconfig", "fonts-noto-core"]
    assert programs.missing_packages({"REQUIRE_POSTGRES": "1"}) == ["postgresql"]
    assert programs.missing_packages({"REQUIRE_POSTGRES": "1", "VESTKA_TEST_POSTGRES_URL": "postgresql://db"}) == []


def test_without_the_right_to_install_the_missing_programs_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(programs, "missing_packages", lambda _: ["chromium"])
    monkeypatch.setattr(programs.os, "geteuid", lambda: 1000)

    with pytest.raises(StepFailed, match=r"needs chromium.*sudo apt-get install"):
        programs.install_missing(tmp_path)


def test_too_old_a_python_is_told_so_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(project.__file__).with_name("__init__.py").read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, and this is 3\.9"):
        exec(compile(source, "scripts/__init__.py", "exec"), {})  # noqa: S102 - our own file


def test_every_command_of_the_script_is_a_target_of_make() -> None:
    makefile = (project.ROOT / "Makefile").read_text(encoding="utf-8")
    [line] = [line for line in makefile.splitlines() if line.startswith("COMMANDS = ")]

    assert line.removeprefix("COMMANDS = ").split() == [command.__name__ for command in project.COMMANDS]
