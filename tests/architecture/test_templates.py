"""Text stays text, nothing runs inline, and every form that changes something carries its token."""

import re

import pytest

from tests.architecture.source import ROOT
from tests.architecture.templates import TOKEN_MACRO, template_offences

TEMPLATES = ROOT / "app" / "templates"


def test_every_template_keeps_the_rules() -> None:
    offences: list[str] = []
    for path in sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"}):
        offences += template_offences(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))

    assert not offences, "\n".join(offences)


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("<p>{{ name|safe }}</p>", "as markup"),
        ("<p>{{ name | safe }}</p>", "as markup"),
        ("{% autoescape false %}{{ name }}{% endautoescape %}", "as markup"),
        ("<script>go()</script>", "inline <script>"),
        ('<script type="module">go()</script>', "inline <script>"),
        ("<style>p { color: red }</style>", "inline <style>"),
        ('<p style="color: red">a</p>', "inline style"),
        ('<p {% if bold %}style="color: red"{% endif %}>a</p>', "inline style"),
        ('<button onclick="go()">a</button>', "`onclick`"),
        ("<body\n  class='a'\n  OnLoad='go()'>", "`onload`"),
        ("<img src=x onerror=go()>", "`onerror`"),
        ('<input value="{{ url_for("a", b="c") }}" onfocus="go()">', "`onfocus`"),
        ("<a href=\"javascript:go()\">a</a>", "script in `href`"),
        ('{{ field(class="a", onchange="this.form.submit()") }}', "inline handler"),
        ('{{ field(style="width: 3em") }}', "inline handler or style"),
        ('{{ field(**{"onclick": "go()"}) }}', "inline handler"),
        ('{% call card(onclick="go()") %}a{% endcall %}', "inline handler"),
        ('<form method="post"><button>a</button></form>', "without csrf_token"),
        ("<form method=POST>{{ form.name() }}</form>", "without csrf_token"),
        ('<form method="post">{# {{ csrf_token() }} #}</form>', "without csrf_token"),
        ('<form method="post">a</form><p>{{ csrf_token() }}</p>', "without csrf_token"),
    ],
)  # fmt: skip
def test_an_offending_template_is_named(template: str, complaint: str) -> None:
    [offence] = template_offences("app/templates/a.html", f"<p>one</p>\n{template}\n")

    assert offence.startswith("app/templates/a.html:2: ") or "`onload`" in offence
    assert complaint in offence


@pytest.mark.parametrize(
    "template",
    [
        '<script src="{{ url_for("static", filename="a.js") }}" type="module"></script>',
        '<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form>',
        '<form method="post" novalidate>\n{{ form.hidden_tag() }}\n{{ form.name() }}</form>',
        '<form method="get" action="/people"><input name="q"></form>',
        "{% set once = 1 %}{% if one == 1 %}<p>{{ one }}</p>{% endif %}",
        "<p>Read it at once = today. Keep it safe.</p>",
        '<p class="{% if a > b %}more{% else %}less{% endif %}">a</p>',
        "{{ button(_('One moment'), shown=once == 2) }}",
    ],
)  # fmt: skip
def test_a_template_that_keeps_the_rules_passes(template: str) -> None:
    assert list(template_offences("app/templates/a.html", template)) == []


def test_the_macro_that_forms_rely_on_carries_the_token_with_a_form_and_without() -> None:
    text = (TEMPLATES / "components" / "forms.html").read_text(encoding="utf-8")

    [macro] = re.findall(rf"{{%-? macro {TOKEN_MACRO}\(.*?endmacro", text, re.DOTALL)

    branches = re.split(r"{%-? else", macro)
    assert "hidden_tag()" in branches[0]
    assert "csrf_token()" in branches[1]


def test_a_text_mail_may_speak_of_tags_but_not_let_markup_through() -> None:
    assert list(template_offences("app/templates/mail/offer/body.txt", "<form method=post>\n{{ name }}")) == []
    assert len(list(template_offences("app/templates/mail/offer/body.txt", "{{ name|safe }}"))) == 1
