"""Search: from words, typed as they come, to codes."""
