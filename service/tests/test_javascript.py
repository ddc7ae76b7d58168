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


def test_owner_in_javascript_puts_back_what_a_restored_service_lost(tmp_path: Path) -> None:
    """H-10-9."""
    service = Running(tmp_path / "service").start()
    owner = subprocess.Popen(
        ["node", ROOT / "service/tests/restored/owner.mjs"], env={**os.environ, "ENDKEY_ORIGIN": service.origin},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert owner.stdin is not None and owner.stdout is not None and owner.stderr is not None
    try:
        for said in ("made", "changed", "put back"):
            if owner.stdout.readline() != f"{said}\n":
                raise AssertionError(owner.stderr.read())
            if said == "made":
                service.back_up()
            elif said == "changed":
                service.restore()
            else:
                service.stop()
                service.start()
            owner.stdin.write("\n")
            owner.stdin.flush()
        assert owner.wait(60) == 0
    finally:
        owner.kill()
        owner.communicate(timeout=60)
        service.stop()
