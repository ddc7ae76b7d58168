"""Measurements: against peers and limits, and of queries over tokens."""
