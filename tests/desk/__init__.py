"""The coding desk: what a coder does in short words, the codes that come of it."""
