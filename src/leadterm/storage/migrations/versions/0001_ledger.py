"""The ledger: claims sent, what payers answered, and entries that are only ever added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SENTENCE = "the ledger is append-only"


def upgrade() -> None:
    """The tables, and triggers that refuse to change or delete an entry."""
    op.create_table(
        "claim_events",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_claim_events")),
    )
    op.create_index(op.f("ix_claim_events_organisation_claim"), "claim_events", ["organisation", "claim"], unique=False)
    op.create_table(
        "claims",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("claim_type", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=True),
        sa.Column("payer_name", sa.Text(), nullable=True),
        sa.Column("payer_type", sa.Text(), nullable=True),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("service_from", sa.Date(), nullable=True),
        sa.Column("service_to", sa.Date(), nullable=True),
        sa.Column("submitted", sa.Date(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_claims")),
        sa.UniqueConstraint("id", name=op.f("uq_claims_id")),
        sa.UniqueConstraint("organisation", "digest", name=op.f("uq_claims_organisation_digest")),
    )
    op.create_index(op.f("ix_claims_organisation_claim"), "claims", ["organisation", "claim"], unique=False)
    op.create_table(
        "files",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "digest", name=op.f("pk_files")),
    )
    op.create_table(
        "remittances",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("originator", sa.Text(), nullable=True),
        sa.Column("payer_name", sa.Text(), nullable=True),
        sa.Column("payer_id", sa.Text(), nullable=True),
        sa.Column("payee_id", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("control_number", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Text(), nullable=True),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_remittances")),
        sa.UniqueConstraint("id", name=op.f("uq_remittances_id")),
        sa.UniqueConstraint("organisation", "digest", name=op.f("uq_remittances_organisation_digest")),
    )
    op.create_index(op.f("ix_remittances_organisation_trace"), "remittances", ["organisation", "trace"], unique=False)
    op.create_table(
        "sequences",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sequences")),
    )
    op.create_table(
        "claim_lines",
        sa.Column("claim_key", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("modifiers", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["claim_key"], ["claims.key"], name=op.f("fk_claim_lines_claim_key_claims")),
        sa.PrimaryKeyConstraint("claim_key", "number", name=op.f("pk_claim_lines")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entries",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("group", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("claim_key", KEY, nullable=True),
        sa.Column("remittance", KEY, nullable=True),
        sa.Column("claim_number", sa.Integer(), nullable=True),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("offset", sa.BigInteger(), nullable=True),
        sa.Column("part", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["claim_key"], ["claims.key"], name=op.f("fk_entries_claim_key_claims")),
        sa.ForeignKeyConstraint(["remittance"], ["remittances.key"], name=op.f("fk_entries_remittance_remittances")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_entries")),
    )
    op.create_index(op.f("ix_entries_claim"), "entries", ["claim"], unique=False)
    op.create_table(
        "matches",
        sa.Column("remittance", KEY, nullable=False),
        sa.Column("claim_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("claim_key", KEY, nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_key"], ["claims.key"], name=op.f("fk_matches_claim_key_claims")),
        sa.PrimaryKeyConstraint("remittance", "claim_number", "number", name=op.f("pk_matches")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "remitted_claims",
        sa.Column("remittance", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("patient", sa.BigInteger(), nullable=False),
        sa.Column("filing", sa.Text(), nullable=True),
        sa.Column("payer_control_number", sa.Text(), nullable=True),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["remittance"], ["remittances.key"], name=op.f("fk_remitted_claims_remittance_remittances")
        ),
        sa.PrimaryKeyConstraint("remittance", "number", name=op.f("pk_remitted_claims")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_remitted_claims_organisation_claim"), "remitted_claims", ["organisation", "claim"], unique=False
    )
    op.create_table(
        "remitted_lines",
        sa.Column("remittance", KEY, nullable=False),
        sa.Column("claim_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("qualifier", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("modifiers", sa.Text(), nullable=False),
        sa.Column("submitted_code", sa.Text(), nullable=True),
        sa.Column("submitted_modifiers", sa.Text(), nullable=False),
        sa.Column("revenue_code", sa.Text(), nullable=True),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("control_number", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["remittance", "claim_number"],
            ["remitted_claims.remittance", "remitted_claims.number"],
            name=op.f("fk_remitted_lines_remittance_claim_number_remitted_claims"),
        ),
        sa.PrimaryKeyConstraint("remittance", "claim_number", "number", name=op.f("pk_remitted_lines")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION leadterm_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries "
            "FOR EACH STATEMENT EXECUTE FUNCTION leadterm_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER entries_no_{verb.lower()} BEFORE {verb} ON entries "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )


def downgrade() -> None:
    """Everything goes: this was the first step."""
    op.drop_table("remitted_lines")
    op.drop_index(op.f("ix_remitted_claims_organisation_claim"), table_name="remitted_claims")
    op.drop_table("remitted_claims")
    op.drop_table("matches")
    op.drop_index(op.f("ix_entries_claim"), table_name="entries")
    op.drop_table("entries")
    op.drop_table("claim_lines")
    op.drop_table("sequences")
    op.drop_index(op.f("ix_remittances_organisation_trace"), table_name="remittances")
    op.drop_table("remittances")
    op.drop_table("files")
    op.drop_index(op.f("ix_claims_organisation_claim"), table_name="claims")
    op.drop_table("claims")
    op.drop_index(op.f("ix_claim_events_organisation_claim"), table_name="claim_events")
    op.drop_table("claim_events")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION leadterm_append_only()")
