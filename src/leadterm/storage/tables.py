"""Tables of ledger, desk and compliance, as migrations made them. Money is whole cents; rows have their organisation.

`entries` is the ledger: rows are added and never changed or deleted, which triggers of the database enforce.
`remittances`, `remitted_claims` and `remitted_lines` keep what the payer said; `matches` is derived and can be made
anew. `charts`, `chart_codings` and `chart_actions` keep what is coded at the desk: an action is a row that is added.
`compliance_cases` and `compliance_events` keep case files: as in `entries`, rows are never changed or deleted.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# Tables whose rows are found by their whole key alone are kept in its order on SQLite (sqlite_with_rowid=False).
# SQLite numbers rows by itself only where the type is INTEGER.
KEY = BigInteger().with_variant(Integer, "sqlite")

sequences = Table(
    "sequences",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next", BigInteger, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("key", KEY, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("organisation", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("frequency", Text, nullable=False),
    Column("claim_type", Text, nullable=False),
    Column("payer", Text),
    Column("payer_name", Text),
    Column("payer_type", Text),
    Column("charge", BigInteger, nullable=False),
    Column("service_from", Date),
    Column("service_to", Date),
    Column("submitted", Date, nullable=False),
    Column("recorded", DateTime(timezone=True), nullable=False),
    Column("digest", Text, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("organisation", "digest"),
)
Index(None, claims.c.organisation, claims.c.claim)

claim_lines = Table(
    "claim_lines",
    metadata,
    Column("claim_key", KEY, ForeignKey("claims.key"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("code", Text),
    Column("modifiers", Text, nullable=False),
    Column("units", Text, nullable=False),
    Column("charge", BigInteger, nullable=False),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    sqlite_with_rowid=False,
)

claim_events = Table(
    "claim_events",
    metadata,
    Column("key", KEY, primary_key=True, autoincrement=True),
    Column("organisation", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("recorded", DateTime(timezone=True), nullable=False),
)
Index(None, claim_events.c.organisation, claim_events.c.claim)

files = Table(
    "files",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("payments", Integer, nullable=False),
    Column("recorded", DateTime(timezone=True), nullable=False),
)

remittances = Table(
    "remittances",
    metadata,
    Column("key", KEY, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("organisation", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("file_digest", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Column("originator", Text),
    Column("payer_name", Text),
    Column("payer_id", Text),
    Column("payee_id", Text),
    Column("method", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("effective", Date, nullable=False),
    Column("control_number", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("accepted", Text),
    Column("recorded", DateTime(timezone=True), nullable=False),
    UniqueConstraint("organisation", "digest"),
)
Index(None, remittances.c.organisation, remittances.c.trace)

remitted_claims = Table(
    "remitted_claims",
    metadata,
    Column("remittance", KEY, ForeignKey("remittances.key"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("charge", BigInteger, nullable=False),
    Column("paid", BigInteger, nullable=False),
    Column("patient", BigInteger, nullable=False),
    Column("filing", Text),
    Column("payer_control_number", Text),
    Column("start", Date),
    Column("end", Date),
    Column("remarks", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index(None, remitted_claims.c.organisation, remitted_claims.c.claim)

remitted_lines = Table(
    "remitted_lines",
    metadata,
    Column("remittance", KEY, primary_key=True),
    Column("claim_number", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("qualifier", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("modifiers", Text, nullable=False),
    Column("submitted_code", Text),
    Column("submitted_modifiers", Text, nullable=False),
    Column("revenue_code", Text),
    Column("units", Text, nullable=False),
    Column("charge", BigInteger, nullable=False),
    Column("paid", BigInteger, nullable=False),
    Column("start", Date),
    Column("end", Date),
    Column("control_number", Text),
    Column("remarks", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    ForeignKeyConstraint(["remittance", "claim_number"], ["remitted_claims.remittance", "remitted_claims.number"]),
    sqlite_with_rowid=False,
)

matches = Table(
    "matches",
    metadata,
    Column("remittance", KEY, primary_key=True),
    Column("claim_number", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("claim_key", KEY, ForeignKey("claims.key"), nullable=False),
    Column("line", Integer),
    Column("how", Text, nullable=False),
    sqlite_with_rowid=False,
)

entries = Table(
    "entries",
    metadata,
    Column("key", KEY, primary_key=True, autoincrement=True),
    Column("organisation", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("effective", Date, nullable=False),
    Column("claim", Text),
    Column("line", Integer),
    Column("group", Text),
    Column("reason", Text),
    Column("disposition", Text),
    Column("reference", Text),
    Column("claim_key", KEY, ForeignKey("claims.key")),
    Column("remittance", KEY, ForeignKey("remittances.key")),
    Column("claim_number", Integer),
    Column("segment", Text),
    Column("position", Integer),
    Column("offset", BigInteger),
    Column("part", Integer),
)
Index(None, entries.c.claim)

charts = Table(
    "charts",
    metadata,
    Column("key", KEY, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("organisation", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("practice", Text),
    Column("encounter", Text, nullable=False),
    Column("opened", DateTime(timezone=True), nullable=False),
    Column("changed", DateTime(timezone=True), nullable=False),
    Column("finished", DateTime(timezone=True)),
    Column("summary", Text, nullable=False),
)
Index(None, charts.c.organisation, charts.c.opened)

chart_codings = Table(
    "chart_codings",
    metadata,
    Column("chart", KEY, ForeignKey("charts.key"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("recorded", DateTime(timezone=True), nullable=False),
    sqlite_with_rowid=False,
)

chart_actions = Table(
    "chart_actions",
    metadata,
    Column("chart", KEY, ForeignKey("charts.key"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    sqlite_with_rowid=False,
)

preferences = Table(
    "preferences",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

compliance_cases = Table(
    "compliance_cases",
    metadata,
    Column("key", KEY, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("organisation", Text, nullable=False),
    Column("signal", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("opened", DateTime(timezone=True), nullable=False),
    UniqueConstraint("organisation", "signal"),
)

compliance_events = Table(
    "compliance_events",
    metadata,
    Column("case", KEY, ForeignKey("compliance_cases.key"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    sqlite_with_rowid=False,
)
Index(None, compliance_events.c.organisation)
