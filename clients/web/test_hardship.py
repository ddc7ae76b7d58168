"""What a browser, another tab or a person's absence does to the page: each is told in a sentence, with what to do."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from browser import ARTIFACTS, open_and_unlock, open_page, opened_fully, problem, unlock
from demo_service import HERE, LOGIN, ROOT, Demo, Report, Server
from firefox import Firefox

COMPARE = "Compare the digits below with another device before you confirm them."
FRESH = f"Nothing is remembered here yet: old records would not be noticed. {COMPARE}"
LOST = f"What this browser remembered of the account was deleted: old records would not be noticed. {COMPARE}"
DAMAGED = f"What this browser remembered of the account is damaged: old records would not be noticed. {COMPARE}"
DENIED = ("This browser keeps nothing for this page, so that old records are never noticed here. Allow it to store "
          "data, or leave the private window; until then compare the digits below with another device each time.")
INSECURE = ("This page came over a connection that others can change, so the browser gives it no cryptography. Open it "
            "by an https address, or on this computer by http://localhost.")
OLD_BROWSER = ("This browser lacks cryptography that the account needs (Ed25519). Use Chromium 137, Firefox 129, "
               "Safari 17, or a newer one.")
IDLE = "Locked, since nobody used the page for 10 minutes. Unlock it to go on."
LEFT = "Locked, since the page was left or loaded anew. Unlock it to go on."
NEWER = "Another tab has opened a newer record of the account. Load this page anew to see it."
UNCONFIRMED = ("Another tab has opened a newer record of the account since, so this one was not confirmed. Load this "
               "page anew, and compare what it shows then.")

# In a page, before its own scripts.
THROWS = "{ get() { throw new DOMException('denied', 'SecurityError'); } }"
DENIALS = {
    "a browser that denies all storage": f"""Object.defineProperty(window, "indexedDB", {THROWS});
      Object.defineProperty(window, "localStorage", {THROWS});""",
    "a browser without a database": """Object.defineProperty(window, "indexedDB", { value: null });""",
    "a database that does not open": """IDBFactory.prototype.open = () => {
      const request = { error: new DOMException("private", "InvalidStateError") };
      setTimeout(() => request.onerror());
      return request;
    };""",
    "a database without its table": """indexedDB.open("endkey", 1);""",
    "a disk that is full": """IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };""",
}
# Of what is stored: `store` is the table of pins, `name` a login name.
DAMAGES = {
    "pins that were deleted": ("store.delete(name)", LOST),
    "a database that was emptied": ("store.clear()", LOST),
    "pins with a changed byte": ("""store.get(name).onsuccess = ({ target: { result } }) => {
      result[60] ^= 1;
      store.put(result, name);
    }""", DAMAGED),
    "pins that were cut": ("store.put(new Uint8Array(3), name)", DAMAGED),
    "pins that are no bytes": ("store.put('pins', name)", DAMAGED),
    "a key that was deleted": ("store.delete('')", DAMAGED),
    "a key that is none": ("store.put(new Uint8Array(32), '')", DAMAGED),
}


def standing(page: Page) -> list[str]:
    return page.locator("#standing ul li").all_inner_texts()


def in_database(page: Page, code: str) -> None:
    page.evaluate(f"""(name) => new Promise((done) => {{
      const open = indexedDB.open("endkey", 1);
      open.onsuccess = () => {{
        const transaction = open.result.transaction("pins", "readwrite");
        const store = transaction.objectStore("pins");
        {code};
        transaction.oncomplete = () => {{ open.result.close(); done(); }};
      }};
    }})""", LOGIN)


@pytest.mark.parametrize("script", DENIALS.values(), ids=DENIALS)
def test_without_storage_the_page_opens_and_says_that_nothing_is_kept(page: Page, address: str, script: str) -> None:
    page.add_init_script(script)
    open_and_unlock(page, address)
    assert standing(page) == [DENIED]
    page.click("#confirm")
    page.wait_for_selector("#confirm", state="hidden")
    assert problem(page) == ""


def test_what_was_remembered_and_is_lost_or_damaged_is_told_once(page: Page, address: str) -> None:
    """R-13.2-2. What is remembered anew is whole."""
    open_and_unlock(page, address)
    assert standing(page) == [FRESH]
    for damage, said in DAMAGES.values():
        in_database(page, damage)
        open_and_unlock(page, address)
        assert standing(page) == [said]
    open_and_unlock(page, address)
    assert standing(page) == []


def test_a_disk_that_was_restored_from_a_copy_is_forgotten_when_its_user_says_so(page: Page, address: str) -> None:
    """R-12.7-8."""
    open_and_unlock(page, address)
    open_page(page, address)
    page.evaluate("document.querySelector('details').open = true")
    page.check("[name=restored]")
    unlock(page)
    opened_fully(page)
    assert standing(page) == [FRESH]


def test_a_page_from_an_insecure_place_says_where_to_open_it(page: Page) -> None:
    def from_folder(route: Route) -> None:
        path = ROOT / route.request.url.split("/", 3)[3].split("?")[0]
        route.fulfill(path=path, content_type="text/javascript" if path.suffix == ".mjs" else None)

    page.route("http://endkey.example/**", from_folder)
    open_page(page, f"http://endkey.example/{HERE.relative_to(ROOT)}/dashboard.html?service=report.json")
    assert problem(page) == INSECURE
    assert page.is_hidden("#unlock")


def test_a_browser_that_is_too_old_says_which_are_not(page: Page, address: str) -> None:
    page.add_init_script("""crypto.subtle.importKey = () => {
      throw new DOMException("Ed25519", "NotSupportedError");
    };""")
    open_page(page, address)
    unlock(page)
    assert problem(page) == OLD_BROWSER


def test_a_service_that_is_away_is_told_and_nothing_typed_is_lost(page: Page, address: str) -> None:
    open_page(page, address)
    page.route("**/report.json", lambda route: route.abort())
    unlock(page)
    assert problem(page) == "The service does not answer. Look whether this computer is online, and try again."
    page.unroute("**/report.json")
    page.click("#unlock [type=submit]")
    opened_fully(page)


@pytest.fixture(scope="session")
def later(demo: Demo, report: Report, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report of the same account after one more record of it."""
    return {**report, "account": demo.after_one_more(tmp_path_factory.mktemp("later") / "demo")}


def test_a_tab_that_was_loaded_before_a_change_opens_what_is_new(
        page: Page, server: Server, report: Report, later: Report) -> None:
    address = server.offer("changing.json", report)
    open_page(page, address)
    other = page.context.new_page()
    server.offer("changing.json", later)
    open_and_unlock(other, address)
    unlock(page)
    opened_fully(page)
    assert standing(page) == []


def test_of_two_tabs_the_older_one_says_so_and_puts_nothing_back(
        page: Page, server: Server, report: Report, later: Report) -> None:
    address = server.offer("changing.json", report)
    open_and_unlock(page, address)
    server.offer("changing.json", later)
    other = page.context.new_page()
    open_and_unlock(other, address)
    page.wait_for_selector("#problem:not([hidden])")
    assert problem(page) == NEWER
    page.click("#confirm")
    page.wait_for_function("(last) => document.getElementById('problem').textContent !== last", arg=NEWER)
    assert problem(page) == UNCONFIRMED
    server.offer("changing.json", report)
    open_page(other, address)
    unlock(other)
    assert problem(other).endswith("(counter_rollback)")


def test_two_tabs_that_open_at_once_both_open(page: Page, address: str) -> None:
    other = page.context.new_page()
    for one in (page, other):
        open_page(one, address)
        one.fill("[name=login]", LOGIN)
        one.fill("[name=password]", "correct horse battery staple")
    for one in (page, other):
        one.evaluate("document.getElementById('unlock').requestSubmit()")
    for one in (page, other):
        opened_fully(one)


def is_locked(page: Page, said: str) -> None:
    page.wait_for_function("(said) => document.getElementById('problem')?.textContent === said", arg=said)
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.is_visible("#unlock") and page.locator(".opened").count() == 0


def test_a_page_that_nobody_uses_is_locked(page: Page, address: str) -> None:
    page.clock.install()
    open_and_unlock(page, address)
    page.clock.run_for("09:30")
    page.keyboard.press("Shift")
    page.clock.run_for("09:30")
    assert page.is_hidden("#unlock")
    page.clock.run_for("00:40")
    is_locked(page, IDLE)
    page.screenshot(path=ARTIFACTS / "dashboard-idle.png")


def test_a_page_that_slept_is_locked_before_anything_is_done_with_it(page: Page, address: str) -> None:
    page.clock.install()
    open_and_unlock(page, address)
    page.clock.fast_forward("12:00:00")  # as a computer does that wakes: no timer has run
    page.keyboard.press("Shift")
    is_locked(page, IDLE)


def leave_and_come_back(page: Page, server: Server) -> None:
    page.goto(server.address)
    page.go_back()


def kept_by_the_browser(page: Page, _: Server) -> None:
    page.evaluate("""() => {
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      document.documentElement.dataset.kept = document.body.textContent;
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    }""")


@pytest.mark.parametrize("leave", [leave_and_come_back, kept_by_the_browser, lambda page, _: page.reload()],
                         ids=["the back button", "a page that the browser keeps", "loading anew"])
def test_who_comes_back_to_the_page_finds_it_locked(
        page: Page, server: Server, address: str, leave: Callable[[Page, Server], None]) -> None:
    open_and_unlock(page, address)
    leave(page, server)
    is_locked(page, LEFT)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert problem(page) == ""


def test_in_firefox_who_comes_back_to_the_page_that_it_kept_finds_it_locked(
        firefox_page: Firefox, server: Server, address: str) -> None:
    open_and_unlock(firefox_page, address)
    firefox_page.goto(server.offer_document("elsewhere.html", "<p>Elsewhere"))
    firefox_page.go_back()
    firefox_page.wait_for_function("document.getElementById('problem')?.textContent")
    assert problem(firefox_page) == LEFT
    assert firefox_page.evaluate("document.querySelector('.opened')") is None


def test_who_locks_the_page_is_not_told_why(page: Page, address: str) -> None:
    open_and_unlock(page, address)
    page.click("#lock")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_selector("#unlock", state="visible")
    assert problem(page) == ""
