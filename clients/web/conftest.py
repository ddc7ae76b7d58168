"""What the tests of pages share: an account with its report, a server, and Debian's Chromium, headless.

The account is made by the command line that the environment's ENDKEY names, or .build/debug/endkey.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser import PATIENCE, close, elsewhere, leave, new_page, open_and_unlock
from chromium import chromium, limited
from demo_service import ROOT, Demo, Report, Server
from firefox import Firefox, firefox

ENDKEY = Path(os.environ.get("ENDKEY", ROOT / ".build/debug/endkey"))


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """No test takes for ever, whatever a page does."""
    with limited():
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    assert ENDKEY.exists(), f"no {ENDKEY}; `swift build --product endkey` makes it"
    return Demo(ENDKEY.resolve(), tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def report(demo: Demo) -> Report:
    return demo.report()


@pytest.fixture(scope="session")
def server() -> Server:
    return Server()


@pytest.fixture(scope="session")
def address(server: Server, report: Report) -> str:
    return server.offer("report.json", report)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="session")
def firefox_page() -> Iterator[Firefox]:
    with firefox(PATIENCE) as launched:
        yield launched


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def anyone(request: pytest.FixtureRequest) -> Iterator[Page | Firefox]:
    """A page of each browser."""
    if request.param == "firefox":
        yield request.getfixturevalue("firefox_page")
        return
    page = new_page(request.getfixturevalue("browser"))
    yield page
    close(page)


@pytest.fixture
def fresh(anyone: Page | Firefox, server: Server) -> Page | Firefox:
    """A page of each browser, which remembers nothing."""
    elsewhere(anyone, server, """() => new Promise((done) => {
      localStorage.clear();
      const request = indexedDB.deleteDatabase("endkey");
      request.onsuccess = request.onerror = request.onblocked = () => done();
    })""")
    return anyone


@pytest.fixture
def other(fresh: Page | Firefox) -> Iterator[Page | Firefox]:
    """Another tab of the same browser."""
    tab = fresh.new_page() if isinstance(fresh, Firefox) else fresh.context.new_page()
    yield tab
    if isinstance(tab, Page):
        leave(tab)
    tab.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser that remembers nothing. No test may leave an error that a script threw."""
    page = new_page(browser)
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    close(page)
    assert thrown == []


@pytest.fixture
def opened(page: Page, address: str) -> Page:
    open_and_unlock(page, address)
    page.wait_for_function("document.getElementById('footer').textContent !== ''")
    return page
