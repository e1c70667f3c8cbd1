"""What a later release says otherwise than a notice did."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erratum",
        sa.Column("erratum_id", sa.String(length=64), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("told_level", sa.String(length=8), nullable=False),
        sa.Column("level_now", sa.String(length=8), nullable=False),
        sa.Column("level_date", sa.Date(), nullable=False),
        sa.Column("release_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.notice_id"]),
        sa.PrimaryKeyConstraint("erratum_id"),
        sa.UniqueConstraint("notice_id", "kind", "level_now"),
    )
    op.create_index(op.f("ix_erratum_notice_id"), "erratum", ["notice_id"])


def downgrade() -> None:
    op.drop_table("erratum")
