"""A notice's id says its level too, and one level may be told twice on a day."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SHORT, LONG = sa.String(length=32), sa.String(length=48)
TOLD_ONCE = ("episode_id", "as_of_date", "change", "level")
# The name that PostgreSQL gave it; SQLite gave none, so that it is read back under this one.
NAMES = {"uq": "%(table_name)s_%(column_0_N_name)s_key"}
NAME = f"notice_{'_'.join(TOLD_ONCE)}_key"


def upgrade() -> None:
    with op.batch_alter_table("notice", naming_convention=NAMES) as notice:
        notice.drop_constraint(NAME, type_="unique")
        notice.alter_column("notice_id", existing_type=SHORT, type_=LONG)
    for table in ("approval", "erratum"):
        with op.batch_alter_table(table) as pointing:
            pointing.alter_column("notice_id", existing_type=SHORT, type_=LONG)


def downgrade() -> None:
    for table in ("erratum", "approval"):
        with op.batch_alter_table(table) as pointing:
            pointing.alter_column("notice_id", existing_type=LONG, type_=SHORT)
    with op.batch_alter_table("notice", naming_convention=NAMES) as notice:
        notice.alter_column("notice_id", existing_type=LONG, type_=SHORT)
        notice.create_unique_constraint(NAME, list(TOLD_ONCE))
