"""The drop-in in pages of other people's making, in Chromium and in Firefox: text nodes that React, Vue and a page in
Svelte's manner keep, tables, SVG, shadow roots, forms, observers that take back what is written, and very many texts.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from browser import PATIENCE
from demo_service import LOGIN, PASSWORD, ROOT, Demo, Report, Server, token_text
from firefox import Firefox

# Debian's: node-react, node-react-dom, libjs-vue. Svelte's compiler is not in Debian; what it compiles to keeps text
# nodes and compares their data before it sets it, which `SVELTE` does.
REACT = [Path("/usr/share/nodejs/react/umd/react.production.min.js"),
         Path("/usr/share/nodejs/react-dom/umd/react-dom.production.min.js")]
VUE = [Path("/usr/share/javascript/vue/vue.js")]
PAGE = """<!doctype html><meta charset="utf-8"><title>Somebody's page</title>{scripts}<main id="main"></main>
<script type="module">
  import * as endkey from "/.build/web/endkey.mjs";
  // Tokens without an account: the value is the number in it, by `names` or as it is.
  const asked = [];
  const names = {{}};
  const account = {{
    async open(text) {{
      asked.push(text);
      await new Promise((done) => {{ setTimeout(done); }});
      const number = parseInt(atob(text.slice(5, 37).replaceAll("-", "+").replaceAll("_", "/")).slice(6, 22), 10);
      return number === 666 ? {{ code: "token_open_failed" }} : {{ value: names[number] ?? `Name ${{number}}` }};
    }},
  }};
  const frames = (count) => new Promise((done) => {{
    const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
    next();
  }});
  const until = async (holds) => {{
    const end = Date.now() + {patience};
    while (!holds()) {{
      if (Date.now() > end) throw new Error(`never: ${{holds}}, but ${{document.body.textContent.slice(0, 2000)}}`);
      await frames(1);
    }}
  }};
  const quiet = async () => {{
    await frames(3);
    await new Promise((done) => {{ setTimeout(done, 0); }});
    await frames(3);
  }};
  const main = document.getElementById("main");
  Object.assign(window, {{ endkey, account, names, asked, until, quiet, main }});
  document.documentElement.dataset.ready = "";
</script>"""


def token(number: int, length: int = 16) -> str:
    """A text form that says its number, and that no key was ever used for."""
    return token_text(bytes([1, 3]) + (1).to_bytes(4, "big") + b"%016d" % number + length.to_bytes(2, "big")
                      + bytes(length))


TOKENS = [token(number) for number in range(4)]
FAILING = token(666)


@pytest.fixture(scope="session")
def drop_in() -> None:
    subprocess.run([ROOT / "tools/run", "drop-in"], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def stranger(server: Server, drop_in: None) -> Iterator[str]:
    """The address of a page that somebody else made."""
    scripts = ""
    for path in [*REACT, *VUE]:
        server.offer_file(path.name, "text/javascript", path.read_bytes())
        scripts += f'<script src="{path.name}"></script>'
    yield server.offer_document("stranger.html", PAGE.format(scripts=scripts, patience=PATIENCE))


def told(page: Page | Firefox, address: str, code: str) -> Any:
    """What a script gives in a new page, where `tokens` and `failing` are text forms."""
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    return page.evaluate(f"async ([tokens, failing]) => {{ {code} }}", [TOKENS, FAILING])


def test_texts_change_and_nodes_stay(anyone: Page | Firefox, stranger: str) -> None:
    """R-18-4, R-18-5. In tables and SVG, and where a form spans text nodes; nothing but text is written."""
    assert told(anyone, stranger, """
      main.innerHTML = `<table><tr><td>${tokens[0]}</td><td>by ${tokens[1]}, ${tokens[2]}!</td></tr></table>
        <svg><text><tspan>${tokens[0]}</tspan></text></svg><p id="cut"></p><p id="bad">${failing} ekt1_short</p>`;
      const cut = document.getElementById("cut");
      cut.append("of ", tokens[1].slice(0, 3), tokens[1].slice(3, 30), tokens[1].slice(30) + " and", " so on");
      const nodes = document.createNodeIterator(main, NodeFilter.SHOW_ALL);
      const all = [];
      for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) all.push(node);
      names[1] = "<b>Ana</b>";
      const revealing = endkey.reveal(main, account);
      await until(() => revealing.counts.opened === 5 && revealing.counts.unopened.size === 1);
      const again = document.createNodeIterator(main, NodeFilter.SHOW_ALL);
      const same = all.every((node) => again.nextNode() === node) && again.nextNode() === null;
      const { opened } = revealing.counts;
      const [unopened, skipped] = [[...revealing.counts.unopened], [...revealing.counts.skipped]];
      const said = [...main.querySelectorAll("td, tspan, #cut, #bad")].map((one) => one.textContent);
      const cuts = [...cut.childNodes].map(({ data }) => data);
      revealing.restore();
      return { same, said, cuts, opened, unopened, skipped, asked: asked.length,
        restored: cut.textContent === `of ${tokens[1]} and so on` && cut.childNodes[1].data === tokens[1].slice(0, 3) };
    """) == {
        "same": True, "said": ["Name 0", "by <b>Ana</b>, Name 2!", "Name 0", "of <b>Ana</b> and so on",
                               f"{FAILING} ekt1_short"],
        "cuts": ["of ", "<b>Ana</b>", "", " and", " so on"], "opened": 5, "unopened": [["token_open_failed", 1]],
        "skipped": [["truncated", 1]], "asked": 4, "restored": True}


def test_what_is_sent_edited_or_no_text_of_the_page_is_left_alone(anyone: Page | Firefox, stranger: str) -> None:
    assert told(anyone, stranger, """
      main.innerHTML = `<textarea>TOKEN</textarea><select><option>TOKEN</option></select><output>TOKEN</output>
        <input value="TOKEN"><div contenteditable>TOKEN<p>TOKEN</p></div><script type="text/plain">TOKEN<\\/script>
        <style>/* TOKEN */</style><datalist><option>TOKEN</option></datalist><p class="mine">TOKEN</p>
        <p title="TOKEN" data-x="TOKEN"></p><p id="edited">TOKEN</p><div contenteditable><p contenteditable="false"
        id="within">TOKEN</p></div><button>TOKEN</button>`.replaceAll("TOKEN", tokens[0]);
      const closed = main.outerHTML.split(tokens[0]).length - 1;
      document.title = tokens[1];
      endkey.reveal(document, account, { leave: ".mine" });
      await until(() => document.getElementById("edited").textContent === "Name 0");
      await quiet();
      const opened = main.outerHTML.split("Name 0").length - 1;
      const within = document.getElementById("within").textContent;
      document.getElementById("edited").contentEditable = "true";
      await quiet();
      const edited = document.getElementById("edited").textContent === tokens[0];
      document.getElementById("edited").contentEditable = "false";
      await quiet();
      return [closed, opened, within, document.querySelector("button").textContent, edited,
        document.getElementById("edited").textContent, document.title === tokens[1]];
    """) == [15, 3, "Name 0", "Name 0", True, "Name 0", True]


def test_what_was_written_is_taken_back_wherever_its_page_has_put_it(anyone: Page | Firefox, stranger: str) -> None:
    assert told(anyone, stranger, """
      main.innerHTML = "<p>TOKEN</p>".repeat(7).replaceAll("TOKEN", tokens[0]);
      const revealing = endkey.reveal(main, account);
      await until(() => revealing.counts.opened === 7);
      const [aside, copied, longer, merged, moved, late, before] = main.children;
      aside.remove();
      main.append(copied.cloneNode(true));
      longer.firstChild.appendData("!");
      merged.append(" more");
      merged.normalize();
      main.append(moved.firstChild);
      before.firstChild.insertData(0, "by ");
      await quiet();
      const shown = main.textContent.split("Name 0").length - 1;
      late.firstChild.appendData("?");
      revealing.restore();
      main.append(aside);
      return [shown, main.textContent.includes("Name"), main.textContent.split(tokens[0]).length - 1,
        ...[longer, merged, late, before].map((one) => one.textContent.replace(tokens[0], "TOKEN"))];
    """) == [7, False, 8, "TOKEN!", "TOKEN more", "TOKEN?", "by TOKEN"]


def test_what_is_said_of_a_host_is_said_of_its_shadow_root(anyone: Page | Firefox, stranger: str) -> None:
    assert told(anyone, stranger, """
      main.innerHTML = `<div contenteditable><p></p></div><div class="mine"><p></p></div><div><p></p></div>`;
      const roots = [...main.querySelectorAll("p")].map((host) => host.attachShadow({ mode: "open" }));
      roots.forEach((root) => { root.innerHTML = `${tokens[0]}<b>${tokens[0]}</b>`; });
      endkey.reveal(main, account, { shadow: true, leave: ".mine" });
      await until(() => roots[2].textContent === "Name 0Name 0");
      await quiet();
      return roots.map((root) => root.textContent.includes("Name"));
    """) == [False, False, True]


def test_shadow_roots_are_opened_on_request(anyone: Page | Firefox, stranger: str) -> None:
    assert told(anyone, stranger, """
      const host = (mode) => {
        const element = document.createElement("div");
        main.append(element);
        const root = element.attachShadow({ mode });
        root.append(tokens[0]);
        return root;
      };
      const [open, closed] = [host("open"), host("closed")];
      const first = endkey.reveal(main, account);
      main.append(tokens[1]);
      await until(() => main.textContent === "Name 1");
      const untouched = open.textContent === tokens[0];
      first.stop();
      const second = endkey.reveal(main, account, { shadow: true });
      await until(() => open.textContent === "Name 0");
      open.append(" ", tokens[2]);
      second.watch(closed);
      await until(() => closed.textContent === "Name 0" && open.textContent === "Name 0 Name 2");
      return [untouched, second.counts.opened];
    """) == [True, 4]


def test_shadow_roots_that_come_later_are_opened(anyone: Page | Firefox, stranger: str) -> None:
    """By a script, and by an element that is defined after it stood in the page."""
    assert told(anyone, stranger, """
      const name = `x-late-${Math.random().toString(36).slice(2)}`;
      main.innerHTML = `<div></div><${name}></${name}>`;
      const revealing = endkey.reveal(main, account, { shadow: true });
      const plain = main.firstChild.attachShadow({ mode: "open" });
      plain.append(tokens[0]);
      customElements.define(name, class extends HTMLElement {
        constructor() {
          super();
          this.attachShadow({ mode: "open" }).append(tokens[1]);
        }
      });
      await until(() => plain.textContent === "Name 0" && main.lastChild.shadowRoot.textContent === "Name 1");
      revealing.restore();
      return [plain.textContent === tokens[0], main.lastChild.shadowRoot.textContent === tokens[1]];
    """) == [True, True]


def test_the_page_has_its_own_functions_back(anyone: Page | Firefox, stranger: str) -> None:
    assert told(anyone, stranger, """
      const { attachShadow } = Element.prototype;
      const isOwn = () => Element.prototype.attachShadow === attachShadow;
      const all = [1, 2].map(() => endkey.reveal(main, account, { shadow: true }));
      const seen = [isOwn()];
      for (const one of all) {
        one.stop();
        seen.push(isOwn());
      }
      return seen;
    """) == [False, False, True]


def test_the_page_is_not_laid_out_for_each_text(anyone: Page | Firefox, stranger: str) -> None:
    """Whoever asks where a selection is, or how large an element, has the whole page laid out first."""
    assert told(anyone, stranger, """
      let count = 0;
      const restores = [];
      const counted = (prototype, name) => {
        const own = Object.getOwnPropertyDescriptor(prototype, name);
        const kind = own.get === undefined ? "value" : "get";
        Object.defineProperty(prototype, name, { ...own, [kind]: function (...all) {
          count += 1;
          return own[kind].apply(this, all);
        } });
        restores.push(() => Object.defineProperty(prototype, name, own));
      };
      for (const name of ["anchorNode", "focusNode", "rangeCount", "type", "getRangeAt", "containsNode", "toString"]) {
        counted(Selection.prototype, name);
      }
      for (const name of ["getBoundingClientRect", "getClientRects", "scrollTop", "clientHeight"]) {
        counted(Element.prototype, name);
      }
      for (const name of ["offsetTop", "offsetHeight", "innerText"]) counted(HTMLElement.prototype, name);
      for (let i = 0; i < 2000; i++) {
        const line = document.createElement("p");
        line.textContent = tokens[i % 4];
        main.append(line);
      }
      const revealing = endkey.reveal(main, account);
      await until(() => revealing.counts.opened === 2000);
      restores.forEach((restore) => restore());
      return count < 200;
    """) is True


def test_frames_are_opened_on_request(anyone: Page | Firefox, stranger: str) -> None:
    """What is loaded into them later, too; what goes with a frame is counted no more."""
    assert told(anyone, stranger, """
      const page = (text) => `<p>${text}</p>`;
      main.innerHTML = "<iframe></iframe><iframe sandbox></iframe><div contenteditable><iframe></iframe></div>";
      const [frame, closed, edited] = main.querySelectorAll("iframe");
      for (const one of [frame, closed, edited]) one.srcdoc = page(tokens[0]);
      const text = (one) => one.contentDocument?.body?.textContent;
      await until(() => text(frame) === tokens[0] && text(edited) === tokens[0]);
      const first = endkey.reveal(main, account);
      await quiet();
      const untouched = text(frame) === tokens[0];
      first.stop();
      const second = endkey.reveal(main, account, { frames: true });
      await until(() => text(frame) === "Name 0");
      frame.contentDocument.body.append(tokens[1]);
      await until(() => text(frame) === "Name 0Name 1");
      frame.srcdoc = page(tokens[2]);
      await until(() => text(frame) === "Name 2");
      const { opened } = second.counts;
      const isEdited = text(edited) === tokens[0];
      frame.remove();
      await until(() => second.counts.opened === 0);
      return [untouched, opened, isEdited, closed.contentDocument];
    """) == [True, 1, True, None]


def test_two_accounts_open_what_is_their_own(anyone: Page | Firefox, stranger: str) -> None:
    """Also in one text, in either order, and one within the other; what each wrote goes with it."""
    assert told(anyone, stranger, """
      const of = (...numbers) => ({
        async open(text) {
          const opening = await account.open(text);
          return numbers.some((one) => opening.value === `Name ${one}`) ? opening : { code: "token_open_failed" };
        },
      });
      main.innerHTML = `<p>${tokens[0]}</p><p>${tokens[1]}</p><p>${tokens[0]} ${tokens[1]} ${tokens[2]}</p>`;
      const said = () => [...main.children].map((one) => tokens.reduce((all, token, i) =>
        all.replaceAll(token, `T${i}`), one.textContent)).join("|");
      const outer = endkey.reveal(document.body, of(0));
      await until(() => said() === "Name 0|T1|Name 0 T1 T2");
      const inner = endkey.reveal(main, of(1));
      await until(() => said() === "Name 0|Name 1|Name 0 Name 1 T2");
      await quiet();
      const counts = [outer, inner].map(({ counts }) => [counts.opened, [...counts.unopened.values()][0] ?? 0]);
      outer.restore();
      await until(() => said() === "T0|Name 1|T0 Name 1 T2");
      const again = endkey.reveal(main, of(0));
      await until(() => said() === "Name 0|Name 1|Name 0 Name 1 T2");
      inner.restore();
      await until(() => said() === "Name 0|T1|Name 0 T1 T2");
      again.restore();
      await quiet();
      return [said(), counts];
    """) == ["T0|T1|T0 T1 T2", [[2, 1], [2, 1]]]


def test_what_is_selected_stays_selected(anyone: Page | Firefox, stranger: str) -> None:
    assert told(anyone, stranger, """
      const select = async (text, start, end) => {
        main.textContent = text;
        getSelection().setBaseAndExtent(main.firstChild, start, main.firstChild, end);
        const revealing = endkey.reveal(main, account);
        await until(() => revealing.counts.opened > 0);
        const said = String(getSelection());
        revealing.restore();
        return [said, String(getSelection()).replaceAll(tokens[0], "TOKEN")];
      };
      const text = `by ${tokens[0]} of late`;
      const at = text.indexOf(" of");
      return [await select(text, 0, 2), await select(text, at + 1, text.length), await select(text, 3, at),
        await select(text, text.length, 0), await select(text, 10, at + 3)];
    """) == [["by", "by"], ["of late", "of late"], ["Name 0", "TOKEN"], ["by Name 0 of late", "by TOKEN of late"],
             ["Name 0 of", "TOKEN of"]]


def test_a_value_stands_by_itself_where_its_page_turns_texts_around(
        anyone: Page | Firefox, stranger: str) -> None:
    """Also what was opened before, and in elements that do it; a copy of a value that is a text form stays as it is."""
    assert told(anyone, stranger, """
      names[1] = tokens[2];
      main.innerHTML = `<bdo dir="rtl">${tokens[0]}</bdo><p>${tokens[0]}</p>`;
      endkey.reveal(main, account);
      await until(() => main.textContent === "\u2068Name 0\u2069Name 0");
      main.append("\u202e", tokens[0]);
      await until(() => main.textContent === "\u2068Name 0\u2069\u2068Name 0\u2069\u202e\u2068Name 0\u2069");
      main.replaceChildren(tokens[1]);
      await until(() => main.textContent === `\u2068${tokens[2]}\u2069`);
      main.append(main.firstChild.cloneNode());
      await quiet();
      return main.textContent.split(tokens[2]).length - 1;
    """) == 2


REACT_PAGE = """
  const e = React.createElement;
  let set;
  const Row = ({ name, count }) => e("p", { id: name }, "by ", name, ": ", count);
  const App = () => {
    const [rows, change] = React.useState([[tokens[0], 1], [tokens[1], 2]]);
    set = change;
    return e("div", null, e("h1", null, rows[0][0]), rows.map(([name, count]) => e(Row, { key: name, name, count })));
  };
  const root = ReactDOM.createRoot(main);
  root.render(e(App));
  await until(() => main.querySelector("h1") !== null);
  const change = async (rows) => set(rows);
  const end = () => root.unmount();
"""
VUE_PAGE = """
  main.append(document.createElement("div"));
  const app = new Vue({
    el: main.firstChild, data: { rows: [[tokens[0], 1], [tokens[1], 2]] },
    render(h) {
      return h("div", [h("h1", this.rows[0][0]), ...this.rows.map(([name, count]) =>
        h("p", { key: name, attrs: { id: name } }, ["by ", name, ": ", String(count)]))]);
    },
  });
  const change = async (rows) => { app.rows = rows; };
  const end = () => { app.$destroy(); app.$el.remove(); };
"""
SVELTE_PAGE = """
  const made = new Map();
  const setData = (text, data) => { if (text.data !== String(data)) text.data = String(data); };
  const heading = document.createElement("h1");
  const title = document.createTextNode("");
  heading.append(title);
  main.append(heading);
  const change = async (rows) => {
    setData(title, rows[0][0]);
    for (const [name, { p }] of made) if (!rows.some((row) => row[0] === name)) { p.remove(); made.delete(name); }
    for (const [name, count] of rows) {
      let one = made.get(name);
      if (one === undefined) {
        one = { p: document.createElement("p"), name: document.createTextNode(""), count: document.createTextNode("") };
        one.p.id = name;
        one.p.append("by ", one.name, ": ", one.count);
        made.set(name, one);
      }
      setData(one.name, name);
      setData(one.count, count);
      main.append(one.p);
    }
  };
  await change([[tokens[0], 1], [tokens[1], 2]]);
  const end = () => { for (const { p } of made.values()) main.removeChild(p); main.removeChild(heading); };
"""


@pytest.mark.parametrize("framework", [REACT_PAGE, VUE_PAGE, SVELTE_PAGE], ids=["React", "Vue", "as Svelte does"])
def test_a_framework_goes_on_with_the_nodes_that_it_made(
        anyone: Page | Firefox, stranger: str, framework: str) -> None:
    """It adds, changes, moves and removes what it has made; nothing is stale, nothing is thrown."""
    assert told(anyone, stranger, framework + """
      const thrown = [];
      addEventListener("error", ({ message }) => thrown.push(message));
      addEventListener("unhandledrejection", ({ reason }) => thrown.push(String(reason)));
      const revealing = endkey.reveal(main, account);
      const shown = () => [...main.querySelectorAll("h1, p")].map((one) => one.textContent).join("|");
      const seen = [];
      const becomes = async (expected) => { await until(() => shown() === expected); seen.push(expected); };
      await becomes("Name 0|by Name 0: 1|by Name 1: 2");
      const first = document.getElementById(tokens[0]);
      await change([[tokens[0], 5], [tokens[1], 2]]);
      await becomes("Name 0|by Name 0: 5|by Name 1: 2");
      await change([[tokens[1], 3], [tokens[0], 5], [tokens[2], 4]]);
      await becomes("Name 1|by Name 1: 3|by Name 0: 5|by Name 2: 4");
      const isKept = document.getElementById(tokens[0]) === first;
      await change([[tokens[2], 4]]);
      await becomes("Name 2|by Name 2: 4");
      await change([["plain", 0]]);
      await becomes("plain|by plain: 0");
      await change([[tokens[3], 1]]);
      await becomes("Name 3|by Name 3: 1");
      const { opened, contested } = revealing.counts;
      end();
      await until(() => shown() === "");
      await quiet();
      return { isKept, thrown, opened, contested, left: revealing.counts.opened };
    """) == {"isKept": True, "thrown": [], "opened": 2, "contested": 0, "left": 0}


# Each takes back what is written into `p`, at once or with the next picture.
OBSERVERS = {
    "of the text": "texts.data = tokens[0]",
    "with another text each time": "texts.data = `${tokens[0]}${'.'.repeat(rounds % 50)}`",
    "by a new node": "p.textContent = tokens[0]",
    "by a new element": "main.innerHTML = `<p>${tokens[0]}</p>`",
    "with the next picture": "requestAnimationFrame(() => { texts.data = tokens[0]; })",
}


@pytest.mark.parametrize("answer", OBSERVERS.values(), ids=OBSERVERS)
def test_an_observer_that_takes_texts_back_wins_after_a_few_rounds(
        anyone: Page | Firefox, stranger: str, answer: str) -> None:
    """Neither is the page kept busy, nor is another place of it closed."""
    assert told(anyone, stranger, f"""
      main.innerHTML = "<p></p>";
      const p = main.firstChild;
      p.textContent = tokens[0];
      const texts = p.firstChild;
      let rounds = 0;
      new MutationObserver(() => {{
        if (main.textContent.includes(tokens[0])) return;
        rounds += 1;
        {answer};
      }}).observe(main, {{ childList: true, characterData: true, subtree: true }});
      const revealing = endkey.reveal(document.body, account);
      await until(() => revealing.counts.contested > 0);
      await quiet();
      const after = rounds;
      await quiet();
      document.body.append(tokens[1]);
      await until(() => document.body.lastChild.data === "Name 1");
      return [revealing.counts.contested, rounds - after, rounds <= 101, main.textContent.startsWith(tokens[0])];
    """) == [1, 0, True, True]


def test_a_text_that_its_page_writes_again_and_again_stays_open(anyone: Page | Firefox, stranger: str) -> None:
    """A clock beside a name is no contest, nor is the same text that comes back later."""
    assert told(anyone, stranger, """
      main.append(tokens[0]);
      const revealing = endkey.reveal(main, account);
      await until(() => main.textContent === "Name 0");
      for (let i = 0; i < 60; i += 1) {
        main.firstChild.data = `${tokens[0]} ${i}`;
        await until(() => main.textContent === `Name 0 ${i}`);
      }
      return [main.textContent, revealing.counts.contested];
    """) == ["Name 0 59", 0]


def test_what_looks_alike_or_is_not_seen_is_written_out_wherever_it_stands(
        anyone: Page | Firefox, stranger: str) -> None:
    """Also what was opened before another value came that looks like it."""
    assert told(anyone, stranger, """
      Object.assign(names, { 0: "Сосо", 1: "Coco", 2: "", 3: "\\u202eשלום" });
      main.innerHTML = `<p>${tokens[0]}</p>`;
      endkey.reveal(main, account);
      await until(() => main.textContent === "Сосо");
      main.append(tokens[1], " ", tokens[2], " ", tokens[3]);
      await until(() => main.lastChild.data !== tokens[3] && !main.textContent.includes("Сосо"));
      return main.textContent;
    """) == "\\u{421}\\u{43e}\\u{441}\\u{43e}Coco (empty) \u2068\\u{202e}שלום\u2069"


def test_many_texts_are_opened_in_slices(anyone: Page | Firefox, stranger: str) -> None:
    """Its work never keeps others waiting: by a clock that goes on when it is asked, whatever the machine does."""
    slices, opened = told(anyone, stranger, """
      const paragraphs = Array.from({ length: 3000 }, () => `<p>by ${tokens[1]}, of ${tokens[2]}</p>`).join("");
      main.innerHTML = `${paragraphs}<pre>${Array(3000).fill(tokens[0]).join("\\n")}</pre>`;
      await account.open(tokens[0]);
      const slices = [];
      const { now } = performance;
      // A clock of its own: each time that it is asked, a fifth of a millisecond has gone.
      let ticks = 0;
      performance.now = () => (ticks += 1) / 5;
      const channel = new MessageChannel();
      let last = 0;
      channel.port1.onmessage = () => {
        slices.push((ticks - last) / 5);
        last = ticks;
        if (isGoing) channel.port2.postMessage(null);
      };
      let isGoing = true;
      channel.port2.postMessage(null);
      const revealing = endkey.reveal(main, account);
      await until(() => revealing.counts.opened === 9000);
      isGoing = false;
      performance.now = now;
      return [slices, revealing.counts.opened];
    """)
    assert opened == 9000 and len(slices) > 50 and max(slices) <= 16


@pytest.mark.parametrize("between", [" ", ""], ids=["apart", "joined"])
def test_texts_beside_each_other_are_opened_in_slices(anyone: Page | Firefox, stranger: str, between: str) -> None:
    """20,000 of them in one element; what comes later costs what it is, not what stands beside it."""
    slices, opened, late, right = told(anyone, stranger, f"const between = {between!r};" + """
      const texts = Array.from({ length: 20000 }, (_, i) => `${tokens[i % 4]}${between}`);
      main.hidden = true; // what a browser lays out of it is not what is measured
      main.append(...texts);
      await Promise.all(tokens.map((token) => account.open(token)));
      const slices = [];
      const { now } = performance;
      // Each step takes a fifth of a millisecond by this clock, which is asked once for each.
      let ticks = 0;
      performance.now = () => (ticks += 1) / 5;
      const channel = new MessageChannel();
      let last = 0;
      let isGoing = true;
      channel.port1.onmessage = () => {
        slices.push((ticks - last) / 5);
        last = ticks;
        if (isGoing) channel.port2.postMessage(null);
      };
      channel.port2.postMessage(null);
      const revealing = endkey.reveal(main, account);
      await until(() => revealing.counts.opened === 20000);
      isGoing = false;
      await quiet();
      const before = ticks;
      main.append(tokens[1]);
      await until(() => revealing.counts.opened === 20001);
      await quiet();
      const late = ticks - before;
      performance.now = now;
      const right = main.textContent === `${texts.map((_, i) => `Name ${i % 4}${between}`).join("")}Name 1`;
      return [slices, revealing.counts.opened, late, right];
    """)
    assert opened == 20001 and right and len(slices) > 50 and max(slices) <= 16 and late < 200


def test_an_account_is_unlocked_in_a_page_of_its_owners(
        anyone: Page | Firefox, stranger: str, demo: Demo, report: Report) -> None:
    person, agent_id = next(iter(demo.agents.items()))
    agent = next(one for one in report["agents"] if one["agent_id"] == agent_id)
    row = agent["applications"][0]["token"]
    anyone.goto(stranger)
    anyone.wait_for_selector("html[data-ready]", state="attached")
    said = anyone.evaluate("""async ([login, password, messages, name, row]) => {
      const bytes = (hex) => Uint8Array.from(hex.match(/../g), (one) => parseInt(one, 16));
      const stored = Object.fromEntries(Object.entries(messages).map(([key, hex]) =>
        [key, hex === null ? null : bytes(hex)]));
      const wrong = await endkey.unlock({ loginName: login, password: "no" }, stored).catch((error) => error);
      const account = await endkey.unlock({ loginName: login, password }, stored);
      main.innerHTML = `<h1>${name}</h1><p>${row}</p>`;
      endkey.reveal(main, account);
      await until(() => !main.textContent.includes("ekt1_"));
      const { digits, memory, warnings, isConfirmed } = account.standing;
      return { code: wrong.code, words: endkey.messageOf(wrong), isRefusal: wrong instanceof endkey.Refusal,
        id: account.id, digits, memory, warnings: warnings.length, isConfirmed, confirms: await account.confirm(),
        name: main.querySelector("h1").textContent, row: main.querySelector("p").textContent };
    }""", [LOGIN, PASSWORD, report["account"], agent["name"], row])
    assert said.pop("row") in demo.truth[person] and said.pop("words").startswith("That did not open the account.")
    assert len(said.pop("digits")) == 8
    assert said == {"code": "person_keys_open_failed", "isRefusal": True, "id": report["account"]["head"][8:40],
                    "memory": "fresh", "warnings": 1, "isConfirmed": False, "confirms": True, "name": person}
