"""Clients with one fault each, and the proof that the vectors find every one of them. See README.md."""
