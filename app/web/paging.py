"""Which page of a long list was asked for."""

from flask import request


def page_number() -> int:
    """The page from the address, from 1; anything else than a number counts as 1."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
