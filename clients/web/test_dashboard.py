#!/usr/bin/env python3
"""Runs the dashboard and all vectors in a real browser: Debian's Chromium, headless.

Screenshots go into .build/artifacts.
"""

import argparse
import copy
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from demo_service import APPLICATIONS, CHAT, HERE, INJECTED, LOGIN, PASSWORD, ROOT, Demo, Server, secret_account

CHROMIUM = Path("/usr/bin/chromium")
ARTIFACTS = ROOT / ".build/artifacts"
WRONG = ("That did not open the account. The login name, the password or the account secret is wrong. "
         "(password_open_failed)")


class Results:
    passed = failed = 0

    def check(self, name: str, got: object, expected: object) -> None:
        if got == expected:
            self.passed += 1
        else:
            self.failed += 1
            print(f"failed: {name}\n  expected {expected!r}\n  got      {got!r}")


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")


def unlock(page: Page, password: str = PASSWORD, secret: str = "", account: str = "") -> None:
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", password)
    page.evaluate("document.querySelector('details').open = true")
    page.fill("[name=secret]", secret)
    page.fill("[name=account]", account)
    page.click("#unlock [type=submit]")
    page.wait_for_selector("#unlock button:not([disabled])", state="attached")


def opened_fully(page: Page) -> None:
    page.wait_for_selector("#checked:not(:empty), #problem:not([hidden])")
    if problem := page.inner_text("#problem"):
        sys.exit(f"failed: the page did not open the account: {problem}")


def rows(page: Page) -> dict[str, list[tuple[str, int]]]:
    """Labels and times of each agent's rows, in the order of the page."""
    found = page.evaluate("""() => [...document.querySelectorAll(".agent")].map((agent) => [agent.dataset.agent,
      [...agent.querySelectorAll(".row")].map((row) =>
        [row.querySelector(".label").textContent, Number(row.dataset.milliseconds)])])""")
    return {agent: [(label, time) for label, time in listed] for agent, listed in found}


def total(page: Page) -> int:
    return int(page.get_attribute("#total", "data-milliseconds") or -1)


def bars(page: Page) -> list[float]:
    """Widths of the first agent's bars, the greatest being 1."""
    widths = page.evaluate("""() => [...document.querySelector(".agent").querySelectorAll(".bar")]
      .map((bar) => parseFloat(getComputedStyle(bar, "::before").width))""")
    return [round(width / max(widths), 2) for width in widths]


def locked(results: Results, page: Page, demo: Demo, report: dict) -> None:
    shown = rows(page)
    results.check("every row is a token", {label[:5] for listed in shown.values() for label, _ in listed}, {"ekt1_"})
    results.check("rows are the service's sums, greatest first", shown, {
        agent["agent_id"]: [(row["token"], row["milliseconds"]) for row in agent["applications"]]
        for agent in report["agents"]})
    truth = sum(sum(times.values()) for times in demo.truth.values())
    results.check("the total is the truth before it can be read", total(page), truth)
    text = page.content()
    plain = [value for value in [*demo.truth, "Ledger", "Thunderbird", CHAT] if value in text]
    results.check("no value stands in the page", plain, [])


def opened(results: Results, page: Page, demo: Demo, before: int) -> None:
    expected = {
        demo.agents[person]: sorted(times.items(), key=lambda row: -row[1]) for person, times in demo.truth.items()}
    shown = rows(page)
    results.check("rows are the truth, greatest first, both epochs in one", shown, expected)
    results.check("the total did not change", total(page), before)
    results.check("an agent's total is that of its rows", {
        agent: int(page.get_attribute(f'[data-agent="{agent}"]', "data-milliseconds")) for agent in expected},
        {agent: sum(time for _, time in listed) for agent, listed in expected.items()})
    first = next(iter(shown.values()))
    results.check("bars are as long as times", bars(page), [round(time / first[0][1], 2) for _, time in first])
    results.check("people have names", sorted(page.locator(".agent h2").all_inner_texts()), sorted(demo.truth))
    notes = page.locator("#notes li").all_inner_texts()
    in_json = re.fullmatch(r'\{"title":"([^"]+) \d","next":"([^"]+) \d"\}', notes[0])
    results.check("tokens within JSON are opened", in_json and in_json.groups(), tuple(APPLICATIONS[:2]))
    results.check("a short blob is opened", notes[1], f"Chat: {CHAT}")
    results.check("what does not open is marked", page.eval_on_selector_all(
        ".unopened", "(all) => all.map((one) => one.dataset.code)"), ["no_epoch_key", "token_open_failed"])
    results.check("what does not open stays", [note.split(": ")[1][:5] for note in notes[2:5]], ["ekt1_"] * 3)
    results.check("a token within an opened value stays", notes[5], f"Pasted: {demo.pasted}")
    results.check("a skipped candidate is reported", "1 truncated" in page.inner_text("#footer"), True)
    results.check("totals match the batches", page.inner_text("#checked"), "Totals match 7 signed batches")
    page.click("[data-order=name]")
    names = [[label for label, _ in listed] for listed in rows(page).values()]
    by_name = sorted(APPLICATIONS, key=lambda name: (name[0].isalnum(), name.lower()))
    results.check("rows sort by name", names, [by_name] * len(demo.truth))
    page.click("[data-order=time]")
    results.check("and by time again", rows(page), expected)


def injected(results: Results, page: Page) -> None:
    labels = [label for listed in rows(page).values() for label, _ in listed]
    results.check("markup in a value is text", labels.count(INJECTED), 3)
    results.check("no element came of it", page.locator("img, #report b, #notes b").count(), 0)
    results.check("no script ran", page.evaluate("document.documentElement.dataset.injected ?? null"), None)


def later(results: Results, page: Page, report: dict) -> None:
    """Texts that appear after unlocking: whole, cut into two nodes, by a change of a text node, and a great many."""
    token = report["agents"][0]["name"]
    name = page.locator(".agent h2").first.inner_text()
    page.evaluate("""(token) => {
      const add = (id, ...children) => {
        const element = document.createElement("p");
        element.id = id;
        element.append(...children);
        document.getElementById("feed").append(element);
      };
      add("later", `by ${token}!`);
      add("cut", token.slice(0, 20), token.slice(20));
      add("changed", "nothing yet");
      document.getElementById("changed").firstChild.data = `now ${token}`;
      add("many", Array(2000).fill(token).join("|"));
      add("title", "x");
      document.getElementById("title").title = token;
    }""", token)
    page.wait_for_function("document.querySelectorAll('#many .opened').length === 2000")
    results.check("a token inserted later", page.inner_text("#later"), f"by {name}!")
    results.check("a token in two text nodes", page.inner_text("#cut"), name)
    results.check("a text that changed", page.inner_text("#changed"), f"now {name}")
    results.check("attributes are left alone", page.get_attribute("#title", "title"), token)
    page.evaluate("document.querySelectorAll('#later, #cut, #changed, #many, #title').forEach((one) => one.remove())")


def refusals(results: Results, page: Page, server: Server, report: dict) -> None:
    """What the owner is told; no page opens anything here."""
    cases = {
        "another salt under one counter": ("password_wrap", 40, PASSWORD, "(pin_mismatch)"),
        "another account": ("password_wrap", 5, PASSWORD, "(pin_mismatch)"),
        "a changed state": ("state", 330, PASSWORD, "(signature_invalid)"),
        "a changed vault": ("vault", 100, PASSWORD, "(vault_open_failed)"),
        "changed private keys": ("private_keys", 100, PASSWORD, "(private_keys_open_failed)"),
    }
    for name, (message, offset, password, code) in cases.items():
        changed = copy.deepcopy(report)
        changed["account"][message] = flipped(report["account"][message], offset)
        open_page(page, server.offer("changed.json", changed))
        unlock(page, password)
        results.check(name, page.inner_text("#problem")[-len(code):], code)
        results.check(f"{name}: all stays locked", page.locator(".opened").count(), 0)
    changed = copy.deepcopy(report)
    changed["account"]["rule_set"] = None
    open_page(page, server.offer("changed.json", changed))
    unlock(page)
    results.check("a rule set kept back", page.inner_text("#problem")[-14:], "(chain_broken)")
    for query, words in (("?service=https://example.org/report.json", "origin of this page"),
                         ("?service=nothing.json", "404"), ("", "Name the report")):
        open_page(page, f"{server.address}dashboard.html{query}")
        results.check(f"no report: {words}", words in page.inner_text("#problem"), True)


def audits(results: Results, page: Page, server: Server, report: dict) -> None:
    """A service that edits its sums, or a batch, is found out."""
    edited = copy.deepcopy(report)
    edited["agents"][0]["applications"][0]["milliseconds"] += 60_000
    open_page(page, server.offer("edited.json", edited))
    unlock(page)
    opened_fully(page)
    results.check("an edited sum shows", page.inner_text("#checked"),
                  "Totals do not match: 0 faults in 7 signed batches, 1 computers with other sums")
    edited = copy.deepcopy(report)
    batches = edited["agents"][1]["batches"]
    batches[0] = flipped(batches[0], 200)
    open_page(page, server.offer("edited.json", edited))
    unlock(page)
    opened_fully(page)
    findings = page.get_attribute("#checked", "data-findings")
    results.check("an edited batch shows", findings, "signature_invalid sequence_gap")


def fresh(results: Results, page: Page, server: Server, demo: Demo, report: dict, folder: Path) -> None:
    """A browser that remembers nothing: the account id that the owner noted, and the account secret."""
    account = report["account"]["password_wrap"][8:40]
    open_page(page, server.offer("report.json", report))
    unlock(page, account="00" + account[2:])
    results.check("another account than noted", page.inner_text("#problem")[-14:], "(pin_mismatch)")
    unlock(page, secret="ekb1qqqq")
    results.check("a mistyped account secret", page.inner_text("#problem")[-13:], "(bad_bech32m)")
    unlock(page, account=account)
    opened_fully(page)
    results.check("the account as noted", page.inner_text("#checked"), "Totals match 7 signed batches")
    page.evaluate("localStorage.clear()")
    with_secret, secret = secret_account(demo.endkey, folder)
    open_page(page, server.offer("secret.json", with_secret))
    unlock(page)
    results.check("no account secret", page.inner_text("#problem")[-25:], "(account_secret_mismatch)")
    unlock(page, secret=secret[:-1] + ("q" if secret[-1] != "q" else "p"))
    results.check("a wrong account secret", page.inner_text("#problem")[-13:], "(bad_bech32m)")
    unlock(page, secret=secret)
    opened_fully(page)
    results.check("the account secret opens", page.inner_text("#checked"), "Totals match 0 signed batches")


def flipped(text: str, offset: int) -> str:
    data = bytearray.fromhex(text)
    data[offset] ^= 1
    return data.hex()


def vectors(results: Results, page: Page, server: Server) -> None:
    """All vectors in the page, as many as in Node.js."""
    done = subprocess.run(["node", HERE / "check.mjs"], text=True, stdout=subprocess.PIPE)
    in_node = [int(number) for number in re.findall(r"^(\d+) (?:files|unsupported|passed, 0 failed)", done.stdout, re.M)]
    page.goto(f"{server.address}vectors.html")
    page.wait_for_selector("html[data-sum]", state="attached", timeout=300_000)
    in_page = json.loads(page.get_attribute("html", "data-sum"))
    in_page_too = [in_page[key] for key in ("files", "unsupported", "passed")]
    results.check("vectors pass in the page as in Node.js", in_page_too, in_node)
    results.check("none fails in the page", in_page["failed"], 0)
    if in_page["failed"]:
        print(page.inner_text("#log"))
    results.passed += in_page["passed"]
    print(f"{in_page['passed']} vectors in the page, {in_page['unsupported']} unsupported")


def run(results: Results, page: Page, demo: Demo, server: Server) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    report = demo.report()
    address = server.offer("report.json", report)
    open_page(page, address)
    locked(results, page, demo, report)
    before = total(page)
    page.screenshot(path=ARTIFACTS / "dashboard-locked.png", full_page=True)
    unlock(page, PASSWORD.upper())
    results.check("a wrong password is said to be wrong", page.inner_text("#problem"), WRONG)
    page.screenshot(path=ARTIFACTS / "dashboard-wrong-password.png")
    locked(results, page, demo, report)
    unlock(page)
    opened_fully(page)
    page.wait_for_function("document.querySelectorAll('.unopened').length > 0")
    opened(results, page, demo, before)
    injected(results, page)
    page.screenshot(path=ARTIFACTS / "dashboard-open.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=ARTIFACTS / "dashboard-open-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 800})
    results.check("a narrow page does not scroll sideways", page.evaluate("document.documentElement.scrollWidth"), 390)
    page.screenshot(path=ARTIFACTS / "dashboard-open-narrow.png")
    page.set_viewport_size({"width": 1000, "height": 800})
    later(results, page, report)
    page.click("#lock")
    page.wait_for_selector("html[data-ready]", state="attached")
    locked(results, page, demo, report)
    refusals(results, page, server, report)
    audits(results, page, server, report)
    vectors(results, page, server)
    results.check("no error was thrown in a page", problems, [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("endkey", type=Path, nargs="?", default=ROOT / ".build/debug/endkey",
                        help="the command line that makes the account (default: .build/debug/endkey)")
    arguments = parser.parse_args()
    if not CHROMIUM.exists():
        sys.exit(f"failed: no {CHROMIUM}; `apt-get install chromium` (.ci/setup does it)")
    if not arguments.endkey.exists():
        sys.exit(f"failed: no {arguments.endkey}; `swift build --product endkey` makes it")
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    results = Results()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = Demo(arguments.endkey.resolve(), Path(folder))
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        print(f"Chromium {browser.version}")
        server = Server()
        run(results, browser.new_page(viewport={"width": 1000, "height": 800}), demo, server)
        another = Path(folder) / "another"
        another.mkdir()
        fresh(results, browser.new_context().new_page(), server, demo, demo.report(), another)
        browser.close()
    print(f"{results.passed} passed, {results.failed} failed")
    sys.exit(1 if results.failed else 0)


main()
