"""The demo's mailbox: keeps what it is sent, decodes it, and shows strangers' text without letting it act."""

import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPResponse
from threading import Thread
from urllib.parse import urlsplit

import pytest
from aiosmtpd.smtp import Envelope

from scripts.mailbox import KEPT_MAILS, Mailbox, Pile

HOSTILE = "<script>steal()</script>\"'&"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


def send(mailbox: Mailbox, *, to: str = "vera@example.org", subject: str = "A letter", html: str | None = None) -> None:
    message = EmailMessage()
    message["From"] = "Vestka <vestka@example.org>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = "<row-1@example.org>"
    message.set_content(f"Dear friend, ўіёґ {HOSTILE}\nhttps://example.org/offer?a=1&b=2.\n")
    if html is not None:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port, timeout=5) as client:
        client.send_message(message, to_addrs=[to])


def fetch(mailbox: Mailbox, path: str, *, host: str | None = None) -> tuple[HTTPResponse, str]:
    place = urlsplit(mailbox.page_url)
    connection = HTTPConnection(str(place.hostname), place.port, timeout=5)
    connection.request("GET", path, headers={"Host": host or place.netloc})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


def test_a_mail_is_kept_with_its_parts_and_headers_decoded(mailbox: Mailbox) -> None:
    send(mailbox, subject="Ліст да вас: новы чалавек, якому можна пісаць праз нашу пляцоўку", html="<p>ўіёґ</p>")

    [mail] = mailbox.wait_for(to="vera@example.org")

    assert mail.to == "vera@example.org"
    assert mail.subject == "Ліст да вас: новы чалавек, якому можна пісаць праз нашу пляцоўку"
    assert "ўіёґ" in mail.text
    assert mail.html.strip() == "<p>ўіёґ</p>"
    assert mail.headers["Message-ID"] == "<row-1@example.org>"


def test_waiting_ends_when_the_awaited_number_has_come(mailbox: Mailbox) -> None:
    sender = Thread(target=lambda: [send(mailbox, subject=name) for name in ("one", "two")])
    sender.start()

    mails = mailbox.wait_for(to="vera@example.org", count=2)

    sender.join()
    assert [mail.subject for mail in mails] == ["two", "one"]


def test_waiting_in_vain_says_what_came_instead(mailbox: Mailbox) -> None:
    send(mailbox, to="another@example.org", subject="Not for Vera")

    with pytest.raises(TimeoutError, match=r"no 1 mails to vera@example.org.*another@example.org: Not for Vera"):
        mailbox.wait_for(to="vera@example.org", timeout=0.01)


def test_the_oldest_mails_make_room_for_new_ones() -> None:
    pile = Pile()
    envelope = Envelope()
    envelope.content = b"Subject: A letter\n\nDear friend\n"

    for _ in range(KEPT_MAILS + 1):
        pile.add(envelope)

    numbers = [mail.id for mail in pile.mails()]
    assert (len(numbers), numbers[0], numbers[-1]) == (KEPT_MAILS, KEPT_MAILS + 1, 2)


def test_the_list_shows_the_newest_first_and_escapes_everything(mailbox: Mailbox) -> None:
    send(mailbox, subject="First")
    send(mailbox, subject=HOSTILE)

    response, page = fetch(mailbox, "/")

    assert response.status == 200
    assert page.index("&lt;script&gt;") < page.index("First")
    assert "<script" not in page


def test_one_mail_shows_its_text_with_links_and_its_html_in_a_sandbox(mailbox: Mailbox) -> None:
    send(mailbox, html=f"<html><head></head><body>{HOSTILE}</body></html>")

    _, page = fetch(mailbox, "/mail/1")

    assert "<script" not in page
    assert '<a href="https://example.org/offer?a=1&amp;b=2" rel="noreferrer">' in page
    assert 'src="/mail/1/html"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page


def test_the_html_part_may_run_and_fetch_nothing(mailbox: Mailbox) -> None:
    send(mailbox, html="<html><head></head><body><p>A letter</p></body></html>")

    response, html = fetch(mailbox, "/mail/1/html")

    policy = response.getheader("Content-Security-Policy") or ""
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "script" not in policy
    assert '<head><base target="_blank">' in html


@pytest.mark.parametrize("path", ["/", "/mails.json", "/mailbox.css", "/mail/9"])
def test_every_answer_carries_a_strict_policy(mailbox: Mailbox, path: str) -> None:
    response, _ = fetch(mailbox, path)

    assert (response.getheader("Content-Security-Policy") or "").startswith("default-src 'none'")
    assert response.getheader("X-Content-Type-Options") == "nosniff"
    assert response.getheader("Referrer-Policy") == "no-referrer"


@pytest.mark.parametrize("path", ["/mail/9", "/mail/9/html", "/mail/x", "/../mailbox.py", "/scripts/mailbox.py"])
def test_what_is_not_there_is_not_found(mailbox: Mailbox, path: str) -> None:
    response, _ = fetch(mailbox, path)

    assert response.status == 404


def test_the_mails_are_to_be_had_as_json(mailbox: Mailbox) -> None:
    send(mailbox, subject="A letter", html="<p>a</p>")

    _, body = fetch(mailbox, "/mails.json")

    [mail] = json.loads(body)
    assert set(mail) == {"id", "to", "subject", "text", "html", "headers", "received_at"}
    assert (mail["id"], mail["to"], mail["subject"]) == (1, "vera@example.org", "A letter")


def test_a_page_elsewhere_cannot_read_the_mails_under_its_own_name(mailbox: Mailbox) -> None:
    send(mailbox, subject="A letter")

    response, body = fetch(mailbox, "/mails.json", host="evil.example")

    assert response.status == 400
    assert "A letter" not in body


def test_both_ports_are_given_back() -> None:
    with Mailbox() as first:
        smtp_port, page_port = first.smtp_port, urlsplit(first.page_url).port

    with Mailbox(smtp_port=smtp_port, page_port=page_port or 0) as second:
        assert (second.smtp_port, urlsplit(second.page_url).port) == (smtp_port, page_port)
