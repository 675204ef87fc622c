"""Forms: every field says what it wants and what is wrong with it, to eyes and ears alike."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.web.parts import EveryKind, application, render

ALL_FIELDS = "{% for field in form if field.name != 'languages' %}{{ forms.field(field) }}{% endfor %}"


@pytest.fixture(autouse=True)
def app() -> Iterator[Flask]:
    with application() as running:
        yield running


@pytest.fixture
def wrong_form() -> EveryKind:
    form = EveryKind(formdata=None)
    form.validate()
    return form


def test_a_field_is_tied_to_its_hint_and_its_error(wrong_form: EveryKind) -> None:
    page = render("{{ forms.field(form.name) }}", form=wrong_form)

    control = page.find("input")
    described = [page.find(id=name).get_text(strip=True) for name in control["aria-describedby"].split()]
    assert page.find("label", attrs={"for": control["id"]}).get_text() == "Your name"
    assert described == ["A pen name is enough.", "To mend:Say what we may call you."]
    assert control["aria-invalid"] == "true"


def test_a_field_without_hint_and_error_describes_nothing() -> None:
    page = render("{{ forms.field(form.address) }}", form=EveryKind(formdata=None))

    assert "aria-describedby" not in page.find("input").attrs
    assert "aria-invalid" not in page.find("input").attrs


def test_attributes_reach_the_control() -> None:
    page = render('{{ forms.field(form.address, autocomplete="email") }}', form=EveryKind(formdata=None))

    assert page.find("input")["autocomplete"] == "email"


def test_only_optional_fields_are_marked() -> None:
    page = render(ALL_FIELDS, form=EveryKind(formdata=None))

    marks = [mark.find_previous(["label", "legend"]).get_text(strip=True) for mark in page.select(".optional")]
    assert marks == ["Anything else?"]


def test_choices_stand_in_a_fieldset_and_each_may_have_a_hint() -> None:
    page = render('{{ forms.field(form.role, option_hints={"a": "Also musicians."}) }}', form=EveryKind(formdata=None))

    assert page.find("fieldset").find("legend").get_text(strip=True) == "Who are you?"
    volunteer, artist = page.find_all("input", type="radio")
    assert "aria-describedby" not in volunteer.attrs
    assert page.find(id=artist["aria-describedby"]).get_text() == "Also musicians."


def test_the_summary_names_every_wrong_field_and_links_to_something_that_takes_focus(wrong_form: EveryKind) -> None:
    page = render("{{ forms.error_summary(form) }}" + ALL_FIELDS + "{{ form.languages[0].code() }}", form=wrong_form)

    links = page.select("[data-error-summary] a")
    targets = [page.find(id=link["href"][1:]) for link in links]
    assert [link.get_text().split(":")[0] for link in links] == [
        "Your name",
        "Mail address",
        "Country",
        "Who are you?",
        "Languages",
        "I am not in Belarus",
        "Language code",
    ]
    assert [target.name for target in targets] == ["input", "input", "select", "input", "input", "input", "input"]


def test_the_summary_takes_focus_and_says_what_belongs_to_no_field() -> None:
    page = render('{{ forms.error_summary(form, extra=["Try again."]) }}', form=EveryKind(formdata=None))

    summary = page.find(attrs={"data-error-summary": True})
    assert summary["tabindex"] == "-1"
    assert summary["role"] == "alert"
    assert page.find("li").get_text() == "Try again."


def test_a_form_without_errors_has_no_summary() -> None:
    assert not render("{{ forms.error_summary(form) }}", form=EveryKind(formdata=None)).find()


def test_markup_in_an_answer_stays_text_w2() -> None:
    page = render(ALL_FIELDS, form=EveryKind(formdata=None, data={"name": '"><b>me</b>', "story": "<b>me</b>"}))

    assert page.find("b") is None
    assert page.find("input")["value"] == '"><b>me</b>'


@pytest.mark.parametrize(
    "source",
    [
        '{% call forms.post("/go") %}{% endcall %}',
        '{{ forms.post_button("/go", "Go") }}',
        '{% call confirm.confirm("/go", "Do it", "/back") %}{% endcall %}',
        '{% call proposal.proposals("/go") %}{% endcall %}',
    ],
)
def test_every_form_that_posts_carries_one_token_w1(source: str) -> None:
    page = render(source)

    [form] = page.find_all("form")
    [token] = form.find_all("input", attrs={"name": "csrf_token"})
    assert form["method"] == "post"
    assert len(token["value"]) > 20
