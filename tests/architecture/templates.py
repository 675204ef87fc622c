"""Rules for templates: text stays text, nothing runs inline, and every form that changes something carries its token.

Jinja's blocks are taken out before the markup is read, so that a tag with a condition inside is still one tag.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
BLOCK = re.compile(r"\{%.*?%\}", re.DOTALL)
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)

UNSAFE = re.compile(r"\|\s*safe\b|\bMarkup\(|autoescape\s+false")
INLINE_ARGUMENT = re.compile(r"""[(,\s](on[a-z]+|style)\s*=(?!=)|["'](on[a-z]+|style)["']\s*:""")
TOKEN_MACRO = "hidden_fields"
"""The macro of components/forms.html that puts the token into a form of ours."""
TOKEN = re.compile(rf"csrf_token|hidden_tag|{TOKEN_MACRO}")


def template_offences(path: str, text: str) -> Iterator[str]:
    """Everything in one template that the rules forbid, with its line."""
    text = COMMENT.sub(_blank, text)
    yield from _offences_in_code(path, text)
    if path.endswith(".html"):
        reader = _Reader(path)
        reader.feed(EXPRESSION.sub(_one_word, BLOCK.sub(_blank, text)))
        reader.close()
        yield from reader.offences


def _offences_in_code(path: str, text: str) -> Iterator[str]:
    for code in CODE.finditer(text):
        line = text.count("\n", 0, code.start()) + 1
        if UNSAFE.search(code.group()):
            yield f"{path}:{line}: `{code.group()}` lets text through as markup"
        calls = code.group().startswith(("{{", "{% call", "{%- call"))
        if calls and INLINE_ARGUMENT.search(code.group()):
            yield f"{path}:{line}: `{code.group()}` hands on an inline handler or style"


def _blank(match: re.Match[str]) -> str:
    """Nothing but the line ends, so that the lines below keep their numbers."""
    return re.sub(r"[^\n]+", " ", match.group())


def _one_word(match: re.Match[str]) -> str:
    """The expression as one word without markup, which can stand in text, in an attribute, or for one."""
    return re.sub(r"[^\w\n]", "_", match.group())


class _Reader(HTMLParser):
    """Reads the markup of one template and notes what is forbidden."""

    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=False)
        self.path = path
        self.offences: list[str] = []
        self.form_without_token: int | None = None

    def _note(self, complaint: str, line: int | None = None) -> None:
        self.offences.append(f"{self.path}:{line or self.getpos()[0]}: {complaint}")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._check_attributes(attributes)
        values = dict(attributes)
        if tag == "style":
            self._note("an inline <style>")
        if tag == "script" and "src" not in values:
            self._note("an inline <script>")
        if tag == "form" and (values.get("method") or "").lower() == "post":
            self.form_without_token = self.getpos()[0]
        self._look_for_token(" ".join(f"{name} {value}" for name, value in attributes))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._close_form()

    def handle_data(self, data: str) -> None:
        self._look_for_token(data)

    def close(self) -> None:
        super().close()
        self._close_form()

    def _check_attributes(self, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name.startswith("on"):
                self._note(f"an inline handler `{name}`")
            if name == "style":
                self._note("an inline style")
            if (value or "").strip().lower().startswith("javascript:"):
                self._note(f"a script in `{name}`")

    def _look_for_token(self, text: str) -> None:
        if TOKEN.search(text):
            self.form_without_token = None

    def _close_form(self) -> None:
        if self.form_without_token is not None:
            self._note("a form that posts without csrf_token", self.form_without_token)
        self.form_without_token = None
