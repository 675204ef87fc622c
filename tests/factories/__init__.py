"""Small makers of invented people for every test.

    sponsor = make_sponsor(country="FR", languages={"ru": "basic"})
    prisoner = make_prisoner(publicity=Publicity.PUBLIC)
    match = make_match(prisoner=prisoner, sponsor=sponsor, state=MatchState.ACTIVE)

Each maker writes in its own `transaction()`, or in the one that is open. What a test does not name is filled with
values that let everything happen: addresses are confirmed, sponsors vetted, prisoners held and known to sponsors. A
keyword is a column of the model, or one of those the maker's docstring names.

After a request or a command has changed the database, read with `fresh(thing)`.
"""

from tests.factories.accounts import (
    PASSWORD,
    SEED,
    make_account,
    make_administrator,
    make_closing,
    make_coordinator,
    make_login,
    make_office,
    make_second_factor,
)
from tests.factories.exports import make_export
from tests.factories.family_contacts import make_contact, make_opening
from tests.factories.letters import make_letter
from tests.factories.mails import make_mail, make_server_trouble, make_suppressed_address
from tests.factories.matches import make_match, make_policy, make_run
from tests.factories.offices import make_office_of, make_official_address, make_official_domain
from tests.factories.photos import made_picture, make_photo
from tests.factories.prisoners import make_facility, make_prisoner, vouch_for
from tests.factories.quarantine import make_quarantined_row
from tests.factories.situations import Rivals, make_rivals, make_stored_run
from tests.factories.sponsors import make_sponsor
from tests.factories.tasks import make_dry_run_task, make_task
from tests.factories.texts import make_text
from tests.factories.uploads import make_upload
from tests.factories.watch import make_alert, make_canary, make_reading_count
from tests.factories.writing import fresh, writing

__all__ = [
    "PASSWORD",
    "SEED",
    "Rivals",
    "fresh",
    "made_picture",
    "make_account",
    "make_administrator",
    "make_alert",
    "make_canary",
    "make_closing",
    "make_contact",
    "make_coordinator",
    "make_dry_run_task",
    "make_export",
    "make_facility",
    "make_letter",
    "make_login",
    "make_mail",
    "make_match",
    "make_office",
    "make_office_of",
    "make_official_address",
    "make_official_domain",
    "make_opening",
    "make_photo",
    "make_policy",
    "make_prisoner",
    "make_quarantined_row",
    "make_reading_count",
    "make_rivals",
    "make_run",
    "make_second_factor",
    "make_server_trouble",
    "make_sponsor",
    "make_stored_run",
    "make_suppressed_address",
    "make_task",
    "make_text",
    "make_upload",
    "vouch_for",
    "writing",
]
