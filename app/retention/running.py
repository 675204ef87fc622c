"""What stays: the audit trail, what must never be mailed again, and what says nothing of a person. Pure data."""

from app.retention.words import About, Category, Line, Then, Why

LINES = (
    Line(
        category=Category.SUPPRESSIONS,
        about=About.EVERYBODY,
        why=Why.SAFETY,
        holds={"suppressed_address": ("address_digest", "reason")},
        since="staff let mail go there again; a keyed digest, and no address",
        then=Then.STAYS,
    ),
    Line(
        category=Category.CANARIES,
        about=About.NOBODY,
        why=Why.PROOF,
        holds={"canary": ()},
        since="an administrator takes it out",
        then=Then.STAYS,
    ),
    Line(
        category=Category.TRAIL,
        about=About.EVERYBODY,
        why=Why.PROOF,
        holds={
            "audit_event": ("number", "by_account_id", "action", "entity", "entity_id", "fields", "digest"),
            "audit_head": ("number", "digest"),
        },
        since="never; random ids and names of fields, and no value",
        then=Then.STAYS,
    ),
    Line(
        category=Category.RULES,
        about=About.NOBODY,
        why=Why.RUNNING,
        holds={
            "policy": ("body",),
            "text_version": ("family", "name", "language", "number", "parts"),
            "official_domain": ("parliament", "country", "domain"),
            "import_record": ("source", "as_of", "file_digest", "counts"),
        },
        since="never; who wrote it is forgotten with their account",
        then=Then.STAYS,
    ),
    Line(
        category=Category.PLACES,
        about=About.NOBODY,
        why=Why.CARE,
        holds={
            "facility": (
                "country",
                "kind",
                "number",
                "title",
                "title_cyrillic",
                "street",
                "street_cyrillic",
                "city",
                "city_cyrillic",
                "postcode",
                "languages",
            ),
            "post_route": ("from_country", "to_country", "route", "note"),
        },
        since="never",
        then=Then.STAYS,
    ),
    Line(
        category=Category.ENGINE,
        about=About.NOBODY,
        why=Why.RUNNING,
        holds={
            "job_run": ("job", "seconds", "runs", "seconds_of_all", "found"),
            "server_trouble": ("reason", "losses"),
            "seal_key": ("proof_sealed",),
            "alembic_version": (),
        },
        stores=("the worker's queue: names of tasks, which take no arguments",),
        since="never; each row is written over",
        then=Then.STAYS,
    ),
    Line(
        category=Category.LOGS,
        about=About.NOBODY,
        why=Why.RUNNING,
        holds={},
        stores=("the programs' log: kinds of events and random ids, on standard error",),
        since="whoever runs the site deletes it (docs/operations.md)",
        then=Then.STAYS,
    ),
)
