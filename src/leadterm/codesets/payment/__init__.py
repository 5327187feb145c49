"""Tables of edits, prices and groups: NCCI, fee schedule, coverage, CCSR, MS-DRG."""
