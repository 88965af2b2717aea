"""`python -m callflow` is the command line."""

from callflow.cli import main

main()
