"""An independent client of the Endkey protocol, written from its specification.

Section numbers are those of spec/endkey.md.
"""
