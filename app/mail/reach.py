"""Mailboxes in a state's reach: whoever runs them can be made to open them (docs/domain.md, "More of doing no harm").

To such a mailbox goes nothing but "you have a message". Which they are, `app.detaining` knows of each country.
"""

from app.detaining import DETAINING_COUNTRIES

_COUNTRY_ENDS = frozenset().union(*(country.mail_domains for country in DETAINING_COUNTRIES.values()))
_PROVIDERS = frozenset().union(*(country.mail_providers for country in DETAINING_COUNTRIES.values()))


def in_reach_of_state(address: str) -> bool:
    """Whether a detaining state can make the mailbox's provider open it."""
    domain = address.rpartition("@")[2].strip().rstrip(".").casefold()
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return True
    labels = domain.split(".")
    return labels[-1] in _COUNTRY_ENDS or any(".".join(labels[start:]) in _PROVIDERS for start in range(len(labels)))
