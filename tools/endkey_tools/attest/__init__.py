"""Implementations other than the reference, asked about every vector."""
