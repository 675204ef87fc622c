"""The page that shows the demo's mails. Everything in a mail is a stranger's: escaped, or shut in a sandbox."""

import json
import re
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol

LOOPBACK = "127.0.0.1"
STYLESHEET = Path(__file__).with_name("mailbox.css")

PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; form-action 'none'; frame-ancestors 'self'"
)
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
HEADERS_SHOWN = ("From", "To", "Date", "Message-ID", "List-Unsubscribe", "Auto-Submitted")


class ShownMail(Protocol):
    """What the page reads of a mail; `scripts.mailbox.Mail` is one."""

    @property
    def id(self) -> int: ...
    @property
    def to(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def headers(self) -> dict[str, str]: ...


Mails = Callable[[], Sequence[ShownMail]]
Answer = tuple[str, str, str]
"""Content type, content security policy, body."""


class MailboxPage:
    """A web server on loopback that shows what `mails` gives."""

    def __init__(self, mails: Mails, *, port: int) -> None:
        handler = type("Handler", (_Handler,), {"mails": staticmethod(mails)})
        self._server = ThreadingHTTPServer((LOOPBACK, port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """The address of the list."""
        return f"http://{LOOPBACK}:{self._server.server_port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more, and give the port back."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    mails: Mails
    server: ThreadingHTTPServer

    def do_GET(self) -> None:
        if self.headers.get("Host") not in self._own_names():
            self._send(
                HTTPStatus.BAD_REQUEST, ("text/plain", PAGE_POLICY, "This mailbox answers to its own name only.")
            )
            return
        answer = answer_to(self.path, self.mails())
        if answer is None:
            self._send(
                HTTPStatus.NOT_FOUND, ("text/html", PAGE_POLICY, _page("No such mail", "<p>It is not here.</p>"))
            )
            return
        self._send(HTTPStatus.OK, answer)

    def _own_names(self) -> set[str]:
        """A page elsewhere whose name was pointed at this machine must not read the mails."""
        return {f"{name}:{self.server.server_port}" for name in (LOOPBACK, "localhost")}

    def _send(self, status: HTTPStatus, answer: Answer) -> None:
        kind, security, text = answer
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", security)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: a mail's address is nobody's business but the reader's."""


def answer_to(path: str, mails: Sequence[ShownMail]) -> Answer | None:
    """What the page answers to this path, or None where there is no such thing."""
    if path == "/":
        return "text/html", PAGE_POLICY, _list_page(mails)
    if path == "/mails.json":
        return "application/json", PAGE_POLICY, json.dumps([_as_json(mail) for mail in mails], ensure_ascii=False)
    if path == "/mailbox.css":
        return "text/css", PAGE_POLICY, STYLESHEET.read_text(encoding="utf-8")
    return _answer_about_one(path, {str(mail.id): mail for mail in mails})


def _answer_about_one(path: str, mails: dict[str, ShownMail]) -> Answer | None:
    asked = re.fullmatch(r"/mail/(\d+)(/html)?", path)
    mail = mails.get(asked[1]) if asked else None
    if asked is None or mail is None:
        return None
    if asked[2]:
        return "text/html", MAIL_POLICY, _opening_links_outside(mail.html)
    return "text/html", PAGE_POLICY, _mail_page(mail)


def _as_json(mail: ShownMail) -> dict[str, object]:
    names = ("id", "to", "subject", "text", "html", "headers")
    return {name: getattr(mail, name) for name in names} | {"received_at": mail.received_at.isoformat()}


def _opening_links_outside(html: str) -> str:
    """Links of a mail open in a tab of their own, since the frame they stand in can show nothing else."""
    base = '<base target="_blank">'
    with_base, found = re.subn(r"(?i)<head[^>]*>", lambda head: head.group() + base, html, count=1)
    return with_base if found else base + html


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        '<link rel="stylesheet" href="/mailbox.css"></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def _list_page(mails: Sequence[ShownMail]) -> str:
    note = "<p>What the demo mailed. Nothing here left this machine. Reload the page to see newer mail.</p>"
    if not mails:
        return _page("Mailbox", note + '<p class="empty">No mail yet.</p>')
    head = '<tr><th scope="col">To</th><th scope="col">Subject</th><th scope="col">When</th></tr>'
    rows = "".join(_row(mail) for mail in mails)
    return _page("Mailbox", f"{note}<table><thead>{head}</thead><tbody>{rows}</tbody></table>")


def _row(mail: ShownMail) -> str:
    subject = escape(mail.subject) or "(no subject)"
    return f'<tr><td>{escape(mail.to)}</td><td><a href="/mail/{mail.id}">{subject}</a></td><td>{_when(mail)}</td></tr>'


def _when(mail: ShownMail) -> str:
    return f'<time datetime="{mail.received_at.isoformat()}">{mail.received_at:%d %b %Y, %H:%M:%S} UTC</time>'


def _mail_page(mail: ShownMail) -> str:
    shown = [(name, mail.headers[name]) for name in HEADERS_SHOWN if name in mail.headers]
    headers = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in [*shown, ("Envelope to", mail.to)])
    frame = (
        f'<h2>HTML part</h2><iframe src="/mail/{mail.id}/html" title="The mail as its reader sees it" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        if mail.html
        else "<p>This mail has no HTML part.</p>"
    )
    return _page(
        mail.subject or "(no subject)",
        f'<p><a href="/">All mail</a></p><dl>{headers}</dl>'
        f'<h2>Text part</h2><pre class="letter">{_with_links(mail.text)}</pre>{frame}',
    )


def _with_links(text: str) -> str:
    """The text escaped, its addresses as links."""
    pieces, end = [], 0
    for link in LINK.finditer(text):
        address = escape(link.group())
        pieces += [escape(text[end : link.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>']
        end = link.end()
    return "".join([*pieces, escape(text[end:])])
