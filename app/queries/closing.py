"""Log-ins that are closed: by whom and why, for whoever may open them again."""

from app.database import session
from app.models import AccountClosing


def closing_of(account_id: str) -> AccountClosing | None:
    """Why staff closed the account; None for one that is open, or whose owner left by themselves."""
    return session().get(AccountClosing, account_id)
