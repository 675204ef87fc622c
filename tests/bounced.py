"""What mail servers send back, as they write it."""


def report(
    *,
    to: str,
    action: str = "failed",
    status: str = "5.1.1",
    other_recipients: str = "",
    extra_headers: str = "",
    returned: str = "Message-ID: <whatever@example.org>\n",
) -> bytes:
    """A delivery status notification (RFC 3464) to the address, about one recipient and perhaps others."""
    return f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: {to}
{extra_headers}Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 1 Jun 2026 08:00:00 +0000

{other_recipients}Final-Recipient: rfc822; somebody@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such mailbox

--b
Content-Type: text/rfc822-headers

{returned}
--b--
""".encode()
