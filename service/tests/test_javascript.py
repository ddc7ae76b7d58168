"""The JavaScript client's person's end, by its tests in Node.js, against a service of this session."""

import os
import subprocess

from conftest import ROOT, Running

TESTS = ROOT / "service/tests/javascript"


def test_persons_end_in_javascript(running: Running) -> None:
    done = subprocess.run(
        ["node", "--test", f"{TESTS}/"], env={**os.environ, "ENDKEY_ORIGIN": running.origin}, capture_output=True,
        text=True, encoding="utf-8", timeout=1200)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n# pass " in done.stdout and "\n# pass 0\n" not in done.stdout
