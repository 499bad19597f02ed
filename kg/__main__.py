"""`python -m kg` is `mechtrail`."""

from kg.cli import main

main()
