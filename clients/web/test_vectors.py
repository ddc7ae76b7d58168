"""Every vector in real browsers, through the modules that their pages use."""

import json

from playwright.sync_api import Page

from demo_service import HERE, ROOT, Server
from firefox import Firefox


def test_keys_with_a_short_number_open(anyone: Page | Firefox, server: Server) -> None:
    """A JWK has each number in its least number of octets; Chromium refuses another."""
    anyone.goto(f"{server.address}vectors.html?none")
    cases = json.loads((HERE / "test/fixtures/short-numbers.json").read_text(encoding="utf-8"))
    answers = anyone.evaluate("""async (cases) => {
      const { answer } = await import("/clients/web/conformance/handler.mjs");
      return Promise.all(cases.map((one) => answer(one.op, one.in)));
    }""", cases)
    assert len(cases) == 8 and answers == [case["expect"] for case in cases]


def test_every_vector_passes(anyone: Page | Firefox, server: Server) -> None:
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "vectors").glob("*.json"))]
    counts = [len(file["tests"]) for file in files if str(file.get("schema", "")).startswith("endkey-vectors-")]
    anyone.goto(f"{server.address}vectors.html")
    for done in range(1, len(counts) + 1):  # what must come within the limit is the next file, not all of them
        anyone.wait_for_function(f"document.documentElement.dataset.files >= {done}")
    anyone.wait_for_selector("html[data-sum]", state="attached")
    told = json.loads(anyone.get_attribute("html", "data-sum") or "{}")
    assert told == {"files": len(counts), "passed": sum(counts), "failed": 0, "unsupported": 0}, (
        anyone.inner_text("#log"))
