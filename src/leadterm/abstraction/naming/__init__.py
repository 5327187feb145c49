"""What a chart names: the terms of the dictionary, in whatever order and spelling."""
