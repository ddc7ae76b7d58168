"""Manual pages: every command has one, says all that its help says, and roff reads it without a complaint."""

import re
import shutil
import subprocess

import pytest

from endkey_tools import man
from endkey_tools.repository import ROOT

ENDKEY = ROOT / ".build/debug/endkey"


@pytest.fixture(scope="module")
def pages():
    return man.pages(ENDKEY)


def test_each_command_that_help_lists_has_a_page(pages):
    assert {"endkey.1", "endkey-account.1", "endkey-account-code.1", "endkey-token-seal.1"} <= pages.keys()
    for name in pages:
        words = re.findall(r"[a-z]+", name.removesuffix(".1"))[1:]
        shown = subprocess.run([ENDKEY, *words, "--help"], capture_output=True, check=True, encoding="utf-8").stdout
        for option in set(re.findall(r"^  (--[a-z-]+)", shown, re.MULTILINE)):
            assert option.replace("-", "\\-") in pages[name], (name, option)


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff")
def test_roff_reads_them_without_a_complaint(pages):
    text = "".join(pages.values())
    done = subprocess.run(["groff", "-man", "-ww", "-z", "-Kutf8"], input=text, capture_output=True, encoding="utf-8",
                          check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("text", "expected"), [
    (".a", "\\&.a"), ("'a\n.b", "\\&'a\n\\&.b"), ("a\\b", "a\\eb"), ("--json", "\\-\\-json"), ("a.b", "a.b"),
])
def test_no_text_is_a_request(text, expected):
    assert man.escaped(text) == expected
