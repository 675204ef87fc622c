"""The main job from the first page to the match, in Chromium, with real mail: nothing in it is called from inside."""

import csv
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.clock import now, today
from app.letters import GAP
from app.models import Account
from app.one_time_codes import code_at, step_at
from app.vocabulary import StaffRole
from scripts.mailbox import Mail
from tests.browser.conftest import PATIENCE_MS, Site
from tests.factories import PASSWORD, SEED, make_coordinator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SPONSOR = "journey.writer@example.org"
SPONSOR_PASSWORD = "four unrelated invented words"
HELD = {
    "id": "900001",
    "url": "https://lists.example.org/person/900001",
    "name": "Вымышлены-Доўгапрадоў Уладзімір",
    "status": "active",
    "gender": "male",
    "description": "Настаўнік",
    "birthday": "1980-01-31",
    "arrested": "2021-03-04",
    "articles": "Art. 342",
    "prison": "Penal colony No. 1, 000000, Vydumsk, vulica Vydumanaja 1",
    "decision": "4 1/2 years",
    "penalty": "imprisonment in a medium-security penal colony",
    "verdict_date": "2021-09-01",
}
EMPTY_COLUMNS = (
    "photo", "declaration", "judge", "councel", "penalty_start_date", "release_date", "appeal_date",
    "fake_terrorist_list", "died", "clusters",
)  # fmt: skip


@pytest.fixture
def coordinator(site: Site) -> Account:
    """A member of staff who does the coordinator's and the programme's work."""
    with site.app.app_context():
        return make_coordinator(
            roles=[StaffRole.COORDINATOR, StaffRole.PROGRAMME], email="journey.coordinator@example.org"
        )


def somebody(browser: Browser, site: Site) -> BrowserContext:
    """A browser of their own; our certificate is our own too. Whatever the console complains of fails the test."""
    context = browser.new_context(base_url=site.url, ignore_https_errors=True)
    context.set_default_timeout(PATIENCE_MS)
    return context


def a_page(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def link_in(mail: Mail, site: Site, *, path: str = r"\S+") -> str:
    """The one address of our site in the text of a mail, or the one whose path looks so."""
    found = set(re.findall(rf"{re.escape(site.url)}{path}(?=\s)", mail.text))
    assert len(found) == 1, f"expected one link, found {found}"
    return found.pop()


def sign_up(page: Page) -> None:
    go_on = page.get_by_role("button", name="Continue", exact=True)
    page.goto("/")
    page.get_by_role("link", name="Stand by someone").first.click()
    expect(page.get_by_text("If you are in Belarus").first).to_be_visible()
    page.get_by_label("Which country do you live in?").select_option("FR")
    go_on.click()
    page.get_by_label("Your name").fill("Invented Écrivaine")
    page.get_by_label("Volunteer").check()
    page.get_by_label("Your line of work").select_option("education")
    page.get_by_label("Your time zone").select_option("Europe/Paris")
    go_on.click()
    page.get_by_label("Write letters, in private").check()
    go_on.click()
    page.get_by_label("Russian").select_option("fluent")
    go_on.click()
    go_on.click()
    page.get_by_label("E-mail address").fill(SPONSOR)
    page.get_by_label("Password").fill(SPONSOR_PASSWORD)
    page.get_by_label("I live outside").check()
    page.get_by_role("button", name="Sign up").click()
    expect(page).to_have_url(re.compile("/signup/sent$"))


def confirm_address(page: Page, site: Site) -> None:
    (mail,) = site.mailbox.wait_for(to=SPONSOR, count=1)
    page.goto(link_in(mail, site))
    page.get_by_label("Your password").fill(SPONSOR_PASSWORD)
    page.get_by_role("button", name="Yes, it was me").click()
    expect(page).to_have_url(re.compile("/login$"))


def log_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def give_code(page: Page) -> None:
    page.get_by_label("Code").fill(code_at(SEED, step_at(now())))
    page.get_by_role("button", name="Log in").click()


def vet(page: Page) -> None:
    page.get_by_role("link", name=re.compile("to vet", re.I)).click()
    page.get_by_role("link", name="Invented Écrivaine").click()
    page.get_by_label("vet them").check()
    page.get_by_label("How you checked").fill("Spoke on the telephone.")
    page.get_by_role("button", name=re.compile("record|decision|save", re.I)).click()
    expect(page.get_by_text("Vetted").first).to_be_visible()


def import_prisoner(site: Site, folder: Path, by: str) -> None:
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*HELD, *EMPTY_COLUMNS], restval="")
        writer.writeheader()
        writer.writerow(HELD)
    options = ["--source", "journey", "--as-of", "2026-11-22", "--country", "BY", "--publicity", "sponsors_only"]
    basis = ["--basis", "publicised_by_recognised_organisation", "--by", by]
    counts = json.loads(site.flask("prisoners", "import", str(path), *options, *basis, "--apply", "--json"))
    assert (counts["new"], counts["errors"], counts["applied"]) == (1, [], True)


def propose_and_approve(page: Page) -> None:
    page.goto("/desk")
    page.get_by_label("Match for").select_option("letter_writer")
    page.get_by_role("button", name=re.compile("match", re.I)).click()
    expect(page).to_have_url(re.compile("/desk/proposals"))
    page.locator("main").get_by_role("link", name=re.compile("Вымышлены")).first.click()
    expect(page.get_by_text("language", exact=False).first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(page.get_by_text("Approved.").first).to_be_visible()


def accept(page: Page, site: Site) -> None:
    offer = next(mail for mail in site.mailbox.wait_for(to=SPONSOR, count=3) if "/matches/" in mail.text)
    assert "Вымышлены" not in offer.subject + offer.text + offer.html
    page.goto(link_in(offer, site))
    expect(page.get_by_text("Вымышлены-Доўгапрадоў").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^(Yes|Accept|Stand by)")).click()
    page.goto("/home")
    expect(page.get_by_text("Вымышлены-Доўгапрадоў").first).to_be_visible()


def newest(site: Site, *, count: int) -> Mail:
    """The last to come of `count` mails to the sponsor."""
    return site.mailbox.wait_for(to=SPONSOR, count=count)[0]


def write_and_send(page: Page, context: BrowserContext) -> None:
    """A letter from its template, printed, posted, and told of."""
    expect(page.get_by_role("heading", name="Write your first letter")).to_be_visible()
    page.get_by_role("link", name="Begin", exact=True).click()
    text = page.get_by_label("Your letter")
    written = text.input_value()
    assert written.startswith("Здравствуйте"), written
    text.fill(written.replace(GAP, "За окном у нас первый снег."))
    with context.expect_page() as opened:
        page.get_by_role("button", name="See it as it prints").click()
    printed = opened.value
    expect(printed.get_by_role("article", name="The letter")).to_contain_text("первый снег")
    printed.close()
    page.get_by_role("link", name="I have sent it").click()
    page.get_by_role("button", name="I sent it").click()
    expect(page.get_by_text("Thank you for writing.")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("Sent")


def mornings() -> list[str]:
    """A morning in France one, two and three months on, when the letters of each month are due.

    Told once: were each command given a moment of its own, a clock that passes a full minute between two of them
    would have the mails delivered before they were queued.
    """
    this_one = now().replace(hour=8, minute=0, second=0, microsecond=0)
    return [(this_one + timedelta(days=31 * months)).isoformat() for months in (1, 2, 3)]


def queue_reminders(site: Site, moment: str) -> int:
    """How many `reminders schedule` queues at this moment."""
    queued: int = json.loads(site.flask("reminders", "schedule", "--now", moment, "--json"))["queued"]
    return queued


def deliver(site: Site, moment: str) -> int:
    """How many `mail deliver` sends at this moment."""
    sent: int = json.loads(site.flask("mail", "deliver", "--now", moment, "--json"))["sent"]
    return sent


def record_release(page: Page) -> None:
    """What follows is read first, and happens after."""
    page.goto("/desk/prisoners")
    page.locator("main").get_by_role("link", name=re.compile("Вымышлены")).first.click()
    page.get_by_role("link", name="Record an event").click()
    page.get_by_label("Release").check()
    page.get_by_label("On which day?").fill(today().isoformat())
    page.get_by_label("Where do you know it from?").fill("The publisher's news page")
    page.get_by_role("button", name="See what follows").click()
    expect(page.get_by_text("Invented Écrivaine")).to_be_visible()
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("Recorded. What was announced has happened.")).to_be_visible()


def test_from_the_first_page_to_the_thanks(browser: Browser, site: Site, coordinator: Account, tmp_path: Path) -> None:
    complaints: list[str] = []
    with somebody(browser, site) as theirs, somebody(browser, site) as staffs:
        sponsor, staff = a_page(theirs, complaints), a_page(staffs, complaints)

        sign_up(sponsor)
        confirm_address(sponsor, site)
        log_in(sponsor, SPONSOR, SPONSOR_PASSWORD)
        expect(sponsor).to_have_url(re.compile("/home$"))
        log_in(staff, "journey.coordinator@example.org", PASSWORD)
        give_code(staff)
        expect(staff).to_have_url(re.compile("/desk$"))
        vet(staff)
        import_prisoner(site, tmp_path, "journey.coordinator@example.org")
        propose_and_approve(staff)
        accept(sponsor, site)
        write_and_send(sponsor, theirs)

        first, second, third = mornings()
        assert (queue_reminders(site, first), deliver(site, first)) == (1, 1)
        reminder = newest(site, count=4)
        sponsor.goto(link_in(reminder, site, path=r"/matches/\S+"))
        expect(sponsor).to_have_url(re.compile("/matches/"))
        sponsor.goto(link_in(reminder, site, path=r"/reminders/\S+/sent"))
        sponsor.get_by_role("button", name="Yes, it is in the post").click()
        expect(sponsor.get_by_role("heading", name="Noted")).to_be_visible()

        assert queue_reminders(site, second) == 1
        record_release(staff)
        thanks = newest(site, count=5)
        sponsor.goto(link_in(thanks, site))
        expect(sponsor.get_by_text("free").first).to_be_visible()
        assert deliver(site, second) == 0
        assert (queue_reminders(site, third), deliver(site, third)) == (0, 0)

    mails = site.mailbox.mails()
    assert [mail.to for mail in mails] == [SPONSOR] * 5
    assert not [mail for mail in (reminder, thanks) if "Вымышлены" in mail.subject + mail.text + mail.html]
    assert complaints == []


def test_somebody_in_belarus_is_turned_back_before_the_second_question(browser: Browser, site: Site) -> None:
    complaints: list[str] = []
    with somebody(browser, site) as theirs:
        page = a_page(theirs, complaints)
        page.goto("/signup")
        page.get_by_label("Which country do you live in?").select_option("BY")
        page.get_by_role("button", name="Continue", exact=True).click()

        expect(page.get_by_label("Your name")).to_have_count(0)
        assert theirs.cookies() == []
    assert complaints == []
