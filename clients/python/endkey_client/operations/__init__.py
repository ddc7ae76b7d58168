"""The operations of vectors/README.md, by name: JSON values in, JSON values out. Nothing is decided here."""

from . import agent, handles, messages, person, primitives, randomised
from .registry import OPERATIONS

__all__ = ["OPERATIONS", "agent", "handles", "messages", "person", "primitives", "randomised"]
