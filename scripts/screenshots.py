"""Take pictures of a running Vestka, to look at it as people see it: narrow and wide, light and dark.

    python scripts/screenshots.py http://127.0.0.1:8000 / /people /signup
    python scripts/screenshots.py http://127.0.0.1:8000 /desk --login coordinator@example.org --password '…'
    python scripts/screenshots.py http://127.0.0.1:8000 / --only 1280-light --readme docs/home.png

Besides taking pictures it measures what a picture hides: a page wider than its window, an element that sticks out,
and whatever the browser's console complains of (a refused script or style, a missing file). It exits with 1 then.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # started as a file, it would not find the program

from app.clock import now
from app.demo.logins import seed_of_app
from app.one_time_codes import STEP_SECONDS, code_at, step_at

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STICKING_OUT = """() => [...document.querySelectorAll("body *")].filter((element) => {
  const box = element.getBoundingClientRect();
  const seen = box.width > 1 && box.height > 1 && getComputedStyle(element).visibility !== "hidden";
  return seen && box.right > 0 && box.right > document.documentElement.clientWidth + 1 && !element.closest(".unseen");
}).map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`).slice(0, 5)"""


@dataclass(frozen=True)
class Window:
    """One way of looking at a page; `width` in CSS pixels."""

    width: int
    scheme: Literal["light", "dark"]

    @property
    def name(self) -> str:
        return f"{self.width}-{self.scheme}"


WINDOWS = (Window(1280, "light"), Window(1280, "dark"), Window(360, "light"), Window(360, "dark"))


@dataclass(frozen=True)
class Visit:
    """What is to be looked at: where the site answers, which pages, and as whom."""

    address: str
    paths: tuple[str, ...]
    login: str | None
    password: str | None
    totp_secret: str | None


@dataclass(frozen=True)
class Picture:
    """How pictures are taken: in which window, with whose cookies, into which folder, and whether of the whole page."""

    window: Window
    state: StorageState | None
    out: Path
    whole: bool


def main() -> int:
    """Take every picture; 1 when any page sticks out of its window or makes the browser complain."""
    arguments = _arguments()
    secret = arguments.totp_secret or (seed_of_app(arguments.login) if arguments.login else None)
    visit = Visit(arguments.address.rstrip("/"), tuple(arguments.paths), arguments.login, arguments.password, secret)
    windows = [window for window in WINDOWS if arguments.only in (None, window.name)]
    arguments.out.mkdir(parents=True, exist_ok=True)
    with browser() as chromium:
        state = _log_in(chromium, visit)
        complaints = [
            complaint
            for window in windows
            for complaint in _look(chromium, visit, Picture(window, state, arguments.out, arguments.readme is None))
        ]
    if arguments.readme:
        (arguments.out / _file_name(visit.paths[0], windows[0])).replace(arguments.readme)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Take pictures of a running Vestka.")
    parser.add_argument("address", help="where it answers, such as http://127.0.0.1:8000")
    parser.add_argument("paths", nargs="+", help="pages, such as / or /people")
    parser.add_argument("--out", type=Path, default=Path("instance/screenshots"), help="folder for the pictures")
    parser.add_argument("--only", choices=[window.name for window in WINDOWS], help="one window instead of four")
    parser.add_argument("--login", help="mail address to log in with first")
    parser.add_argument("--password", help="its password")
    parser.add_argument("--totp-secret", help="the secret of their app; of the demo's staff it is known")
    parser.add_argument("--readme", type=Path, help="put the first picture here, cut to one window's height")
    return parser.parse_args()


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


def _look(browser: Browser, visit: Visit, picture: Picture) -> Iterator[str]:
    """Photograph every page in one window; yields a sentence for each thing that is wrong."""
    window = picture.window
    context = browser.new_context(
        viewport={"width": window.width, "height": 800}, color_scheme=window.scheme, storage_state=picture.state
    )
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(_sentence(message)) if message.type == "error" else None)
    for path in visit.paths:
        page.goto(visit.address + path)
        page.screenshot(path=picture.out / _file_name(path, window), full_page=picture.whole)
        messages += [f"{element} sticks out of the window" for element in page.evaluate(STICKING_OUT)]
        yield from (f"{path} at {window.name}: {message}" for message in messages)
        messages.clear()
    context.close()


def _log_in(browser: Browser, visit: Visit) -> StorageState | None:
    """The cookies of somebody who has logged in once, for every window: a code works only once."""
    if not visit.login or not visit.password:
        return None
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{visit.address}/login")
    page.locator("[name=email]").fill(visit.login)
    page.locator("[name=password]").fill(visit.password)
    page.locator("main button[type=submit]").first.click()
    code = page.locator("[name=code]")
    if code.count() and visit.totp_secret:
        _give_code(page, visit.totp_secret)
    state = context.storage_state()
    context.close()
    return state


def _give_code(page: Page, secret: str) -> None:
    """Type the code of now, the next one where that is used up, and the one after it once it is time."""
    for wait, steps_on in ((0, 0), (0, 1), (STEP_SECONDS, 1)):
        page.wait_for_timeout(wait * 1000)
        page.locator("[name=code]").fill(code_at(secret, step_at(now()) + steps_on))
        page.locator("main button[type=submit]").first.click()
        if not page.locator("[name=code]").count():
            return


def _sentence(message: ConsoleMessage) -> str:
    return message.text.replace("\n", " ")[:200]


def _file_name(path: str, window: Window) -> str:
    words = "".join(letter if letter.isalnum() else "-" for letter in path).strip("-") or "home"
    return f"{words}-{window.name}.png"


if __name__ == "__main__":
    sys.exit(main())
