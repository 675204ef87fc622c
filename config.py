"""Settings: every one from a `VESTKA_*` variable, with its unit in the name.

`Settings.from_environment` reads and checks them once, at start. A setting that would make the site unsafe outside the
demo stops the start with one line that says what to set.
"""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
MINIMUM_SECRET_CHARACTERS = 32
SEAL_KEY_BYTES = 32
SEAL_KEY_ID = re.compile(r"[a-z0-9-]{1,16}")
MAIL_TLS_MODES = ("none", "starttls", "tls")
MOST_BEFORE_PLUS = 30
_BOUNCES = re.compile(rf"[A-Za-z0-9_.-]{{1,{MOST_BEFORE_PLUS}}}@[A-Za-z0-9.-]+")
_CONTACT = re.compile(r"mailto:[^\s@/]+@[^\s@/]+|https://[^\s]+")
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


def _mail_bounces(environment: Mapping[str, str], mail_from: str) -> str | None:
    """The mailbox that bounces come to; None where nobody reads them."""
    domain = parseaddr(mail_from)[1].rpartition("@")[2]
    mailbox = environment.get("VESTKA_MAIL_BOUNCES", "").strip() or f"bounces@{domain.encode('idna').decode('ascii')}"
    if mailbox == "none":
        return None
    if not _BOUNCES.fullmatch(mailbox):
        raise MissingSetting(
            f"VESTKA_MAIL_BOUNCES must be an address such as bounces@example.org, with at most {MOST_BEFORE_PLUS} "
            f"characters before the @, or none; not {mailbox!r}"
        )
    return mailbox


def _mail_bounces_path(environment: Mapping[str, str], mailbox: str | None) -> Path | None:
    """The file or folder where what comes to `mailbox` lies on this machine; None where the worker reads none."""
    text = environment.get("VESTKA_MAIL_BOUNCES_PATH", "").strip()
    if not text:
        return None
    if not Path(text).is_absolute() or mailbox is None:
        raise MissingSetting(
            "VESTKA_MAIL_BOUNCES_PATH must be the whole path of an mbox file or a Maildir, beginning with /; and with "
            "VESTKA_MAIL_BOUNCES=none nothing comes there: leave one of the two out"
        )
    return Path(text)


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


def _security_contact(environment: Mapping[str, str]) -> str | None:
    """Whom to tell of a hole in the site, as an address of the web; without it there is no security.txt."""
    contact = environment.get("VESTKA_SECURITY_CONTACT", "").strip()
    if not contact:
        return None
    address = contact if ":" in contact else f"mailto:{contact}"
    if not _CONTACT.fullmatch(address):
        raise MissingSetting(
            "VESTKA_SECURITY_CONTACT must be an address such as security@example.org, or of a page that begins with "
            f"https://, not {contact!r}"
        )
    return address


def _demo_secret(instance_dir: Path) -> str:
    """The demo's own secret, made once and kept in its instance folder so that web and worker share it."""
    return _kept(instance_dir / "demo-secret", secrets.token_urlsafe(48))


def _kept(path: Path, fresh: str) -> str:
    """What the file holds; `fresh`, written for its owner's eyes alone, where there is none yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    mine.touch(mode=0o600)
    mine.write_text(fresh, encoding="ascii")
    try:
        path.hardlink_to(mine)  # appears whole, and only once, however many programs begin together
    except FileExistsError:
        pass
    finally:
        mine.unlink()
    return path.read_text(encoding="ascii")


def _seal_keys(environment: Mapping[str, str], instance_dir: Path, *, demo: bool) -> tuple[tuple[str, bytes], ...]:
    """The keys of sealed columns, as (id, 32 bytes); the first is current."""
    text = environment.get("VESTKA_SEAL_KEYS", "").strip()
    if not text and demo:
        text = f"demo:{_kept(instance_dir / 'demo-seal-key', _fresh_seal_key())}"
    keys = tuple(_seal_key(part) for part in text.split(",") if part.strip())
    if not keys or len({key_id for key_id, _ in keys}) < len(keys):
        raise MissingSetting(
            "VESTKA_SEAL_KEYS is missing or names a key twice: set it to id:base64 (then ,id:base64 for older keys), "
            'with 32 random bytes each, for instance from: python3 -c "import base64, secrets; '
            "print('k1:' + base64.b64encode(secrets.token_bytes(32)).decode())\""
        )
    return keys


def _seal_key(part: str) -> tuple[str, bytes]:
    key_id, _, encoded = part.strip().partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not SEAL_KEY_ID.fullmatch(key_id) or len(key) != SEAL_KEY_BYTES or len(set(key)) < 12:
        raise MissingSetting(
            f"VESTKA_SEAL_KEYS must hold id:base64 pairs of {SEAL_KEY_BYTES} random bytes each, with ids of lower-case "
            "letters, digits and hyphens; one of them is not"
        )
    return key_id, key


def _reading_times(environment: Mapping[str, str]) -> int:
    """How many times the usual reading budget members of staff have (app/reading.py)."""
    times = _whole_number(environment, "VESTKA_READING_TIMES", 1)
    if times < 1:
        raise MissingSetting("VESTKA_READING_TIMES must be 1 or more: with 0 nobody on the staff could work")
    return times


def _fresh_seal_key() -> str:
    return base64.b64encode(secrets.token_bytes(SEAL_KEY_BYTES)).decode("ascii")


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

    secret_key: str = field(repr=False)
    database_url: str
    queue_file: Path
    instance_dir: Path
    public_url: str
    demo: bool = False
    mail_server: str = "127.0.0.1"
    mail_port: int = 25
    mail_username: str | None = None
    mail_password: str | None = field(default=None, repr=False)
    mail_tls: str = "none"
    mail_from: str = "vestka@example.org"
    mail_bounces: str | None = "bounces@example.org"
    mail_bounces_path: Path | None = None
    mail_timeout_seconds: int = 10
    offer_hold_seconds: int = 60
    trusted_proxies: int = 0
    reading_times: int = 1
    seal_keys: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    metrics_token: str | None = field(default=None, repr=False)
    security_contact: str | None = None
    new_secret: bool = False
    testing: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; raise `MissingSetting` for one that is absent, weak or unreadable."""
        demo = environment.get("VESTKA_DEMO") == "1"
        instance_dir = Path(environment.get("VESTKA_INSTANCE_DIR") or ROOT / "instance").resolve()
        secret_key = _secret(environment, instance_dir, demo=demo)
        public_url = _public_url(environment, demo=demo)
        host = urlsplit(public_url).hostname or "localhost"
        mail_from = environment.get("VESTKA_MAIL_FROM") or f"vestka@{host if '.' in host else 'example.org'}"
        mail_bounces = _mail_bounces(environment, mail_from)
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
            mail_from=mail_from,
            mail_bounces=mail_bounces,
            mail_bounces_path=_mail_bounces_path(environment, mail_bounces),
            mail_timeout_seconds=_whole_number(environment, "VESTKA_MAIL_TIMEOUT_SECONDS", 10),
            offer_hold_seconds=_whole_number(environment, "VESTKA_OFFER_HOLD_SECONDS", 60),
            trusted_proxies=_whole_number(environment, "VESTKA_TRUSTED_PROXIES", 0),
            reading_times=_reading_times(environment),
            seal_keys=_seal_keys(environment, instance_dir, demo=demo),
            metrics_token=_metrics_token(environment),
            security_contact=_security_contact(environment),
            new_secret=environment.get("VESTKA_NEW_SECRET") == "1",
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
