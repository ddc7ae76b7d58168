"""What a browser, another tab or a person's absence does to the page: each is told in a sentence, with what to do."""

import pytest
from playwright.sync_api import Page

from browser import ARTIFACTS, elsewhere, open_and_unlock, open_page, opened_fully, problem, unlock
from chromium import INSECURE_HOST
from demo_service import HERE, LOGIN, PASSWORD, Demo, Report, Server
from firefox import Firefox

COMPARE = "Compare the digits below with another device before you confirm them."
FRESH = f"Nothing is remembered here yet: old records would not be noticed. {COMPARE}"
LOST = f"What this browser remembered of the account was deleted: old records would not be noticed. {COMPARE}"
DAMAGED = f"What this browser remembered of the account is damaged: old records would not be noticed. {COMPARE}"
DENIED = ("This browser keeps nothing for this page, so that old records are never noticed here. Allow it to store "
          "data, or leave the private window; until then compare the digits below with another device each time.")
UNMARKED = ("This browser remembers the account, but has no room left to notice if that were deleted. Delete what "
            "other pages of this address have stored here.")
UNKEPT = "Confirmed until this page is locked: this browser keeps nothing for it."
INSECURE = ("This page came over a connection that others can change, so the browser gives it no cryptography. Open it "
            "by an https address, or on this computer by http://localhost.")
OLD_BROWSER = ("This browser lacks cryptography that the account needs (Ed25519). Use Chromium 137, Firefox 129, "
               "Safari 17, or a newer one.")
IDLE = "Locked, since nobody used the page for 10 minutes. Unlock it to go on."
TYPED = "What was typed here is gone, since nobody used the page for 10 minutes."
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
# A clock that goes on by `data-skip` milliseconds when it is told to; what waits for long enough then comes due.
CLOCK = """
const { now } = Date;
const running = performance.now.bind(performance);
const wait = setTimeout;
const waiting = [];
let ahead = 0;
Date.now = () => now() + ahead;
performance.now = () => running() + ahead;
window.setTimeout = (act, time, ...rest) =>
  (!(time >= 25_000) ? wait(act, time, ...rest) : waiting.push({ act, due: performance.now() + time }));
addEventListener("skip", () => {
  const { dataset } = document.documentElement;
  ahead += Number(dataset.skip);
  const due = waiting.filter((one) => one.due <= performance.now());
  for (const one of due) waiting.splice(waiting.indexOf(one), 1);
  if (dataset.sleeps === undefined) for (const one of due) one.act();
  delete dataset.skip;
});"""
MINUTE = 60_000


def hooked(server: Server, script: str) -> str:
    """The address of the page with a script before its own."""
    page = (HERE / "dashboard.html").read_text(encoding="utf-8")
    server.offer_file("hook.js", "text/javascript", script.encode())
    server.offer_document("hooked.html", page.replace("<script ", '<script src="hook.js"></script>\n<script ', 1))
    return f"{server.address}hooked.html?service=report.json"


def skip(page: Page | Firefox, minutes: float, sleeps: bool = False) -> None:
    """Lets time go by in a page that has `CLOCK`. In a computer that sleeps no timer runs.

    A browser may take a key that is pressed next before a timer that is due: the time has gone by when this returns.
    """
    page.evaluate("""({ time, sleeps }) => {
      document.documentElement.dataset.skip = time;
      if (sleeps) document.documentElement.dataset.sleeps = "";
      setTimeout(() => dispatchEvent(new Event("skip")));
    }""", {"time": minutes * MINUTE, "sleeps": sleeps})
    page.wait_for_function("document.documentElement.dataset.skip === undefined")


def use(page: Page | Firefox) -> None:
    """What a person does at the keyboard."""
    shift = "\ue008"
    page.press([], [shift]) if isinstance(page, Firefox) else page.keyboard.press("Shift")


def standing(page: Page | Firefox) -> list[str]:
    said: list[str] = page.evaluate("[...document.querySelectorAll('#standing ul li')].map((one) => one.innerText)")
    return said


def is_said(page: Page | Firefox, said: str) -> None:
    page.wait_for_function("(said) => document.getElementById('problem')?.textContent === said", arg=said)


def is_locked(page: Page | Firefox, said: str) -> None:
    is_said(page, said)
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_selector("#unlock")
    assert page.evaluate("document.querySelector('.opened')") is None
    assert typed(page) == ""


def typed(page: Page | Firefox) -> str:
    return str(page.evaluate("[...document.querySelectorAll('input')].map(({ value, type }) => "
                             "(type === 'checkbox' ? '' : value)).join('')"))


@pytest.mark.parametrize("script", DENIALS.values(), ids=DENIALS)
def test_without_storage_the_page_opens_and_says_that_nothing_is_kept(
        fresh: Page | Firefox, server: Server, address: str, script: str) -> None:
    open_and_unlock(fresh, hooked(server, script))
    assert standing(fresh) == [DENIED]
    fresh.click("#confirm")
    is_said(fresh, UNKEPT)
    fresh.wait_for_selector("#confirm", state="hidden")


def test_storage_without_room_for_a_mark_keeps_what_is_remembered(
        fresh: Page | Firefox, server: Server, address: str) -> None:
    elsewhere(fresh, server, """() => {
      let text = "x".repeat(1 << 22);
      for (let i = 0; text !== "";) {
        try {
          localStorage.setItem(i, text);
          i += 1;
        } catch {
          text = text.slice(text.length >> 1).slice(text.length === 1 ? 1 : 0);
        }
      }
    }""")
    open_and_unlock(fresh, address)
    assert standing(fresh) == [FRESH]
    fresh.click("#confirm")
    fresh.wait_for_selector("#confirm", state="hidden")
    assert problem(fresh) == ""
    open_and_unlock(fresh, address)
    assert standing(fresh) == [UNMARKED]
    elsewhere(fresh, server, "localStorage.clear()")
    open_and_unlock(fresh, address)
    assert standing(fresh) == []


def test_what_was_remembered_and_is_lost_or_damaged_is_told_once(
        fresh: Page | Firefox, server: Server, address: str) -> None:
    """R-13.2-2. What is remembered anew is whole."""
    open_and_unlock(fresh, address)
    assert standing(fresh) == [FRESH]
    for damage, said in DAMAGES.values():
        elsewhere(fresh, server, f"""(name) => new Promise((done) => {{
          const open = indexedDB.open("endkey", 1);
          open.onsuccess = () => {{
            const transaction = open.result.transaction("pins", "readwrite");
            const store = transaction.objectStore("pins");
            {damage};
            transaction.oncomplete = () => {{ open.result.close(); done(); }};
          }};
        }})""", LOGIN)
        open_and_unlock(fresh, address)
        assert standing(fresh) == [said]
    open_and_unlock(fresh, address)
    assert standing(fresh) == []


def test_a_disk_that_was_restored_from_a_copy_is_forgotten_when_its_user_says_so(page: Page, address: str) -> None:
    """R-12.7-8."""
    open_and_unlock(page, address)
    open_page(page, address)
    page.evaluate("document.querySelector('details').open = true")
    page.check("[name=restored]")
    unlock(page)
    opened_fully(page)
    assert standing(page) == [FRESH]


def test_a_page_from_an_insecure_place_says_where_to_open_it(anyone: Page | Firefox, address: str) -> None:
    open_page(anyone, address.replace("127.0.0.1", INSECURE_HOST))
    assert problem(anyone) == INSECURE
    anyone.wait_for_selector("#unlock", state="hidden")


def test_a_browser_that_is_too_old_says_which_are_not(anyone: Page | Firefox, server: Server, address: str) -> None:
    open_page(anyone, hooked(server, """SubtleCrypto.prototype.importKey = () => {
      throw new DOMException("Ed25519", "NotSupportedError");
    };"""))
    unlock(anyone)
    assert problem(anyone) == OLD_BROWSER


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
        fresh: Page | Firefox, other: Page | Firefox, server: Server, report: Report, later: Report) -> None:
    address = server.offer("changing.json", report)
    open_page(fresh, address)
    server.offer("changing.json", later)
    open_and_unlock(other, address)
    unlock(fresh)
    opened_fully(fresh)
    assert standing(fresh) == []


def test_of_two_tabs_the_older_one_says_so_and_puts_nothing_back(
        fresh: Page | Firefox, other: Page | Firefox, server: Server, report: Report, later: Report) -> None:
    address = server.offer("changing.json", report)
    open_and_unlock(fresh, address)
    server.offer("changing.json", later)
    open_and_unlock(other, address)
    is_said(fresh, NEWER)
    fresh.click("#confirm")
    is_said(fresh, UNCONFIRMED)
    server.offer("changing.json", report)
    open_page(other, address)
    unlock(other)
    assert problem(other).endswith("(counter_rollback)")


def test_two_tabs_that_open_at_once_both_open(
        fresh: Page | Firefox, other: Page | Firefox, address: str) -> None:
    for one in (fresh, other):
        open_page(one, address)
        one.fill("[name=login]", LOGIN)
        one.fill("[name=password]", PASSWORD)
    for one in (fresh, other):
        one.evaluate("document.getElementById('unlock').requestSubmit()")
    for one in (fresh, other):
        opened_fully(one)


def test_a_page_that_nobody_uses_is_locked(fresh: Page | Firefox, server: Server, address: str) -> None:
    open_and_unlock(fresh, hooked(server, CLOCK))
    use(fresh)
    skip(fresh, 9.5)
    use(fresh)
    skip(fresh, 9.5)
    fresh.wait_for_selector("#unlock", state="hidden")
    # What the page does by itself is no use of it.
    fresh.evaluate("scrollTo(0, 200)")
    fresh.evaluate("() => { document.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true })); }")
    skip(fresh, 0.7)
    is_locked(fresh, IDLE)
    fresh.screenshot(path=ARTIFACTS / "dashboard-idle.png")


def test_a_page_that_slept_is_locked_before_anything_is_done_with_it(
        fresh: Page | Firefox, server: Server, address: str) -> None:
    open_and_unlock(fresh, hooked(server, CLOCK))
    skip(fresh, 12 * 60, sleeps=True)
    fresh.wait_for_selector("#unlock", state="hidden")
    use(fresh)
    is_locked(fresh, IDLE)


def test_what_was_typed_goes_from_a_page_that_nobody_uses(
        fresh: Page | Firefox, server: Server, address: str) -> None:
    open_page(fresh, hooked(server, CLOCK))
    skip(fresh, 11)
    fresh.wait_for_selector("#unlock")
    assert problem(fresh) == "", "where nothing was typed, nothing is lost"
    fresh.fill("[name=password]", PASSWORD)
    skip(fresh, 9)
    assert typed(fresh) == PASSWORD
    skip(fresh, 2)
    is_locked(fresh, TYPED)


def test_what_was_typed_goes_from_a_page_that_is_left(
        fresh: Page | Firefox, server: Server, address: str) -> None:
    open_page(fresh, address)
    fresh.fill("[name=login]", LOGIN)
    fresh.fill("[name=password]", PASSWORD)
    elsewhere(fresh, server)
    fresh.go_back()
    fresh.wait_for_selector("html[data-ready]", state="attached")
    fresh.wait_for_function("document.querySelector('[name=password]')?.value === ''")


def test_what_was_typed_goes_when_the_account_is_open(fresh: Page | Firefox, address: str) -> None:
    open_and_unlock(fresh, address)
    assert typed(fresh) == ""


@pytest.mark.parametrize("leave", ["back", "reload"])
def test_who_comes_back_to_the_page_finds_it_locked(
        fresh: Page | Firefox, server: Server, address: str, leave: str) -> None:
    """By the back button, also where the browser has kept the page, and by loading it anew."""
    open_and_unlock(fresh, address)
    if leave == "back":
        elsewhere(fresh, server)
        fresh.go_back()
    else:
        fresh.evaluate("() => { setTimeout(() => location.reload()); }")
    is_locked(fresh, LEFT)
    open_page(fresh, address)
    assert problem(fresh) == ""


def test_a_page_that_chromium_keeps_is_empty_there(page: Page, address: str) -> None:
    open_and_unlock(page, address)
    page.evaluate("""() => {
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      document.documentElement.dataset.kept = document.body.textContent;
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    }""")
    is_locked(page, LEFT)


def test_who_locks_the_page_is_not_told_why(fresh: Page | Firefox, address: str) -> None:
    open_and_unlock(fresh, address)
    fresh.evaluate("() => { setTimeout(() => document.getElementById('lock').click()); }")
    fresh.wait_for_selector("#unlock")
    fresh.wait_for_selector("html[data-ready]", state="attached")
    assert problem(fresh) == ""
