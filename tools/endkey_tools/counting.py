"""How many checks ran: the line `N passed, M failed` that every tool ends with."""

import re

from .processes import Failed

# How each tool reports what it ran.
PATTERNS = [
    re.compile(r"Test run with (\d+) tests? .*passed"),  # swift test
    re.compile(r"^=+ (\d+) passed.* in .*=+$", re.M),  # pytest
    re.compile(r"^[#\u2139] pass (\d+)$", re.M),  # node --test
    re.compile(r"^(\d+) passed(?:, \d+ (?:skipped|deselected|warnings?|subtests passed))* in [\d.]+s", re.M),  # quiet
    re.compile(r"^(\d+) passed, 0 failed", re.M),
]


def counted(output: str) -> int:
    """The number of checks that an output reports. Throws Failed when it reports none: nothing was checked."""
    total = sum(int(number) for pattern in PATTERNS for number in pattern.findall(output))
    if total == 0:
        raise Failed("this step ran no test")
    return total
