"""Bytes to messages and back: how structs are read and written (section 2.2), and the structs of section 8."""
