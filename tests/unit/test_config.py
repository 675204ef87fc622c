"""Settings: what is missing or weak stops the start with one line that says what to set."""

import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from config import ROOT, MissingSetting, Settings

GOOD_SECRET = "kHq3-invented-0123456789-abcdefghijk"
GOOD_KEY = b64encode(b"an invented key 0123456789 abcde").decode()
OLDER_KEY = b64encode(b"an older invented key 0123456789").decode()


def environment(tmp_path: Path, **changes: str) -> dict[str, str]:
    values = {
        "VESTKA_SECRET_KEY": GOOD_SECRET,
        "VESTKA_SEAL_KEYS": f"new:{GOOD_KEY},old:{OLDER_KEY}",
        "VESTKA_PUBLIC_URL": "https://vestka.example.org",
        "VESTKA_INSTANCE_DIR": str(tmp_path),
    }
    return values | changes


@pytest.mark.parametrize("secret", ["", "short", "a" * 64])
def test_w8_a_missing_or_weak_secret_stops_the_start_and_says_what_to_set(tmp_path: Path, secret: str) -> None:
    with pytest.raises(MissingSetting, match="VESTKA_SECRET_KEY"):
        Settings.from_environment(environment(tmp_path, VESTKA_SECRET_KEY=secret))


def test_the_demo_makes_a_secret_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    demo = {"VESTKA_DEMO": "1", "VESTKA_INSTANCE_DIR": str(tmp_path)}

    first, second = Settings.from_environment(demo), Settings.from_environment(demo)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) > 40
    assert (tmp_path / "demo-secret").stat().st_mode & 0o077 == 0


def test_p2_the_first_seal_key_is_current_and_the_others_follow(tmp_path: Path) -> None:
    settings = Settings.from_environment(environment(tmp_path))

    assert [key_id for key_id, _ in settings.seal_keys] == ["new", "old"]
    assert settings.seal_keys[0][1] == b"an invented key 0123456789 abcde"
    assert "invented key" not in repr(settings)


@pytest.mark.parametrize("keys", [
    "", ",", GOOD_KEY, f"new:{GOOD_KEY},new:{OLDER_KEY}", f"New:{GOOD_KEY}", "new:c2hvcnQ=", f"new:{GOOD_KEY[:-2]}",
    f"new:{GOOD_KEY},old:", "new:" + b64encode(bytes(32)).decode(), f"a.b:{GOOD_KEY}",
])  # fmt: skip
def test_p2_a_missing_or_unreadable_seal_key_stops_the_start_without_showing_it(tmp_path: Path, keys: str) -> None:
    with pytest.raises(MissingSetting, match="VESTKA_SEAL_KEYS") as refusal:
        Settings.from_environment(environment(tmp_path, VESTKA_SEAL_KEYS=keys))

    assert GOOD_KEY not in str(refusal.value)


def test_the_demo_makes_a_seal_key_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    demo = {"VESTKA_DEMO": "1", "VESTKA_INSTANCE_DIR": str(tmp_path)}

    first, second = Settings.from_environment(demo), Settings.from_environment(demo)

    assert first.seal_keys == second.seal_keys
    assert (tmp_path / "demo-seal-key").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo-seal-key", "demo-secret"]


@pytest.mark.parametrize("url", ["", "vestka.example.org", "ftp://example.org", "https://example.org/path"])
def test_a_public_address_that_mails_could_not_use_stops_the_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(MissingSetting, match="VESTKA_PUBLIC_URL"):
        Settings.from_environment(environment(tmp_path, VESTKA_PUBLIC_URL=url))


def test_cookies_are_secure_and_host_bound_exactly_over_https(tmp_path: Path) -> None:
    secure = Settings.from_environment(environment(tmp_path)).flask_config()
    plain = Settings.from_environment(environment(tmp_path, VESTKA_PUBLIC_URL="http://localhost:8000")).flask_config()

    assert (secure["SESSION_COOKIE_NAME"], secure["SESSION_COOKIE_SECURE"]) == ("__Host-vestka", True)
    assert (plain["SESSION_COOKIE_NAME"], plain["SESSION_COOKIE_SECURE"]) == ("vestka", False)


@pytest.mark.parametrize("token", ["short", "a" * 64])
def test_w8_a_weak_token_for_the_metrics_stops_the_start(tmp_path: Path, token: str) -> None:
    with pytest.raises(MissingSetting, match="VESTKA_METRICS_TOKEN"):
        Settings.from_environment(environment(tmp_path, VESTKA_METRICS_TOKEN=token))


def test_without_a_token_there_are_no_metrics(tmp_path: Path) -> None:
    assert Settings.from_environment(environment(tmp_path)).metrics_token is None


@pytest.mark.parametrize(("name", "value"), [("VESTKA_MAIL_PORT", "smtp"), ("VESTKA_MAIL_TLS", "maybe")])
def test_an_unreadable_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(MissingSetting, match=name):
        Settings.from_environment(environment(tmp_path, **{name: value}))


@pytest.mark.parametrize(("server", "tls", "starts"), [
    ("mail.example.org", "none", False), ("mail.example.org", "starttls", True), ("127.0.0.1", "none", True),
])  # fmt: skip
def test_m7_a_password_never_goes_to_another_machine_in_the_clear(
    tmp_path: Path, server: str, tls: str, starts: bool
) -> None:
    mail = {"VESTKA_MAIL_SERVER": server, "VESTKA_MAIL_TLS": tls, "VESTKA_MAIL_PASSWORD": "invented"}

    if starts:
        assert Settings.from_environment(environment(tmp_path, **mail)).mail_tls == tls
    else:
        with pytest.raises(MissingSetting, match="VESTKA_MAIL_TLS"):
            Settings.from_environment(environment(tmp_path, **mail))


def test_w8_the_program_says_in_one_line_what_to_set_and_does_not_start(tmp_path: Path) -> None:
    bare = {"PATH": os.environ["PATH"], "VESTKA_INSTANCE_DIR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "current"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("VESTKA_SECRET_KEY is missing or weak: set it to 32")


@pytest.mark.parametrize(
    ("said", "mailbox"),
    [
        ({}, "bounces@vestka.example.org"),
        ({"VESTKA_MAIL_FROM": "Vestka <post@example.net>"}, "bounces@example.net"),
        ({"VESTKA_MAIL_FROM": "post@b\u00fccher.example"}, "bounces@xn--bcher-kva.example"),
        ({"VESTKA_MAIL_BOUNCES": "returns@example.net"}, "returns@example.net"),
        ({"VESTKA_MAIL_BOUNCES": "none"}, None),
    ],
)
def test_bounces_come_to_a_mailbox_beside_the_sender_or_to_one_that_is_named(
    tmp_path: Path, said: dict[str, str], mailbox: str | None
) -> None:
    assert Settings.from_environment(environment(tmp_path, **said)).mail_bounces == mailbox


@pytest.mark.parametrize("wrong", ["nobody", "@example.org", "a+b@example.org", "a" * 31 + "@example.org", "a@b c"])
def test_a_mailbox_that_bounces_could_not_come_to_stops_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(MissingSetting, match="VESTKA_MAIL_BOUNCES"):
        Settings.from_environment(environment(tmp_path, VESTKA_MAIL_BOUNCES=wrong))


def test_where_bounces_lie_is_a_whole_path_or_nowhere(tmp_path: Path) -> None:
    said = {"VESTKA_MAIL_BOUNCES_PATH": "/var/mail/bounces"}

    assert Settings.from_environment(environment(tmp_path, **said)).mail_bounces_path == Path("/var/mail/bounces")
    assert Settings.from_environment(environment(tmp_path)).mail_bounces_path is None


@pytest.mark.parametrize("more", [{"VESTKA_MAIL_BOUNCES_PATH": "bounces"}, {"VESTKA_MAIL_BOUNCES": "none"}])
def test_a_path_from_nowhere_or_for_no_mailbox_stops_the_start(tmp_path: Path, more: dict[str, str]) -> None:
    with pytest.raises(MissingSetting, match="VESTKA_MAIL_BOUNCES_PATH"):
        Settings.from_environment(environment(tmp_path, **{"VESTKA_MAIL_BOUNCES_PATH": "/var/mail/bounces"} | more))
