"""The Alphabetic Index and what stands beside it: external causes, drugs, neoplasms."""
