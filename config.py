"""Settings: every one from a `VESTKA_*` variable, with its unit in the name.

`Settings.from_environment` reads and checks them once, at start. A setting that would make the site unsafe outside the
demo stops the start with one line that says what to set.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
MINIMUM_SECRET_CHARACTERS = 32
MAIL_TLS_MODES = ("none", "starttls", "tls")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class MissingSetting(Exception):
    """A setting is absent, weak or unreadable; the sentence names the variable and what to set."""


def _whole_number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit():
        raise MissingSetting(f"{name} must be a whole number, not {text!r}")
    return int(text)


def _choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = environment.get(name, "").strip() or choices[0]
    if value not in choices:
        raise MissingSetting(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def _mail_tls(environment: Mapping[str, str]) -> str:
    """How mail is handed over; a password never travels to another machine in the clear."""
    tls = _choice(environment, "VESTKA_MAIL_TLS", MAIL_TLS_MODES)
    elsewhere = (environment.get("VESTKA_MAIL_SERVER") or LOOPBACK[0]) not in LOOPBACK
    if tls == "none" and elsewhere and environment.get("VESTKA_MAIL_PASSWORD"):
        raise MissingSetting(
            "VESTKA_MAIL_TLS is none, and the password would be sent in the clear: set it to starttls or tls"
        )
    return tls


def _secret(environment: Mapping[str, str], instance_dir: Path, *, demo: bool) -> str:
    secret = environment.get("VESTKA_SECRET_KEY", "")
    if demo and not secret:
        return _demo_secret(instance_dir)
    if len(secret) < MINIMUM_SECRET_CHARACTERS or len(set(secret)) < 12:
        raise MissingSetting(
            f"VESTKA_SECRET_KEY is missing or weak: set it to {MINIMUM_SECRET_CHARACTERS} or more random characters, "
            'for instance from: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return secret


def _metrics_token(environment: Mapping[str, str]) -> str | None:
    """What whoever reads the metrics has to show; without it there is no such page."""
    token = environment.get("VESTKA_METRICS_TOKEN", "")
    if token and (len(token) < MINIMUM_SECRET_CHARACTERS or len(set(token)) < 12):
        raise MissingSetting(
            f"VESTKA_METRICS_TOKEN is weak: set it to {MINIMUM_SECRET_CHARACTERS} or more random characters, or to none"
        )
    return token or None


def _demo_secret(instance_dir: Path) -> str:
    """The demo's own secret, made once and kept in its instance folder so that web and worker share it."""
    instance_dir.mkdir(parents=True, exist_ok=True)
    path = instance_dir / "demo-secret"
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


def _public_url(environment: Mapping[str, str], *, demo: bool) -> str:
    url = environment.get("VESTKA_PUBLIC_URL", "").rstrip("/")
    if not url and demo:
        return "http://127.0.0.1:8000"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise MissingSetting(
            "VESTKA_PUBLIC_URL is missing or no address: set it to the site's, such as https://example.org"
        )
    return url


@dataclass(frozen=True)
class Settings:
    """Everything the program is told from outside; made by `from_environment`, checked there."""

    secret_key: str
    database_url: str
    queue_file: Path
    instance_dir: Path
    public_url: str
    demo: bool = False
    mail_server: str = "127.0.0.1"
    mail_port: int = 25
    mail_username: str | None = None
    mail_password: str | None = None
    mail_tls: str = "none"
    mail_from: str = "vestka@example.org"
    mail_timeout_seconds: int = 10
    offer_hold_seconds: int = 60
    trusted_proxies: int = 0
    metrics_token: str | None = None
    testing: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; raise `MissingSetting` for one that is absent, weak or unreadable."""
        demo = environment.get("VESTKA_DEMO") == "1"
        instance_dir = Path(environment.get("VESTKA_INSTANCE_DIR") or ROOT / "instance").resolve()
        secret_key = _secret(environment, instance_dir, demo=demo)
        public_url = _public_url(environment, demo=demo)
        host = urlsplit(public_url).hostname or "localhost"
        return cls(
            secret_key=secret_key,
            database_url=environment.get("VESTKA_DATABASE_URL") or f"sqlite:///{instance_dir / 'vestka.db'}",
            queue_file=instance_dir / "queue.db",
            instance_dir=instance_dir,
            public_url=public_url,
            demo=demo,
            mail_server=environment.get("VESTKA_MAIL_SERVER") or LOOPBACK[0],
            mail_port=_whole_number(environment, "VESTKA_MAIL_PORT", 25),
            mail_username=environment.get("VESTKA_MAIL_USERNAME") or None,
            mail_password=environment.get("VESTKA_MAIL_PASSWORD") or None,
            mail_tls=_mail_tls(environment),
            mail_from=environment.get("VESTKA_MAIL_FROM") or f"vestka@{host if '.' in host else 'example.org'}",
            mail_timeout_seconds=_whole_number(environment, "VESTKA_MAIL_TIMEOUT_SECONDS", 10),
            offer_hold_seconds=_whole_number(environment, "VESTKA_OFFER_HOLD_SECONDS", 60),
            trusted_proxies=_whole_number(environment, "VESTKA_TRUSTED_PROXIES", 0),
            metrics_token=_metrics_token(environment),
        )

    @property
    def embedded(self) -> bool:
        """Whether database and queue are files of this machine."""
        return self.database_url.startswith("sqlite")

    @property
    def https(self) -> bool:
        """Whether the site is reached over TLS; cookies are Secure exactly then."""
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        """Host and port of `public_url`: the only host that requests are answered for."""
        return urlsplit(self.public_url).netloc

    def flask_config(self) -> dict[str, Any]:
        """The same settings under the names that Flask and its extensions read."""
        prefix = "__Host-" if self.https else ""
        return {
            "VESTKA": self,
            "SECRET_KEY": self.secret_key,
            "TESTING": self.testing,
            "TRUSTED_HOSTS": [self.public_host],
            "PREFERRED_URL_SCHEME": "https" if self.https else "http",
            "MAX_CONTENT_LENGTH": 256 * 1024,
            "MAX_FORM_MEMORY_SIZE": 128 * 1024,
            "MAX_FORM_PARTS": 500,
            "SESSION_COOKIE_NAME": f"{prefix}vestka",
            "SESSION_COOKIE_SECURE": self.https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_PATH": "/",
            "WTF_CSRF_TIME_LIMIT": None,
            "BOOTSTRAP_SERVE_LOCAL": True,
            "BABEL_DEFAULT_LOCALE": "en",
            "BABEL_TRANSLATION_DIRECTORIES": "translations",
        }
