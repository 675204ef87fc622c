"""The small scripts, in Chromium, on parts of the look that need neither server nor database."""

from collections.abc import Callable, Iterator
from mimetypes import guess_type

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.architecture.source import ROOT
from tests.web.parts import EveryKind, application, render

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Show = Callable[[str], Page]
SITE = "https://vestka.test"
EXIT = "https://www.wikipedia.org/"
ROW = '{{ proposal.proposal("%s", 0, "P", "S", [], "/approve/%s", "/decline/%s") }}'
DESK = (
    '{{ proposal.proposals_script() }}{% call proposal.proposals("/bulk") %}'
    + "".join(ROW % (name, name, name) for name in ("one", "two", "three"))
    + '{% endcall %}<input id="elsewhere">'
)
WAY_OUT = '<script type="module" src="/static/js/exit.js"></script>{{ nav.quick_exit() }}'
LOOKING = (
    '<script type="module" src="/static/js/progress.js"></script>'
    '<main><p%s>It waits for the worker.</p><a href="/again">Look again</a></main>'
)
WAITING, DONE = LOOKING % " data-goes-on", LOOKING % ""
WRONG_FORM = (
    '<script type="module" src="/static/js/errors.js"></script>'
    "{{ forms.error_summary(form) }}{{ forms.field(form.name) }}{{ forms.field(form.role) }}"
)


@pytest.fixture(scope="module")
def markups() -> dict[str, str]:
    """The parts as markup."""
    with application():
        form = EveryKind(formdata=None)
        form.validate()
        return {source: str(render(source, form=form)) for source in (DESK, WAY_OUT, WAITING, DONE, WRONG_FORM)}


@pytest.fixture
def show(browser: Browser, markups: dict[str, str]) -> Iterator[Show]:
    """Opens a part; every other address answers too, so that one sees where a click led."""
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()

    def opened(part: str) -> Page:
        page.route("**/*", lambda route: _answer(route, markups[part]))
        page.goto(f"{SITE}/part")
        return page

    yield opened
    context.close()


def _answer(route: Route, markup: str) -> None:
    address = route.request.url
    if address == f"{SITE}/part":
        route.fulfill(body=f"<!doctype html><meta charset=utf-8>{markup}", content_type="text/html")
    elif address.startswith(f"{SITE}/static/"):
        file = ROOT / "app" / address.removeprefix(f"{SITE}/")
        route.fulfill(path=file, content_type=guess_type(file)[0])
    else:
        route.fulfill(body="<!doctype html>elsewhere", content_type="text/html")


def _row(page: Page) -> str | None:
    """The choice of the row in focus."""
    found: str | None = page.evaluate("document.activeElement.querySelector?.('[data-choice]')?.value ?? null")
    return found if page.evaluate("document.activeElement.matches('[data-row]')") else None


def test_j_and_k_walk_the_rows_and_stop_at_the_ends(show: Show) -> None:
    page = show(DESK)

    walked = []
    for key in "jjjjkkk":
        page.keyboard.press(key)
        walked.append(_row(page))

    assert walked == ["one", "two", "three", "three", "two", "one", "one"]


def test_a_approves_the_row_in_focus(show: Show) -> None:
    page = show(DESK)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("a")

    page.wait_for_url(f"{SITE}/approve/two")


def test_d_opens_where_a_reason_is_asked_for(show: Show) -> None:
    page = show(DESK)

    page.keyboard.press("j")
    page.keyboard.press("d")

    page.wait_for_url(f"{SITE}/decline/one")


def test_a_stray_key_decides_nothing(show: Show) -> None:
    page = show(DESK)

    page.keyboard.press("a")
    page.keyboard.press("d")
    page.locator("#elsewhere").focus()
    page.keyboard.press("j")
    page.keyboard.press("a")

    assert page.url == f"{SITE}/part"
    assert page.locator("#elsewhere").input_value() == "ja"


def test_choosing_counts_and_all_can_be_chosen_at_once(show: Show) -> None:
    page = show(DESK)
    chosen = page.locator("[data-chosen]")

    page.keyboard.press("j")
    page.keyboard.press("x")
    one = chosen.inner_text()
    page.locator("[data-choose-all] input").click()
    every = chosen.inner_text()

    assert (one, every) == ("Chosen: 1", "Chosen: 3")


def test_the_way_out_replaces_the_page_in_the_history(show: Show) -> None:
    page = show(WAY_OUT)
    before = page.evaluate("history.length")

    page.locator("[data-exit]").click()

    page.wait_for_url(EXIT)
    assert page.evaluate("history.length") == before


def test_three_presses_of_shift_lead_out_but_capital_letters_do_not(show: Show) -> None:
    page = show(WAY_OUT)

    for _press in range(4):
        page.keyboard.press("Shift+A")
    typed_at = page.url
    for _press in range(3):
        page.keyboard.press("Shift")

    page.wait_for_url(EXIT)
    assert typed_at == f"{SITE}/part"


def test_the_summary_takes_focus_and_leads_to_the_field(show: Show) -> None:
    page = show(WRONG_FORM)
    focused = page.evaluate("document.activeElement.hasAttribute('data-error-summary')")

    page.locator("[data-error-summary] a", has_text="Who are you?").click()

    assert focused
    assert page.evaluate("document.activeElement.name") == "role"


def _is_left_alone(page: Page) -> bool:
    """Whether the page is still the same after five seconds of its own clock."""
    loads: list[Page] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded))
    page.clock.run_for(5_000)
    page.evaluate("() => fetch('/static/js/exit.js').then((answer) => answer.text())")
    return not loads


def test_a_page_that_waits_for_the_worker_looks_again_by_itself(show: Show) -> None:
    page = show(WAITING)

    with page.expect_event("domcontentloaded"):
        page.clock.run_for(5_000)

    assert page.url == f"{SITE}/part"


def test_it_looks_no_more_once_there_is_no_news_to_come(show: Show) -> None:
    assert _is_left_alone(show(DONE))


def test_it_does_not_take_away_the_link_that_somebody_has_chosen(show: Show) -> None:
    page = show(WAITING)
    page.locator("main a").focus()

    assert _is_left_alone(page)
