"""E-mail addresses in the one form in which they are kept, compared and mailed. Pure.

Two spellings of one mailbox must never be two accounts, so an address is brought into the form that goes on the wire
before anything else looks at it.
"""

from email_validator import EmailNotValidError, validate_email

from app.errors import BadInput


def normalised(address: str) -> str:
    """The address as mail servers see it: plain ASCII, its domain in its encoded form and in lower case.

    Raises BadInput for what is no address, or one that only newer servers could take (letters beyond ASCII before @).
    """
    try:
        found = validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as wrong:
        raise BadInput("This does not look like an address, such as name@example.org.") from wrong
    return found.ascii_email or found.normalized


def mailbox_key(address: str) -> str:
    """One key for the spellings that many providers deliver to one mailbox: case, dots, and what follows a plus.

    Only for counting what a mailbox may get or vouch for (docs/threats.md, B2, B4): with other providers these are
    different people's mailboxes.
    """
    name, _, domain = (address_key(address) or address.strip().lower()).rpartition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


def address_key(address: str) -> str:
    """The form in which addresses are compared: whoever types theirs in capitals is the same person.

    What is no address has a key that no account has.
    """
    try:
        return normalised(address).lower()
    except BadInput:
        return ""
