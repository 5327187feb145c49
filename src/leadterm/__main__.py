"""`python -m leadterm`: the command line."""

from leadterm.cli import main

main()
