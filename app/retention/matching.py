"""What is kept of prisoners, of who stands by whom, and of the mails between. Pure data."""

from datetime import timedelta

from app.retention.words import About, Category, Line, Then, Why

PRISONER = (
    "name", "name_latin", "name_cyrillic", "search_key", "country", "gender", "birth_date", "arrested_on", "verdict_on",
    "released_on", "died_on", "sentence", "sentence_years", "penalty", "articles", "detention_status", "mail_access",
    "story", "occupation", "profession_group", "reads", "home_area", "case_code", "publicity", "publicity_basis",
    "godparent_seats", "letter_writer_seats", "pinned_tier", "held",
)  # fmt: skip

MATCH = ("kind", "state", "tier", "fit", "terms", "decline_reason", "refusal_reason", "end_reason", "answered_by")

NOTES = ("decline_note_sealed", "refusal_note_sealed", "coordinator_note_sealed")

LINES = (
    Line(
        category=Category.PRISONERS,
        about=About.PRISONERS,
        why=Why.CARE,
        holds={
            "prisoner": PRISONER,
            "prisoner_fact": ("fact_sealed", "fact_index", "source_sealed", "as_of", "visibility"),
            "role_limit": ("kind", "role", "seats"),
            "prisoner_source": ("source", "source_id", "source_url"),
            "field_source": ("field", "source", "as_of"),
            "prisoner_event": ("type", "happened_on", "source"),
            "address_check": (
                "street",
                "street_cyrillic",
                "city",
                "city_cyrillic",
                "postcode",
                "verified_on",
                "source",
            ),
        },
        since="a coordinator takes them out; whoever was freed may be taken again",
        then=Then.STAYS,
    ),
    Line(
        category=Category.UPLOADS,
        about=About.PRISONERS,
        why=Why.CARE,
        holds={"import_upload": ("filename", "content", "options")},
        lasts=timedelta(hours=1),
        since="the list was uploaded",
        then=Then.DELETED,
    ),
    # A list that still has the row brings it back; one that has not was mended by its publisher.
    Line(
        category=Category.WAITING_ROWS,
        about=About.PRISONERS,
        why=Why.CARE,
        holds={"quarantined_row": ("person", "row_number", "clash", "publicity", "publicity_basis")},
        lasts=timedelta(days=180),
        since="a list last brought the row, while nobody decides",
        then=Then.DELETED,
    ),
    Line(
        category=Category.DECIDED_ROWS,
        about=About.PRISONERS,
        why=Why.SAFETY,
        holds={
            "quarantined_row": (
                "group_id",
                "source",
                "as_of",
                "country",
                "identity",
                "wording",
                "marks",
                "state",
                "reason",
            )
        },
        since="somebody has the decision forgotten; of what the row said keyed digests are left",
        then=Then.STAYS,
    ),
    # Long enough to tell the family, and for a return to custody to be known.
    Line(
        category=Category.FAMILY_CONTACTS,
        about=About.PRISONERS,
        why=Why.CARE,
        holds={
            "family_contact": (
                "kind",
                "name_sealed",
                "language_sealed",
                "reach_sealed",
                "may_say_sealed",
                "agreement_sealed",
                "agreed_on",
            ),
        },
        lasts=timedelta(days=90),
        since="it was noticed that the prisoner is free or dead",
        then=Then.DELETED,
    ),
    Line(
        category=Category.CONTACT_OPENINGS,
        about=About.STAFF,
        why=Why.PROOF,
        holds={"contact_opening": ("contact_id", "reason", "words_sealed")},
        lasts=timedelta(days=365),
        since="the contact was opened",
        then=Then.DELETED,
    ),
    # Many are taken again within a year.
    Line(
        category=Category.PHOTOS,
        about=About.PRISONERS,
        why=Why.CARE,
        holds={"photo": ("card", "page", "visibility", "basis", "allowed_on", "source")},
        lasts=timedelta(days=365),
        since="the prisoner was free or dead",
        then=Then.DELETED,
    ),
    Line(
        category=Category.MATCHES,
        about=About.SPONSORS,
        why=Why.CARE,
        holds={"match": MATCH, "silent_match": ()},
        since="the sponsor is erased; who said no to whom must not be asked again",
        then=Then.EMPTIED,
    ),
    Line(
        category=Category.WITHDRAWN,
        about=About.SPONSORS,
        why=Why.CARE,
        holds={},
        lasts=timedelta(days=365),
        since="the proposal, where it was withdrawn or its offer lapsed",
        then=Then.DELETED,
    ),
    Line(
        category=Category.NOTES,
        about=About.SPONSORS,
        why=Why.CARE,
        holds={"match": NOTES},
        lasts=timedelta(days=365),
        since="the match ended, was refused or was declined",
        then=Then.EMPTIED,
    ),
    Line(
        category=Category.LETTERS,
        about=About.SPONSORS,
        why=Why.CARE,
        holds={"letter": ("state", "template", "language", "sent_on")},
        lasts=timedelta(days=365),
        since="the match ended",
        then=Then.DELETED,
    ),
    Line(
        category=Category.GONE,
        about=About.PRISONERS,
        why=Why.CARE,
        holds={},
        lasts=timedelta(days=730),
        since="the match was over, where the sponsor is erased",
        then=Then.DELETED,
    ),
    Line(
        category=Category.RUNS,
        about=About.SPONSORS,
        why=Why.PROOF,
        holds={
            "matching_run": (
                "kind",
                "day",
                "input_digest",
                "objective",
                "certificate",
                "uncovered_by_tier",
                "prices",
                "fingerprints",
                "excluded",
                "seconds",
            ),
            "runner_up": ("first_supporters", "points"),
            "left_alone": ("tier", "sponsors"),
        },
        lasts=timedelta(days=365),
        since="the run, unless it is the newest of its kind or a proposal of it waits",
        then=Then.DELETED,
    ),
    Line(
        category=Category.TASKS,
        about=About.STAFF,
        why=Why.RUNNING,
        holds={
            "matching_task": ("slot", "kind", "changed_policy", "state", "stage", "claim", "reason", "found_sealed")
        },
        lasts=timedelta(days=1),
        since="the task ended",
        then=Then.DELETED,
    ),
    # A year is shown to its reader and to coordinators; no occasion falls due again so long after (M4).
    Line(
        category=Category.MAILS,
        about=About.EVERYBODY,
        why=Why.PROOF,
        holds={
            "outgoing_mail": ("message", "occasion", "state", "attempts", "reason", "reader_id"),
            "reminder": ("occasion", "kind", "left_out"),
            "mail_answer": ("answer",),
        },
        lasts=timedelta(days=400),
        since="it went or was given up, and a yearly question was answered",
        then=Then.DELETED,
    ),
)
