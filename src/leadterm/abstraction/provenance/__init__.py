"""Where the words of a chart come from: who said them, and whether they were said before."""
