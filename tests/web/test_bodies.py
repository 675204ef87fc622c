"""W8: bodies that are huge, lie about their length, drip or break off are refused, with every header (W6)."""

from collections.abc import Iterator
from io import BytesIO, RawIOBase

import pytest
from flask.testing import FlaskClient

HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Cache-Control",
}
FORM = "application/x-www-form-urlencoded"


class Dripping(RawIOBase):
    """A body of single bytes that stops coming, as a server's own patience ends it."""

    def __init__(self, drops: int) -> None:
        self.left = drops

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self.left:
            raise TimeoutError("the client sent nothing for too long")
        self.left -= 1
        buffer[:1] = b"a"
        return 1


def multipart(parts: int) -> bytes:
    one = b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n'
    return b"".join(one % number for number in range(parts)) + b"--b--\r\n"


def bodies() -> Iterator[tuple[str, dict[str, object]]]:
    yield "huge", {"data": b"email=" + b"a" * 300_000, "content_type": FORM}
    yield "claims-huge", {"input_stream": BytesIO(b"a=1"), "content_length": 10**12, "content_type": FORM}
    yield "breaks-off", {"input_stream": BytesIO(b"a=1"), "content_length": 1_000, "content_type": FORM}
    dripping = {"wsgi.input": Dripping(40), "CONTENT_LENGTH": "100000"}
    yield "drips", {"environ_overrides": dripping, "content_type": FORM}
    yield "many-fields", {"data": "&".join(f"f{n}=1" for n in range(10_000)), "content_type": FORM}
    yield "many-parts", {"data": multipart(10_000)[:250_000], "content_type": "multipart/form-data; boundary=b"}
    long = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + b"y" * 200_000 + b"\r\n--b--\r\n"
    yield "long-field", {"data": long, "content_type": "multipart/form-data; boundary=b"}
    yield "no-end", {"data": multipart(3)[:-6], "content_type": "multipart/form-data; boundary=other"}
    yield "not-a-length", {"data": b"a=1", "headers": {"Content-Length": "-5"}, "content_type": FORM}


@pytest.mark.parametrize("name", dict(bodies()))
@pytest.mark.parametrize("path", ["/login", "/signup", "/reset"])
def test_w8_a_body_that_no_form_sends_is_refused(client: FlaskClient, path: str, name: str) -> None:
    answer = client.post(path, **dict(bodies())[name])  # type: ignore[arg-type]

    assert answer.status_code in (400, 413), name
    assert set(answer.headers.keys()) >= HEADERS
    assert b"Traceback" not in answer.data
