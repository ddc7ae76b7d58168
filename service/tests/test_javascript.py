"""Both ends of the JavaScript client, by their tests in Node.js, against a service of their own."""

import os
import subprocess
from pathlib import Path

from conftest import ROOT, Running

TESTS = ROOT / "service/tests/javascript"


def test_both_ends_in_javascript(tmp_path: Path) -> None:
    service = Running(tmp_path).start()
    try:
        done = subprocess.run(
            ["node", "--test", f"{TESTS}/"], env={**os.environ, "ENDKEY_ORIGIN": service.origin}, capture_output=True,
            text=True, encoding="utf-8", timeout=1200)
    finally:
        service.stop()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n# pass " in done.stdout and "\n# pass 0\n" not in done.stdout
