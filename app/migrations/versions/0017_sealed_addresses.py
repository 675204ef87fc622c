"""E-mail addresses are sealed, and found by a blind index (docs/decisions/0008).

The index stands in the column that held the address as it is compared: renamed, it keeps its place in the unique
constraint. What is there is sealed under the current key and digested under the site's secret; the way down opens it
again. On PostgreSQL the old values stay in the files until `VACUUM FULL` (docs/operations.md).
"""

import hashlib
import hmac
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.keys import KeyPurpose, derive
from app.sealing import Keyring, Place
from app.settings import current_settings

revision = "0017"
down_revision = "0024"
branch_labels = None
depends_on = None

INDICES = (("account", "email_key"), ("account_token", "email_key"), ("address_change", "new_email_key"))
SEALED = (("account", "email"), ("address_change", "old_email"), ("address_change", "new_email"))


def upgrade() -> None:
    _overwrite_what_goes()
    for table, key in INDICES:
        op.alter_column(table, key, new_column_name=_index(key))
        for plain in _values(table, _index(key)):
            _replace(table, _index(key), plain, _digest(plain))
    for table, name in SEALED:
        _add(table, sa.Column(f"{name}_sealed", sa.Text(), nullable=False, server_default=""))
        _carry_over(table, name, sealing=True)
        op.drop_column(table, name)


def downgrade() -> None:
    for table, name in SEALED:
        _add(table, sa.Column(name, sa.String(length=254), nullable=False, server_default=""))
        _carry_over(table, name, sealing=False)
        op.drop_column(table, f"{name}_sealed")
    known = _known_addresses()
    for table, key in INDICES:
        for digest in _values(table, _index(key)):
            _replace(table, _index(key), digest, known.get(digest, ""))
        op.alter_column(table, _index(key), new_column_name=key)


def _overwrite_what_goes() -> None:
    """SQLite leaves what is taken away in the file's free space unless it is told not to."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete = ON")


def _add(table: str, column: "sa.Column[str]") -> None:
    """Add a column that is filled at once; only SQLite has to keep the default that it begins with."""
    op.add_column(table, column)
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, column.name, server_default=None)


def _index(key: str) -> str:
    return key.replace("_key", "_index")


def _digest(address: str) -> str:
    """As `app.models.sealed.BY_ADDRESS` makes it."""
    key = derive(current_settings().secret_key, KeyPurpose.ADDRESS)
    return hmac.digest(key, f"\n{address.lower()}".encode(), hashlib.sha256).hex()


def _values(table: str, column: str) -> list[str]:
    asked = sa.table(table, sa.column(column))
    return list(op.get_bind().execute(sa.select(asked.c[column]).distinct()).scalars())


def _replace(table: str, column: str, before: str, after: str) -> None:
    changed = sa.table(table, sa.column(column))
    op.get_bind().execute(sa.update(changed).where(changed.c[column] == before).values({column: after}))


def _rows(table: str, column: str) -> Sequence[sa.Row[str, str]]:
    asked = sa.table(table, sa.column("id"), sa.column(column))
    return op.get_bind().execute(sa.select(asked.c.id, asked.c[column])).all()


def _carry_over(table: str, name: str, *, sealing: bool) -> None:
    """Fill the new column from the old one, sealing or opening each value for its place."""
    source, target = (name, f"{name}_sealed") if sealing else (f"{name}_sealed", name)
    keys = Keyring(current_settings().seal_keys)
    turned = keys.seal if sealing else keys.open
    changed = sa.table(table, sa.column("id"), sa.column(target))
    for row_id, value in _rows(table, source):
        fresh = turned(value, Place(table, f"{name}_sealed", row_id))
        op.get_bind().execute(sa.update(changed).where(changed.c.id == row_id).values({target: fresh}))


def _known_addresses() -> dict[str, str]:
    """Addresses as they are compared, by their digest; a mailed link to one that is not known any more has ended."""
    addresses = [address.lower() for table, name in SEALED for _row_id, address in _rows(table, name)]
    return {_digest(address): address for address in addresses}
