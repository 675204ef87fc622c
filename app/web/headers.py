"""Headers of every answer, whatever its status (docs/threats.md, W6).

The policy needs no nonce, since no page carries inline script or style; Bootstrap's own style sheet draws its small
icons from `data:` images.
"""

from flask import Flask, Response, request

from app.settings import current_settings
from app.web.access import FILE_ENDPOINTS

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def _set_headers(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"  # for browsers that do not know `frame-ancestors`
    # Flask-WTF refuses a form over https without a Referer, so `no-referrer` would break every form.
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    # Another site must not find out, by whether one of our pictures loads, who is logged in here.
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if current_settings().https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint not in FILE_ENDPOINTS:
        # A form half filled in, or a page behind a link from a mail, must not lie in the cache of a shared computer.
        headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    """Set the headers after every request."""
    app.after_request(_set_headers)
