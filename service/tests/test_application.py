"""The owner's application, as the service serves it: in real browsers, between computers that send."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from browser import PATIENCE, close, new_page
from chromium import chromium, limited
from conftest import ROOT, Account, Running, new_keys, now
from endkey_client.enums import RecordKind, TokenField
from endkey_client.errors import Refused
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import PUBLICATION, Answer, Problem
from endkey_client.passwords import Typed
from endkey_client.publication import Act, Says
from endkey_client.wire.messages import Item, Record
from firefox import Firefox, FirefoxError, firefox
from interface import check
from playwright.sync_api import Browser, Error, Page, Response, Route
from test_managers import closed_grants

PAGES = ROOT / "clients/web"
PASSWORD = "correct horse battery"
MINUTE = 60_000
SCREENS = ["report", "computers", "categories", "alerts", "audit", "people", "keys", "settings"]
# What is written in a title by who wants the page to do something.
MARKUP = "<img src=x onerror=\"document.title='taken'\">"


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """No test takes for ever, whatever a page does."""
    with limited():
        yield


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    service = Running(tmp_path_factory.mktemp("application"), ["--signup", "open", "--pages", str(PAGES)]).start()
    yield service
    service.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@dataclass
class Person:
    """Somebody before the application, and what they wrote down."""

    page: Page | Firefox
    service: Running
    login: str
    secret: str = ""
    recovery: str = ""

    def goto(self, path: str = "/") -> None:
        self.page.goto("about:blank")
        self.page.goto(self.service.origin + path)
        self.page.wait_for_selector("html[data-ready]", state="attached")

    def until(self, expression: str) -> None:
        """Asks until it is so, also of a page that is loaded anew. Its policy lets nothing in it evaluate a text."""
        end = time.monotonic() + PATIENCE / 1000
        while not self.is_so(expression):
            assert time.monotonic() < end, f"never: {expression}\n{self.page.evaluate('document.body.innerText')}"
            time.sleep(0.05)

    def is_so(self, expression: str) -> bool:
        try:
            return bool(self.page.evaluate(expression))
        except (FirefoxError, Error):
            return False

    def press(self, selector: str, text: str) -> None:
        """Clicks the button below `selector` that says so."""
        found = f"[...document.querySelectorAll({selector!r} + ' button')].find((one) => one.innerText === {text!r})"
        self.until(f"{found} !== undefined")
        self.page.evaluate(f"{found}.click()")

    def answer(self) -> None:
        """Says yes to the question that is asked."""
        self.page.wait_for_selector("dialog[open]")
        self.page.click("dialog [type=submit]")

    def create(self) -> None:
        self.goto("/#create")
        for name, value in (("login", self.login), ("password", PASSWORD), ("again", PASSWORD)):
            self.page.fill(f"#create [name={name}]", value)
        self.page.click("#create [type=submit]")
        self.page.wait_for_selector("#keep")
        self.secret = self.page.inner_text("#texts .text:first-child code")
        self.recovery = self.page.inner_text("#texts .text:last-child code")
        self.page.fill("#keep [name=tail]", self.recovery[-6:])
        self.page.click("#keep [type=submit]")
        self.page.wait_for_selector("#bar")

    def sign_in(self, password: str = PASSWORD) -> None:
        self.goto()
        for name, value in (("login", self.login), ("password", password), ("secret", self.secret)):
            self.page.fill(f"#sign-in [name={name}]", value)
        self.page.click("#sign-in [type=submit]")
        self.page.wait_for_selector("#sign-in [type=submit]:not([disabled]), #bar:not([hidden])")

    def screen(self, name: str) -> None:
        self.page.evaluate("document.documentElement.dataset.shown = ''")
        if self.page.url.endswith(f"#{name}"):
            self.page.click(f"#screen-{name} [data-reload]")
        else:
            self.page.click(f"nav a[href='#{name}']")
        self.page.wait_for_selector(f"html[data-shown={name}]", state="attached")

    def reload(self, name: str) -> None:
        self.page.evaluate("document.documentElement.dataset.shown = ''")
        self.page.click(f"#screen-{name} [data-reload]")
        self.page.wait_for_selector(f"html[data-shown={name}]", state="attached")

    def said(self, text: str) -> None:
        self.until(f"document.getElementById('said').innerText === {text!r}")

    def problem(self) -> str:
        self.page.wait_for_selector("#problem")
        return self.page.inner_text("#problem")

    def code(self, label: str = "Ward 3") -> str:
        self.screen("computers")
        self.page.fill("#make-code [name=label]", label)
        self.page.click("#make-code [type=submit]")
        self.said("The code is made. It is shown once.")
        self.page.wait_for_selector("#made code")
        return self.page.inner_text("#made .text:last-child code")

    def computer(self) -> AgentOverHTTP:
        """A computer that asks to join, is compared and let in."""
        agent = AgentOverHTTP.pin(self.service.service(), self.code().encode(), new_keys())
        agent.ask()
        self.reload("computers")
        shown = self.page.inner_text("#requests .id").replace(" ", "")
        assert shown == agent.agent.agent_id().hex()
        self.press("#requests", "Approve")
        self.answer()
        self.said("The computer is in the account.")
        agent.refresh(now())
        return agent


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in which no script fails, no policy is violated, and every answer is one of the description."""
    page = new_page(browser)
    thrown: list[str] = []
    answered: list[Response] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("console", lambda said: thrown.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text else None)
    page.on("response", lambda response: answered.append(response))
    yield page
    close(page)
    assert thrown == []
    for one in answered:
        path = urlsplit(one.url).path
        if path.startswith("/v1/"):
            check(one.request.method, path, Answer(one.status, one.headers, b""))


@pytest.fixture(params=["chromium", "firefox"])
def anyone(request: pytest.FixtureRequest) -> Iterator[Page | Firefox]:
    if request.param == "chromium":
        yield request.getfixturevalue("page")
        return
    with firefox(PATIENCE) as launched:
        yield launched


def send(agent: AgentOverHTTP, title: str = "Letter", minutes: int = 5) -> None:
    """An hour ago, somebody worked for some minutes."""
    texts = {TokenField.employee_name: "Ada", TokenField.application_name: "Editor", TokenField.window_title: title}
    items = [Item.of(agent.token(field, text)) for field, text in texts.items()]
    agent.batch([Record(RecordKind.application, now() - 60 * MINUTE, minutes * MINUTE, items)], now())
    agent.upload()


def test_whole_life(application: Running, anyone: Page | Firefox) -> None:
    """An account, a computer, what it recorded; locked, nothing of it is left; opened again, all of it is."""
    person = Person(anyone, application, f"life-{type(anyone).__name__}@example.com")
    person.create()
    agent = person.computer()
    send(agent, MARKUP)
    person.screen("report")
    person.reload("report")
    person.until("document.getElementById('total').innerText === '5 min'")
    checked = anyone.inner_text("#checked")
    assert "nothing is missing before the last batch of each, and the service's report agrees" in checked
    anyone.click("[data-tab=window_title]")
    assert anyone.inner_text("#values .label") == MARKUP
    assert anyone.evaluate("document.querySelectorAll('img').length") == 0
    person.screen("audit")
    assert "nothing missing" in anyone.inner_text("#audited")
    person.press("#audited", "Note what was counted")
    person.said("Noted.")
    person.until("document.getElementById('audited').innerText.includes('noted: 1')")
    anyone.click("#lock")
    person.until("document.getElementById('sign-in').checkVisibility()")
    text = anyone.evaluate("document.documentElement.outerHTML")
    assert "Ada" not in text and "Ward 3" not in text
    person.sign_in()
    person.until("document.getElementById('total')?.innerText === '5 min'")
    assert anyone.inner_text("#notices") == ""


def test_lock_ends_the_session(application: Running, page: Page) -> None:
    shown: list[str] = []
    page.on("request", lambda request: shown.append(request.headers.get("authorization", "")))
    person = Person(page, application, "lock@example.com")
    person.create()
    person.screen("settings")
    token = next(one for one in reversed(shown) if one).removeprefix("Bearer ")
    service = application.service(token)
    service.request("GET", "/v1/session")
    with page.expect_response("**/v1/session"):
        page.click("#lock")
    with pytest.raises(Problem, match="no-credential"):
        service.request("GET", "/v1/session")


def answered_by_nobody(route: Route) -> None:
    """The request reaches the service; its answer is lost."""
    route.fetch()
    route.abort()


def answered(route: Route, **lies: object) -> None:
    """The service's answer, with other members."""
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), **lies})


def lying(members: dict[str, object]) -> Callable[[Route], None]:
    return lambda route: answered(route, **members)


def test_what_is_remembered_is_not_made_anew(application: Running, page: Page) -> None:
    """Nothing begins under a login of which something is remembered; what is pending is settled later all the same."""
    person = Person(page, application, "again@example.com")
    person.create()
    page.route("**/publications", lambda route: route.abort())
    keep_for(person, "400")
    assert "does not answer" in person.problem()
    page.unroute("**/publications")
    person.goto("/#create")
    for name, value in (("login", person.login), ("password", "another battery"), ("again", "another battery")):
        page.fill(f"#create [name={name}]", value)
    page.click("#create [type=submit]")
    assert "remembers an account under this login name" in person.problem()
    # Whatever the service says of who waits: what is remembered is open.
    page.route("**/v1/sessions", lambda route: answered(route, pending=True))
    person.sign_in()
    assert page.inner_text("#notices") == ""
    person.screen("settings")
    assert page.input_value("#retention [name=retention]") == "400"


def keep_for(person: Person, days: str) -> None:
    person.screen("settings")
    person.page.fill("#retention [name=retention]", days)
    person.page.click("#retention [type=submit]")


def test_an_answer_that_names_nothing_settles_nothing(application: Running, page: Page) -> None:
    person = Person(page, application, "liar@example.com")
    person.create()
    page.route("**/publications", lambda route: route.fulfill(response=route.fetch(), json={}))
    keep_for(person, "400")
    person.until("document.getElementById('notices').innerText.includes('not settled')")
    page.unroute("**/publications")
    person.until("document.getElementById('notices').innerText === ''")
    person.sign_in()
    page.wait_for_selector("#bar")
    person.screen("settings")
    assert page.input_value("#retention [name=retention]") == "400"


def test_listings_that_lie_are_the_service_s_fault(application: Running, page: Page) -> None:
    person = Person(page, application, "listings@example.com")
    person.create()
    lies: list[dict[str, object]] = [
        {"items": [None]}, {"items": [{}]}, {"items": [{"__proto__": {}}]}, {"items": [], "end": False, "next": 9}]
    for lie in lies:
        page.route("**/agents?*", lying(lie))
        person.screen("computers")
        assert "The service does not answer as it should" in person.problem()
        page.unroute("**/agents?*")


def test_an_edit_writes_what_was_changed(application: Running, page: Page) -> None:
    first = Person(page, application, "edits@example.com")
    first.create()
    other = page.context.new_page()
    second = Person(other, application, first.login, first.secret)
    second.sign_in()
    other.wait_for_selector("#bar")
    second.screen("settings")
    first.screen("settings")
    page.fill("#retention [name=blobs]", "111")
    page.click("#retention [type=submit]")
    first.said("Saved.")
    other.fill("#retention [name=retention]", "350")
    other.click("#retention [type=submit]")
    second.said("Saved.")
    assert other.input_value("#retention [name=blobs]") == "111"


def test_codes_for_managers_are_seen_and_taken_back(application: Running, page: Page) -> None:
    """Also one whose making was not answered: once it is settled, its link is shown."""
    person = Person(page, application, "links@example.com")
    person.create()
    person.screen("people")
    page.route("**/publications", answered_by_nobody)
    page.click("#invite")
    page.wait_for_selector("#notices .notice")
    page.unroute("**/publications")
    page.wait_for_selector("#notices .notice code")
    assert "/enrol#ekc1" in page.inner_text("#notices .notice code")
    person.press("#notices", "I have it")
    person.reload("people")
    person.press("#invitations", "Drop")
    person.answer()
    person.said("The code is dropped.")
    assert page.locator("#invitations button").count() == 0


def test_a_code_without_approval_has_no_link(application: Running, page: Page) -> None:
    """H-3-5."""
    person = Person(page, application, "unasked@example.com")
    person.create()
    person.code()
    assert "/enrol#ekc1" in page.inner_text("#made")
    page.check("#make-code [name=automatic]")
    page.click("#make-code [type=submit]")
    page.wait_for_selector("#made:not(:has(svg)) code")
    assert page.inner_text("#made code").startswith("ekc1")


def test_a_code_leaves_the_address_bar(application: Running, page: Page) -> None:
    """However it was typed, mailed or scanned, and also in a page that is already there."""
    person = Person(page, application, "codes@example.com")
    person.create()
    code = person.code()
    for written in (code, code.upper(), f"%20{code}", f"{code}%0A"):
        person.goto(f"/enrol#{written}")
        assert page.inner_text("#enrol-code code").lower() == code
        assert page.url == f"{application.origin}/enrol"
        person.goto("/enrol")
        page.evaluate(f"location.hash = {written!r}")
        page.wait_for_selector("#enrol")
        assert page.url == f"{application.origin}/enrol"


def test_a_password_that_can_be_guessed_is_warned_of(application: Running, page: Page) -> None:
    person = Person(page, application, "guess@example.com")
    person.goto("/#create")
    for password, why in (("1234567890", "short"), ("password1234", "first that are tried"),
                          ("guess@example", "login name"), ("abcabcabcabcabc", "repeats itself"),
                          ("crane lamp orbit visit", "")):
        page.fill("#create [name=login]", "guess@example.com")
        page.fill("#create [name=password]", password)
        warning = page.inner_text("#create [role=status]")
        assert why in warning and (why != "") == ("can be guessed" in warning), password


STORAGES = {
    "a disk that is full": ("""IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };""", "This browser keeps nothing"),
    "a mark that is refused": ("""Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };""", "no room left"),
    "a database that never answers": ("""IDBFactory.prototype.open = () => ({});
      const wait = window.setTimeout;
      window.setTimeout = (act, delay) => wait(act, delay === 20000 ? 0 : delay);""", "This browser keeps nothing"),
}


@pytest.mark.parametrize("storage", STORAGES)
def test_a_storage_that_fails_hinders_no_sign_in(application: Running, page: Page, storage: str) -> None:
    script, notice = STORAGES[storage]
    page.add_init_script(script)
    person = Person(page, application, f"{storage.replace(' ', '-')}@example.com")
    person.create()
    for _ in range(2):
        assert notice in page.inner_text("#notices")
        person.sign_in()
        page.wait_for_selector("#bar")


def test_what_was_not_answered_is_settled_later(application: Running, page: Page) -> None:
    person = Person(page, application, "settle@example.com")
    person.create()
    person.screen("keys")
    page.route("**/publications", lambda route: route.abort())
    page.click("#rotate")
    person.answer()
    page.wait_for_selector("#notices .notice")
    assert "not settled" in page.inner_text("#notices")
    assert "does not answer" in person.problem()
    # While it is pending, nothing else is done. The page sends it again by itself, also after a restart.
    page.click("#rotate")
    person.answer()
    person.until("document.getElementById('problem').innerText.includes('not settled yet')")
    page.unroute("**/publications")
    person.until("document.getElementById('notices').innerText === ''")
    page.route("**/publications", lambda route: route.abort())
    page.click("#rotate")
    person.answer()
    page.wait_for_selector("#notices .notice")
    page.unroute("**/publications")
    person.sign_in()
    page.wait_for_selector("#bar")
    assert page.inner_text("#notices") == ""
    person.screen("keys")
    page.click("#rotate")
    person.answer()
    person.said("New keys are made.")


def test_two_tabs_take_turns(application: Running, page: Page) -> None:
    """Each acts on what the other has published, and neither loses anything."""
    first = Person(page, application, "tabs@example.com")
    first.create()
    second = Person(page.context.new_page(), application, first.login, first.secret)
    second.sign_in()
    second.page.wait_for_selector("#bar")
    first.code("from the first")
    second.code("from the second")
    first.reload("computers")
    shown = page.inner_text("#codes")
    assert "from the first" in shown and "from the second" in shown
    for person in (first, second):
        person.screen("keys")
        person.page.evaluate("document.getElementById('rotate').click()")
        person.answer()
    for person in (first, second):
        person.said("New keys are made.")
    first.screen("audit")
    first.reload("audit")
    first.until("document.querySelector('#standing dl')?.textContent.includes('counter')")
    assert page.inner_text("#notices") == ""


def test_manager_joins_by_a_link_and_is_removed(application: Running, page: Page, browser: Browser) -> None:
    owner = Person(page, application, "owner@example.com")
    owner.create()
    owner.screen("people")
    page.click("#invite")
    owner.said("The link is made.")
    page.wait_for_selector("#invited code")
    link = page.inner_text("#invited code")
    others = new_page(browser)
    manager = Person(others, application, "manager@example.com")
    manager.goto(link.removeprefix(application.origin))
    assert manager.page.url == f"{application.origin}/enrol", "the code stays in the address bar"
    for name, value in (("login", manager.login), ("password", PASSWORD), ("again", PASSWORD)):
        manager.page.fill(f"#join [name={name}]", value)
    # What is compared comes from the own keys: another id that the service names is not shown.
    others.route("**/v1/sessions", lambda route: answered(route, person="ab" * 16))
    manager.page.click("#join [type=submit]")
    manager.page.wait_for_selector("#waiting")
    owner.reload("people")
    assert page.inner_text("#asking .id") == manager.page.inner_text("#own-id")
    owner.press("#asking", "Let in")
    page.fill("dialog [name=label]", "Grace")
    owner.answer()
    owner.said("The person is in the account.")
    manager.page.click("#again")
    manager.page.wait_for_selector("#bar")
    # What a fresh end sees is asked about before it signs.
    manager.screen("computers")
    manager.page.click("#make-code [type=submit]")
    manager.page.wait_for_selector("dialog .facts-list")
    manager.answer()
    manager.said("The code is made. It is shown once.")
    owner.press("#account-persons", "Remove")
    owner.answer()
    owner.said("The person is removed.")
    manager.page.click("#screen-computers [data-reload]")
    assert "session has ended" in manager.problem()


def manager_of(owner: Person, login: str) -> OwnerOverHTTP:
    """A manager whom the owner lets in from the application."""
    owner.screen("people")
    owner.page.click("#invite")
    owner.said("The link is made.")
    owner.page.wait_for_selector("#invited code")
    code = owner.page.inner_text("#invited code").split("#")[1].encode()
    typed = Typed(login.encode(), PASSWORD.encode(), None)
    manager = OwnerOverHTTP.join(owner.service.service(), code, typed, new_keys())
    owner.reload("people")
    owner.press("#asking", "Let in")
    owner.answer()
    owner.said("The person is in the account.")
    manager.sign_in()
    manager.open()
    manager.device.confirm()
    return manager


def spoil(manager: OwnerOverHTTP) -> None:
    """Publishes a rotation whose master grants open to nobody but the manager: the service cannot see that."""
    device = manager.device
    close_grants = closed_grants(manager)
    device.publish(device.making(Act("rotate", device.whole().contents), Says(), now()))
    publication = manager.publication()
    close_grants(publication)
    manager.service.request("POST", f"{manager.path}/publications", publication.write(), PUBLICATION)


def test_nothing_that_a_manager_writes_shuts_the_owner_out(application: Running, page: Page) -> None:
    """The screens say what does not open; removing the manager, or a repair, goes on from what opened last.

    R-12.7-9
    """
    owner = Person(page, application, "shut-out@example.com")
    owner.create()
    send(owner.computer())
    manager = manager_of(owner, "spoils@example.com")
    spoil(manager)

    owner.sign_in()
    page.wait_for_selector("#bar")
    notices = page.inner_text("#notices")
    assert "does not open" in notices and "(grant_open_failed)" in notices
    owner.screen("computers")
    page.click("#make-code [type=submit]")
    owner.answer()
    assert "First remove the person" in owner.problem()
    owner.screen("people")
    owner.press("#account-persons", "Remove")
    page.click("dialog >> text=Tick all")
    owner.answer()
    page.wait_for_selector("dialog .facts-list")
    owner.answer()
    owner.said("The person is removed.")
    assert page.inner_text("#notices") == ""
    with pytest.raises(Problem, match="no-credential"):
        manager.open()

    # Another one, while the page is open.
    spoil(manager_of(owner, "spoils-again@example.com"))
    owner.screen("keys")
    page.click("#repair")
    page.click("dialog >> text=Tick all")
    owner.answer()
    page.wait_for_selector("dialog .facts-list")
    owner.answer()
    owner.said("The account is repaired.")
    owner.sign_in()
    owner.until("document.getElementById('total')?.innerText === '5 min'")
    assert page.inner_text("#notices") == ""


def test_keys(application: Running, page: Page) -> None:
    """Another password, the list signed anew, and a repair in which a computer goes."""
    person = Person(page, application, "keys@example.com")
    person.create()
    agent = person.computer()
    person.screen("keys")
    for name, value in (("current", PASSWORD), ("password", "another battery"), ("again", "another battery")):
        page.fill(f"#password [name={name}]", value)
    page.click("#password [type=submit]")
    person.said("The password is changed. All other sessions have ended.")
    page.click("#renew")
    person.answer()
    person.said("The list is signed anew.")
    page.click("#repair")
    page.wait_for_selector("dialog[open]")
    assert page.locator("dialog [name=stay]:checked").count() == 0, "what only the vault says is ticked"
    person.answer()
    person.said("The account is repaired.")
    agent.refresh(now())
    assert agent.agent.phase == "revoked"
    person.sign_in()
    assert "did not sign in" in person.problem()
    person.sign_in("another battery")
    page.wait_for_selector("#bar")


def test_lost_password(application: Running, page: Page) -> None:
    """The recovery text gives the account back, with the computers that are ticked."""
    person = Person(page, application, "lost@example.com")
    person.create()
    first, second = person.computer(), person.computer()
    page.click("#lock")
    person.until("document.getElementById('sign-in').checkVisibility()")
    page.click("text=I lost the password")
    page.fill("#recover [name=text]", person.recovery)
    page.click("#recover [type=submit]")
    page.wait_for_selector("#recovered")
    assert page.locator("#recovered :checked").count() == 0, "what only the service says is ticked"
    page.check(f"#recovered [value='{first.agent.agent_id().hex()}']")
    for name, value in (("login", person.login), ("password", "another battery"), ("again", "another battery")):
        page.fill(f"#recovered [name={name}]", value)
    page.click("#recovered [type=submit]")
    assert "remembers an account under this login name" in person.problem()
    page.check("#recovered [name=forgets]")
    page.route("**/publications", answered_by_nobody)
    page.click("#recovered [type=submit]")
    person.until("document.getElementById('problem').innerText.includes('does not answer')")
    page.unroute("**/publications")
    page.click("#recovered [type=submit]")  # the same is sent again
    page.wait_for_selector("#bar")
    assert page.inner_text("#notices") == ""
    first.refresh(now())
    assert first.agent.phase == "active"
    with pytest.raises(Refused, match="epoch_rollback"):  # it has no other Grant than the one of before
        second.refresh(now())
    person.screen("computers")
    assert page.inner_text("#members .id").replace(" ", "") == first.agent.agent_id().hex()
    person.secret = ""
    person.sign_in("another battery")
    page.wait_for_selector("#bar")


def test_retired_and_removed(application: Running, page: Page) -> None:
    person = Person(page, application, "leave@example.com")
    person.create()
    first, second = person.computer(), person.computer()
    send(first)
    for agent, act, done in ((first, "Retire", "Retired."), (second, "Remove", "Removed. The others got new keys.")):
        person.screen("computers")
        row = f"#members tr:has(.id:text-is('{grouped(agent)}'))"
        page.click(f"{row} button:has-text('{act}')")
        person.answer()
        person.said(done)
        agent.refresh(now())
        assert agent.agent.phase == "revoked"
    person.screen("report")
    person.until("document.getElementById('total')?.innerText === '5 min'")


def grouped(agent: AgentOverHTTP) -> str:
    return " ".join(re.findall("....", agent.agent.agent_id().hex()))


def test_categories(application: Running, page: Page) -> None:
    """A person says what counts as productive; the page counts by it, and the service by the token alone."""
    person = Person(page, application, "categories@example.com")
    person.create()
    agent = person.computer()
    send(agent)
    person.screen("categories")
    assert page.inner_text("#category-values .title") == "Editor"
    page.select_option("#category-values select", "productive")
    page.click("#category-save button")
    person.said("The categories are saved.")
    person.screen("report")
    person.until("document.getElementById('legend').innerText.includes('productive 100 %')")
    # After new keys, and in another session, the rules are still those.
    person.screen("keys")
    page.click("#rotate")
    person.answer()
    person.said("New keys are made.")
    person.sign_in()
    person.until("document.getElementById('legend')?.innerText.includes('productive 100 %')")


def test_a_service_that_adds_something_is_seen(application: Running, page: Page) -> None:
    """What the service's own report says stands beside what was counted, never in it."""
    person = Person(page, application, "inflated@example.com")
    person.create()
    send(person.computer())

    def inflate(route: Route) -> None:
        answer = route.fetch()
        report = answer.json()
        for row in report["rows"]:
            row["ms"] *= 3
        route.fulfill(response=answer, json=report)

    page.route("**/reports", inflate)
    person.screen("report")
    person.reload("report")
    person.until("document.getElementById('total')?.innerText === '5 min'")
    assert "the service's report differs for 1 computer" in page.inner_text("#checked")
    assert "15 min" in page.inner_text("#service") and "15 min" not in page.inner_text("#open")


def happened(person: Person) -> str:
    return str(person.page.evaluate("document.getElementById('happened').innerText"))


def ask_for(person: Person, amount: str = "0.25", **choices: str) -> None:
    person.screen("alerts")
    for name, value in choices.items():
        person.page.evaluate(f"""(() => {{
          const choice = document.querySelector("#make-alert [name={name}]");
          choice.value = "{value}";
          choice.dispatchEvent(new Event("change", {{ bubbles: true }}));
        }})()""")
    person.page.fill("#make-alert [name=amount]", amount)
    person.page.click("#make-alert [type=submit]")
    person.said("The alert is made.")


def test_alerts_are_made_told_and_recomputed(application: Running, anyone: Page | Firefox) -> None:
    """By the service from tokens, and here from signed records; seen, and deleted."""
    person = Person(anyone, application, f"alerts-{type(anyone).__name__}@example.com")
    person.create()
    agent = person.computer()
    send(agent, minutes=20)
    ask_for(person)
    ask_for(person, amount="3", on="silence")
    assert "at least 15 min a day, for each computer" in anyone.inner_text("#alerts")
    assert "nothing comes of a computer for 3 days" in anyone.inner_text("#alerts")
    # What fires while the screen is looked at comes by itself.
    person.until("document.getElementById('happened').innerText.includes('20 min: counted here, too')")
    assert anyone.evaluate("document.getElementById('alerts-differ').hidden")
    person.press("#happened", "Seen")
    person.until("document.getElementById('happened').innerText.includes('seen')")
    person.press("#alerts", "Delete")
    person.answer()
    person.said("The alert is deleted.")
    assert "Nothing has happened." in happened(person)
    assert anyone.evaluate("document.querySelectorAll('#alerts tbody tr').length") == 1


def test_alerts_that_the_service_keeps_back_or_invents_are_told(application: Running, page: Page) -> None:
    """H-13.1-5."""
    person = Person(page, application, "lies@example.com")
    person.create()
    agent = person.computer()
    send(agent, minutes=20)
    ask_for(person)
    person.until("document.getElementById('happened').innerText.includes('counted here, too')")
    page.route("**/firings?*", lying({"items": []}))
    person.reload("alerts")
    assert "the records say so, and the service has not told it" in happened(person)
    assert "in 1 case" in page.inner_text("#alerts-differ")
    page.unroute("**/firings?*")

    def invent(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        told["items"].append({**told["items"][0], "ordinal": 2 ** 40, "day": told["items"][0]["day"] - 86_400_000})
        route.fulfill(response=answer, json=told)

    page.route("**/firings?*", invent)
    person.reload("alerts")
    assert "0 s: not borne out by the records" in happened(person)
    assert happened(person).count("at least 15 min a day, for each computer") == 2
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert "in 1 case" in page.inner_text("#alerts-differ")
    page.unroute("**/firings?*")
    # A list that somebody else wrote, and what it tells then, is not this browser's.
    page.route("**/alerts", lambda route: answered(route, items=[]) if route.request.method == "GET" else
               route.continue_())
    person.reload("alerts")
    assert "went: at least 15 min a day" in page.inner_text("#alerts-strange")
    assert "an alert that is not in the list" in happened(person)
    page.unroute("**/alerts")
    person.reload("alerts")
    assert page.is_hidden("#alerts-strange")


def test_an_alert_about_a_value_follows_new_keys(application: Running, page: Page) -> None:
    person = Person(page, application, "follows@example.com")
    person.create()
    agent = person.computer()
    send(agent)
    person.screen("alerts")
    person.reload("alerts")
    ask_for(person, what="value 0", per="account")
    assert "at least 15 min a day of Editor, all computers together" in page.inner_text("#alerts")
    person.screen("keys")
    page.click("#rotate")
    person.answer()
    person.said("New keys are made.")
    agent.refresh(now())
    send(agent, minutes=12)
    person.screen("alerts")
    person.reload("alerts")
    person.until("document.getElementById('happened').innerText.includes('17 min: counted here, too')")
    assert page.is_hidden("#alerts-strange")


def test_the_report_follows_what_comes(application: Running, page: Page) -> None:
    """By itself; while somebody looks at a part of it, it asks before. What is shown is counted (H-13.2-4)."""
    person = Person(page, application, "follow@example.com")
    person.create()
    agent = person.computer()
    send(agent)
    person.screen("report")
    person.reload("report")
    person.until("document.getElementById('total')?.innerText === '5 min'")
    page.focus("#lock")
    send(agent, "Book", 7)
    person.until("document.getElementById('total')?.innerText === '12 min'")
    page.click("[data-tab=window_title]")
    page.click("[data-order=name]")
    send(agent, "Song", 8)
    page.wait_for_selector("#news:not([hidden])")
    assert page.inner_text("#total") == "12 min"
    page.click("#news-count")
    person.until("document.getElementById('total')?.innerText === '20 min'")
    assert "Song" in page.inner_text("#values") and page.is_hidden("#news")


def test_every_screen_is_named_fits_a_phone_and_needs_no_mouse(application: Running, page: Page) -> None:
    person = Person(page, application, "screens@example.com")
    person.create()
    page.set_viewport_size({"width": 320, "height": 640})
    for name in SCREENS:
        person.screen(name) if not page.url.endswith(f"#{name}") else None
        assert page.evaluate("document.activeElement.id") == f"{name}-title", "who cannot see hears where they are"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        unnamed = page.evaluate("""[...document.querySelectorAll("button, input, a[href]")].filter((one) =>
          one.checkVisibility() && (one.labels?.[0] ?? one).textContent.trim() === "" && !one.ariaLabel)
          .map((one) => one.outerHTML)""")
        assert unnamed == [], name
    # By the keyboard alone: to a screen, into a question, and out of it.
    page.focus("nav a[href='#keys']")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-shown=keys]", state="attached")
    page.focus("#rotate")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog:not([open])", state="attached")
    assert page.evaluate("document.activeElement.id") == "rotate"


def test_what_is_typed_wrong_is_said(application: Running, page: Page, account: Account) -> None:
    person = Person(page, application, "nobody@example.com", secret="ekb1wrong")
    person.sign_in()
    assert "character is wrong or missing" in person.problem()
    person.goto("/enrol#ekc1broken")
    assert "link is not whole" in person.problem()
    # Of an account at another service, a link shows its code and sends nothing.
    person.goto(f"/enrol#{account.code.decode()}")
    assert page.inner_text("#enrol-code code") == account.code.decode()


def test_pages_and_their_headers(application: Running, running: Running) -> None:
    def get(service: Running, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        address = urlsplit(service.origin)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    document = (PAGES / "app.html").read_bytes()
    for path in ("/", "/enrol", "/app.html"):
        status, headers, body = get(application, path)
        assert (status, body) == (200, document)
        policy = headers["content-security-policy"]
        for rule in ("default-src 'none'", "script-src 'self'", "connect-src 'self'", "form-action 'none'",
                     "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"):
            assert rule in policy.split("; ")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
        assert get(application, path, **{"If-None-Match": headers["etag"]})[0] == 304
    # Scripts and styles of the application, and nothing else of the folder.
    assert get(application, "/app/app.mjs")[1]["content-type"] == "text/javascript; charset=utf-8"
    for path in ("/README.md", "/firefox.py", "/app/../browser.py", "/test/http.test.mjs", "/app", "/app/", "//"):
        assert get(application, path)[0] == 404, path
    # Without the folder there is no application.
    assert get(running, "/")[0] == 404
