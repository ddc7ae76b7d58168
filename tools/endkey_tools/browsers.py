"""Debian's Chromium, as the tests of pages start and end it."""

import sys

from .repository import ROOT

sys.path.append(str(ROOT / "clients/web"))

from chromium import chromium, limited

__all__ = ["chromium", "limited"]
