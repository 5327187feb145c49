"""The desk: charts that were opened, how the engine coded them, and what people did, one row an action."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The tables of the desk."""
    op.create_table(
        "charts",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("practice", sa.Text(), nullable=True),
        sa.Column("encounter", sa.Text(), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_charts")),
        sa.UniqueConstraint("id", name=op.f("uq_charts_id")),
    )
    op.create_index(op.f("ix_charts_organisation_opened"), "charts", ["organisation", "opened"], unique=False)
    op.create_table(
        "chart_codings",
        sa.Column("chart", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chart"], ["charts.key"], name=op.f("fk_chart_codings_chart_charts")),
        sa.PrimaryKeyConstraint("chart", "number", name=op.f("pk_chart_codings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chart_actions",
        sa.Column("chart", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chart"], ["charts.key"], name=op.f("fk_chart_actions_chart_charts")),
        sa.PrimaryKeyConstraint("chart", "number", name=op.f("pk_chart_actions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "preferences",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "name", name=op.f("pk_preferences")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """The desk goes, with its charts."""
    op.drop_table("preferences")
    op.drop_table("chart_actions")
    op.drop_table("chart_codings")
    op.drop_index(op.f("ix_charts_organisation_opened"), table_name="charts")
    op.drop_table("charts")
