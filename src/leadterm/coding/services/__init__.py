"""What was done, as codes: procedures of a stay (ICD-10-PCS), and the lines of a claim (HCPCS Level II, CPT)."""
