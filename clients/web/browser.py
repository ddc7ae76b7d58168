"""What the browser tests and the pictures share: Debian's Chromium, and what an owner does in the dashboard."""

import time
from typing import Any

from playwright.sync_api import Browser, Error, Page

from demo_service import LOGIN, PASSWORD, ROOT, Server
from firefox import Firefox

# Milliseconds until what must come has not, on a machine that does much else.
PATIENCE = 120_000
EMPTY = "about:blank"
# Where tests leave pictures of what they saw.
ARTIFACTS = ROOT / ".build/artifacts"


def new_page(browser: Browser, width: int = 1000, height: int = 800) -> Page:
    """A page of a browser that remembers nothing, the same whatever the machine's locale and time zone."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="en-US", timezone_id="UTC", color_scheme="light")
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def close(page: Page) -> None:
    """Ends what belongs to a page. Chromium waits for ever for the end of one that is just being loaded."""
    for one in page.context.pages:
        leave(one)
    page.context.close()


def leave(page: Page) -> None:
    """Goes to an empty page, also when another is on its way, which comes between once."""
    until = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            page.goto(EMPTY)
            return
        except Error:
            page.wait_for_timeout(100)
            if page.url == EMPTY:
                return
            if time.monotonic() > until:
                raise


def elsewhere(page: Page | Firefox, server: Server, script: str = "0", arg: object = None) -> Any:
    """Leaves for an empty page of the same origin, and gives what a script gives there."""
    page.goto(server.offer_document("elsewhere.html", "<p>Elsewhere"))
    return page.evaluate(script, arg)


def open_page(page: Page | Firefox, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")


def unlock(page: Page | Firefox, password: str = PASSWORD, secret: str = "", account: str = "") -> None:
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", password)
    page.evaluate("document.querySelector('details').open = true")
    page.fill("[name=secret]", secret)
    page.fill("[name=account]", account)
    page.click("#unlock [type=submit]")
    page.wait_for_selector("#unlock button:not([disabled])", state="attached")


def problem(page: Page | Firefox) -> str:
    return page.inner_text("#problem")


def opened_fully(page: Page | Firefox) -> None:
    page.wait_for_selector("#checked:not(:empty), #problem:not([hidden])")
    assert problem(page) == "", "the page did not open the account"


def open_and_unlock(page: Page | Firefox, address: str) -> None:
    open_page(page, address)
    unlock(page)
    opened_fully(page)
