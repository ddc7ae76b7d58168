"""`python3 -m endkey_client`: answers the line protocol of vectors/README.md on standard input and output."""

from .respond import main

main()
