"""Use cases over kept data: each is one unit of work, and the one way in which data is changed."""
