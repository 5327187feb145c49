"""Compliance: case files, each opened from one signal, and what was done on them, one row an event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("compliance_cases", "compliance_events")
SENTENCE = "a case file is append-only"


def upgrade() -> None:
    """The tables, and triggers that refuse to change or delete a row of them."""
    op.create_table(
        "compliance_cases",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_compliance_cases")),
        sa.UniqueConstraint("id", name=op.f("uq_compliance_cases_id")),
        sa.UniqueConstraint("organisation", "signal", name=op.f("uq_compliance_cases_organisation_signal")),
    )
    op.create_table(
        "compliance_events",
        sa.Column("case", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case"], ["compliance_cases.key"], name=op.f("fk_compliance_events_case_compliance_cases")
        ),
        sa.PrimaryKeyConstraint("case", "number", name=op.f("pk_compliance_events")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_compliance_events_organisation"), "compliance_events", ["organisation"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION leadterm_case_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION leadterm_case_append_only()"
        )


def _guard_sqlite() -> None:
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )


def downgrade() -> None:
    """The case files go, with their triggers."""
    op.drop_index(op.f("ix_compliance_events_organisation"), table_name="compliance_events")
    op.drop_table("compliance_events")
    op.drop_table("compliance_cases")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION leadterm_case_append_only()")
