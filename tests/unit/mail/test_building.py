"""What goes over the wire: one recipient, honest headers, and no way to smuggle in another (F4, M7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from app.mail.building import Envelope, Unsendable, build
from app.mail.messages.rendering import Rendered
from tests.conftest import make_settings

WORDS = Rendered(subject="You have a message", text="Добры дзень, “hello”\n.\nlast\n", html="<p>Добры дзень</p>")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path) -> Iterator[None]:
    app = Flask("mail")
    app.config["VESTKA"] = make_settings(
        tmp_path, "sqlite://", public_url="https://site.example:8443", mail_from="post@site.example"
    )
    with app.app_context():
        yield


def _built(rendered: Rendered = WORDS, *, recipient: str = "anna@example.org") -> Envelope:
    return build(rendered, recipient=recipient, mail_id="abcdefghijklmnop", moment=NOON)


def _read(envelope: Envelope) -> EmailMessage:
    return _read_bytes(envelope.content)


def _read_bytes(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def test_the_headers_say_who_what_and_when_and_that_nobody_typed_it() -> None:
    message = _read(_built())

    assert dict(message.items()) == {
        "From": "Vestka <post@site.example>",
        "To": "anna@example.org",
        "Subject": "You have a message",
        "Date": "Sun, 22 Nov 2026 12:00:00 +0000",
        "Message-ID": "<abcdefghijklmnop@site.example>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }


def test_the_text_comes_first_and_both_parts_read_as_written() -> None:
    text, html = _read(_built()).iter_parts()

    assert (text.get_content_type(), text.get_content().replace("\r\n", "\n")) == ("text/plain", WORDS.text)
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", WORDS.html)


def test_the_wire_sees_ascii_and_short_lines() -> None:
    content = _built(Rendered("Ліст", "доўгі " * 500, "<p>" + "доўгі " * 500 + "</p>")).content

    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "text",
    [
        "no end of line",
        "a space at the end \nand a tab\t\n",
        "soft\r\nand hard\rends\n",
        "=3D is no sign\n",
        "=\n=\n",
    ]
    + [f"{'x' * length} https://site.example/{'y' * length}\n.\n" for length in range(50, 80)],
)
def test_a_part_is_what_the_standard_library_reads_in_its_own(text: str) -> None:
    usual = EmailMessage(policy=policy.SMTP)
    usual.set_content(text, cte="quoted-printable")

    part, html = _read(_built(Rendered("Hi", text, text))).iter_parts()

    assert part.get_content() == html.get_content() == _read_bytes(usual.as_bytes()).get_content()
    assert all(len(line) <= 76 for line in part.as_bytes().splitlines())


def test_the_line_between_the_parts_stands_in_no_part() -> None:
    line = _read(_built()).get_boundary()
    whole = _built(Rendered("Hi", f"--{line}\n\nsmuggled\n", f"--{line}--\n"))

    text, html = _read(whole).iter_parts()

    assert text.get_content() == f"--{line}\r\n\r\nsmuggled\r\n"
    assert html.get_content() == f"--{line}--\r\n"


def test_a_long_subject_in_any_script_is_folded_and_read_as_written() -> None:
    subject = "Ёсць навіна для вас, " * 12 + "канец"

    built = _built(Rendered(subject, "text", "html"))

    assert _read(built)["Subject"] == subject
    assert max(len(line) for line in built.content.split(b"\r\n\r\n")[0].split(b"\r\n")) <= 78


def test_each_mail_carries_its_own_recipient() -> None:
    """M7: what is remembered from one mail to the next is the sender and the subject."""
    built = [_built(recipient=address) for address in ("anna@example.org", "zoe@example.org", "anna@example.org")]

    assert [_read(one)["To"] for one in built] == [one.recipient for one in built]
    assert len({one.recipient for one in built}) == 2


def test_a_quoted_local_part_is_kept_as_it_must_be_written() -> None:
    built = _built(recipient='"anna maria"@example.org')

    assert built.recipient == '"anna maria"@example.org'
    assert _read(built)["To"].addresses[0].username == "anna maria"


def test_a_domain_in_any_script_is_written_as_dns_knows_it() -> None:
    assert _built(recipient="anna@пошта.example").recipient == "anna@xn--80a1acn3a.example"


@pytest.mark.parametrize("breaking", ["\r\n", "\n", "\r", "\v", "\f", "\x00", "\x1b", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("place", ["subject", "recipient", "end of subject"])
def test_a_line_break_in_a_header_is_refused(breaking: str, place: str) -> None:
    """F4: CR, LF, VT, U+2028 and their kin."""
    subject = {"subject": f"Hello{breaking}Bcc: eve@example.org", "end of subject": f"Hello{breaking}"}.get(place, "Hi")
    recipient = f"anna@example.org{breaking}Bcc: eve@example.org" if place == "recipient" else "anna@example.org"

    with pytest.raises(Unsendable):
        _built(Rendered(subject, "text", "html"), recipient=recipient)


@pytest.mark.parametrize(
    "recipient",
    ["", "anna", "anna@", "@example.org", "a@example.org, b@example.org", "Anna <a@example.org>", "анна@example.org"],
)
def test_what_is_not_one_address_is_refused(recipient: str) -> None:
    """M7: one recipient per message."""
    with pytest.raises(Unsendable):
        _built(recipient=recipient)


def test_a_refusal_says_nothing_personal() -> None:
    with pytest.raises(Unsendable) as refused:
        _built(recipient="canary canary@example.org")

    assert "canary" not in str(refused.value)


def test_m6_a_reminder_can_be_ended_by_one_click_and_other_mails_cannot() -> None:
    """RFC 8058: the address stands whole on its line, however long it is, and is neither folded nor encoded."""
    address = "https://site.example:8443/unsubscribe/" + "a-Z_0" * 60

    content = _built(replace(WORDS, unsubscribe=address)).content

    assert content.count(f"List-Unsubscribe: <{address}>\r\n".encode()) == 1
    assert _read(_built(replace(WORDS, unsubscribe=address)))["List-Unsubscribe"] == f"<{address}>"
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content
    assert b"List-Unsubscribe" not in _built().content


def test_f4_an_address_to_unsubscribe_at_holds_no_line_break() -> None:
    with pytest.raises(Unsendable):
        _built(replace(WORDS, unsubscribe="https://site.example/\r\nBcc: eve@example.org"))
