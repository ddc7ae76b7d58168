"""The algorithms of section 6, written out over the block functions of backend.py."""
