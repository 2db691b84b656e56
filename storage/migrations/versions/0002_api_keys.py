"""keys of programs that call the doors

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=255), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "api_key_uses",
        sa.Column("key_id", sa.String(length=22), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requests", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused", sa.Integer(), server_default="0", nullable=False),
        sa.Column("minute", UtcDateTime(), nullable=True),
        sa.Column("minute_requests", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"]),
        sa.PrimaryKeyConstraint("key_id", "day"),
    )
    op.create_table(
        "api_talks",
        sa.Column("conversation_id", sa.String(length=22), nullable=False),
        sa.Column("key_id", sa.String(length=22), nullable=False),
        sa.Column("head", sa.String(length=32), nullable=True),
        sa.Column("request", sa.String(length=32), nullable=True),
        sa.Column("delivered_seq", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"]),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    with op.batch_alter_table("api_talks", schema=None) as batch_op:
        batch_op.create_index("ix_api_talks_head", ["key_id", "head"], unique=False)
        batch_op.create_index("ix_api_talks_request", ["key_id", "request"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Keys are never taken away by a downgrade; restore a backup instead.")
