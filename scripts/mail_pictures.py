"""Take pictures of every HTML mail as it stands in its snapshot, on a computer's screen and on a telephone's.

    python -m scripts.mail_pictures --out instance/mails
    python -m scripts.mail_pictures offer letter_due --scheme dark

Like `scripts/screenshots.py` it also measures what a picture hides: a mail wider than its window, an element that
sticks out, and anything that the mail would fetch. It exits with 1 then. Nothing is fetched: the network is cut.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Route

from scripts.screenshots import STICKING_OUT, browser

SNAPSHOTS = Path(__file__).parents[1] / "tests" / "snapshots" / "mails"
WIDTHS = (600, 360)
"""CSS pixels: the reading pane of a mail program, and a small telephone."""


def main() -> int:
    """Take every picture; 1 when any mail sticks out of its window or asks for something from afar."""
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    mails = [path for path in sorted(SNAPSHOTS.glob("*.html")) if _is_asked_for(path, arguments.messages)]
    with browser() as chromium:
        complaints = [
            complaint
            for width in WIDTHS
            for complaint in _look(chromium, mails, width=width, scheme=arguments.scheme, out=arguments.out)
        ]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f"{len(mails) * len(WIDTHS)} pictures in {arguments.out}")
    return 1 if complaints else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Take pictures of every HTML mail.")
    parser.add_argument("messages", nargs="*", help="names of mails, such as offer; all where none is named")
    parser.add_argument("--out", type=Path, default=Path("instance/mails"), help="folder for the pictures")
    parser.add_argument("--scheme", choices=["light", "dark"], default="light", help="what the reader's system prefers")
    return parser.parse_args()


def _is_asked_for(path: Path, messages: list[str]) -> bool:
    return not messages or path.name.partition(".")[0] in messages


def _look(chromium: Browser, mails: list[Path], *, width: int, scheme: str, out: Path) -> Iterator[str]:
    """Photograph every mail in a window of this width; yields a sentence for each thing that is wrong."""
    context = chromium.new_context(viewport={"width": width, "height": 400}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    wanted: list[str] = []

    def refuse(route: Route) -> None:
        wanted.append(route.request.url)
        route.abort()

    page.route("**/*", refuse)
    for path in mails:
        page.set_content(path.read_text(encoding="utf-8"))
        page.screenshot(path=out / f"{path.stem}-{width}-{scheme}.png", full_page=True)
        yield from (f"{path.stem} at {width}: {element} sticks out" for element in page.evaluate(STICKING_OUT))
        yield from (f"{path.stem} would fetch {address}" for address in wanted)
        wanted.clear()
    context.close()


if __name__ == "__main__":
    sys.exit(main())
