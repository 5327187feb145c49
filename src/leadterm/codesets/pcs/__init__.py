"""ICD-10-PCS: tables, the builder, the Index, definitions."""
