"""Flat lists: HCPCS, CPT, order files, reference lists."""
