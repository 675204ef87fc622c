"""What is kept of people with an account: sponsors, and members of staff. Pure data."""

from datetime import timedelta

from app.retention.words import About, Category, Line, Then, Why

ACCOUNT = ("email_sealed", "email_index", "password_hash", "interface_language", "time_zone")

SPONSOR = (
    "name", "search_key", "role", "support_kind", "country", "profession_group", "capacity", "letters_a_month",
    "available_from", "available_until", "parliament", "mandate_ends", "translation_wanted", "translation_offered",
    "wish_home_area", "wish_profession_group", "wish_gender", "wish_age_group", "wish_long_sentence",
    "conflict_notes_sealed", "vetting_state", "vetting_basis", "person_vets", "vetting_reason_sealed", "resumes_on",
    "quiet_days", "reminders_off", "no_reminders", "idea_weeks", "last_sign_on", "consented_on", "held",
)  # fmt: skip

LINES = (
    Line(
        category=Category.LOG_IN,
        about=About.EVERYBODY,
        why=Why.AGREED,
        holds={
            "account": ACCOUNT,
            "second_factor": ("seed_sealed", "last_step"),
            "recovery_code": ("code_hash",),
            "account_closing": ("reason_sealed",),
        },
        since="they are erased",
        then=Then.ERASED,
    ),
    Line(
        category=Category.SIGN_UP,
        about=About.SPONSORS,
        why=Why.AGREED,
        holds={
            "sponsor": SPONSOR,
            "sponsor_language": ("language", "level"),
            "office": ("invited_sealed", "gets_mails"),
            "official_address": ("address_sealed", "domain", "parliament", "digest"),
        },
        since="they are erased",
        then=Then.ERASED,
    ),
    Line(
        category=Category.CONFLICTS,
        about=About.SPONSORS,
        why=Why.CARE,
        holds={"conflict": ()},
        since="one of the two is erased",
        then=Then.DELETED,
    ),
    Line(
        category=Category.APPOINTMENTS,
        about=About.STAFF,
        why=Why.WORK,
        holds={"staff_grant": ("role",), "staff_region": ("country",), "caseload": ()},
        since="they lay the work down, or are erased",
        then=Then.DELETED,
    ),
    # A mail is tried for four days, and people are ill or away for a week.
    Line(
        category=Category.UNCONFIRMED,
        about=About.SPONSORS,
        why=Why.AGREED,
        holds={},
        lasts=timedelta(days=14),
        since="the sign-up",
        then=Then.ERASED,
    ),
    # Long enough to ask why, and to put a mistake right.
    Line(
        category=Category.TURNED_AWAY,
        about=About.SPONSORS,
        why=Why.SAFETY,
        holds={},
        lasts=timedelta(days=90),
        since="the decision",
        then=Then.ERASED,
    ),
    # Whoever waits shows by logging in that they still want to.
    Line(
        category=Category.UNDECIDED,
        about=About.SPONSORS,
        why=Why.AGREED,
        holds={},
        lasts=timedelta(days=365),
        since="their last sign of life",
        then=Then.ERASED,
    ),
    # They may come back, and a coordinator may have to ask what was arranged with a prisoner.
    Line(
        category=Category.LEFT,
        about=About.EVERYBODY,
        why=Why.CARE,
        holds={},
        lasts=timedelta(days=365),
        since="their log-in was closed",
        then=Then.ERASED,
    ),
    # With a match a coordinator asks them first; without one nobody misses them.
    Line(
        category=Category.IDLE,
        about=About.SPONSORS,
        why=Why.AGREED,
        holds={},
        lasts=timedelta(days=730),
        since="their last sign of life, while they stand by nobody",
        then=Then.ERASED,
    ),
    Line(
        category=Category.COUNTERS,
        about=About.EVERYBODY,
        why=Why.SAFETY,
        holds={"attempt_count": ("key", "count")},
        lasts=timedelta(0),
        since="the counter is over, a day at most after the last attempt",
        then=Then.DELETED,
    ),
    Line(
        category=Category.SESSIONS,
        about=About.EVERYBODY,
        why=Why.SAFETY,
        holds={"login_session": ("token_hash", "browser", "code_due")},
        lasts=timedelta(days=30),
        since="the log-in expired",
        then=Then.DELETED,
    ),
    Line(
        category=Category.TOKENS,
        about=About.EVERYBODY,
        why=Why.SAFETY,
        holds={"account_token": ("token_hash", "purpose", "email_index")},
        lasts=timedelta(days=1),
        since="the link expired",
        then=Then.DELETED,
    ),
    # A weekend lies between a Friday and a Monday.
    Line(
        category=Category.INVITATIONS,
        about=About.SPONSORS,
        why=Why.AGREED,
        holds={},
        lasts=timedelta(days=3),
        since="the invitation, where nobody followed it",
        then=Then.DELETED,
    ),
    # The mail with the link is tried for four days.
    Line(
        category=Category.NAMED_ADDRESSES,
        about=About.SPONSORS,
        why=Why.AGREED,
        holds={},
        lasts=timedelta(days=5),
        since="it was named, where nobody proved it",
        then=Then.DELETED,
    ),
    # A mail to an old address is tried for four days; a coordinator may ask about the change some weeks later.
    Line(
        category=Category.ADDRESS_CHANGES,
        about=About.EVERYBODY,
        why=Why.SAFETY,
        holds={"address_change": ("old_email_sealed", "new_email_sealed", "new_email_index")},
        lasts=timedelta(days=30),
        since="the change was asked for",
        then=Then.DELETED,
    ),
    Line(
        category=Category.READING,
        about=About.STAFF,
        why=Why.PROOF,
        holds={
            "reading_count": (
                "hour",
                "hour_records",
                "hour_rows",
                "day",
                "day_records",
                "day_rows",
                "extra",
                "extra_day",
            )
        },
        lasts=timedelta(days=30),
        since="the last day on which they read",
        then=Then.DELETED,
    ),
    Line(
        category=Category.EXPORTS,
        about=About.STAFF,
        why=Why.PROOF,
        holds={"export_request": ("subject", "reason", "persons", "state")},
        lasts=timedelta(days=365),
        since="the export was asked for",
        then=Then.DELETED,
    ),
    Line(
        category=Category.ALERTS,
        about=About.STAFF,
        why=Why.PROOF,
        holds={"alert": ("kind", "occasion", "about")},
        lasts=timedelta(days=365),
        since="an administrator has looked at it",
        then=Then.DELETED,
    ),
)
