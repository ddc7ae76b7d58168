"""Debian's Firefox, driven over Marionette: JSON behind its length on a socket. As much of Playwright's `Page` as tests
that run in both browsers need.
"""

import base64
import copy
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chromium import INSECURE_HOST, below, kill

FIREFOX = Path("/usr/bin/firefox-esr")
# Nothing is asked for but what a test asks for, and nothing is said about the browser.
PREFERENCES = {
    "app.normandy.enabled": False, "app.update.enabled": False, "browser.aboutConfig.showWarning": False,
    "browser.newtabpage.enabled": False, "browser.region.network.url": "", "browser.safebrowsing.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False, "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False, "browser.startup.homepage": "about:blank", "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False, "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False, "intl.accept_languages": "en-US", "marionette.port": 0,
    "media.gmp-manager.updateEnabled": False, "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False, "network.dns.localDomains": INSECURE_HOST,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "signon.rememberSignons": False, "toolkit.telemetry.enabled": False, "toolkit.telemetry.server": "",
}
# In the page's own realm, unless its policy forbids that; then with the page's objects in one of Marionette's.
RUN = """
const [code, argument, done] = arguments;
const run = () => {
  let made;
  try {
    made = window.eval(`(${code})`);
  } catch {
    made = eval(`(${code})`);
  }
  return typeof made === "function" ? made(argument) : made;
};
Promise.resolve().then(run).then(
  (value) => done({ value: value === undefined ? null : JSON.stringify(value) }),
  (error) => done({ error: String(error) }));
"""


class FirefoxError(Exception):
    """What a command or a script in the page failed with."""


class Gone(FirefoxError):
    """The page in which a script ran is no more: it was left, or loaded anew."""


class Firefox:
    """A tab of it, which comes to the front when something is asked of it."""

    def __init__(self, port: int, patience: int) -> None:
        # A command ends by its own limit before this.
        self._patience = patience
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=2 * patience / 1000)
        self._file = self._socket.makefile("rb")
        self._read()  # the greeting
        self._send("WebDriver:NewSession", capabilities={"alwaysMatch": {"acceptInsecureCerts": False}})
        self._send("WebDriver:SetTimeouts", script=patience, pageLoad=patience)
        self._tab = self._send("WebDriver:GetWindowHandle")["value"]
        self._front = [self._tab]

    def _read(self) -> Any:
        length = b""
        while (digit := self._file.read(1)) != b":":
            if not digit:
                raise FirefoxError("Firefox has ended")
            length += digit
        return json.loads(self._file.read(int(length)))

    def _command(self, name: str, **parameters: object) -> Any:
        if self._front != [self._tab]:
            self._send("WebDriver:SwitchToWindow", handle=self._tab, focus=True)
            self._front[:] = [self._tab]
        return self._send(name, **parameters)

    def _send(self, name: str, **parameters: object) -> Any:
        message = json.dumps([0, 0, name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._read()
        if error is not None:
            kind = Gone if "unloaded" in error["message"] else FirefoxError
            raise kind(f"{name}: {error['error']}: {error['message']}")
        return result

    @property
    def url(self) -> str:
        return str(self._command("WebDriver:GetCurrentURL")["value"])

    def goto(self, address: str) -> None:
        self._command("WebDriver:Navigate", url=address)

    def go_back(self) -> None:
        self._command("WebDriver:Back")

    def new_page(self) -> "Firefox":
        """Another tab."""
        other = copy.copy(self)
        other._tab = self._command("WebDriver:NewWindow", type="tab", focus=True)["handle"]
        return other

    def close(self) -> None:
        self._command("WebDriver:CloseWindow")

    def tabs(self) -> int:
        return len(self._command("WebDriver:GetWindowHandles"))

    def evaluate(self, code: str, arg: object = None) -> Any:
        """What a JavaScript expression gives, or the function that it is."""
        said = self._command("WebDriver:ExecuteAsyncScript", script=RUN, args=[code, arg], newSandbox=True)["value"]
        if said is None:
            raise Gone("the page has gone")
        if "error" in said:
            raise FirefoxError(said["error"])
        return None if said["value"] is None else json.loads(said["value"])

    def wait_for_function(self, code: str, arg: object = None) -> None:
        """Until it gives something, also in a page that comes after; the script's time is the limit."""
        until = time.monotonic() + self._patience / 1000
        while True:
            try:
                return self._wait(code, arg)
            except Gone:
                if time.monotonic() > until:
                    raise

    def _wait(self, code: str, arg: object) -> None:
        self.evaluate(f"""(argument) => new Promise((done) => {{
          const what = {code};
          const look = () => ((typeof what === "function" ? what(argument) : what) ? done() : setTimeout(look, 20));
          look();
        }})""" if "=>" in code else f"""() => new Promise((done) => {{
          const look = () => (({code}) ? done() : setTimeout(look, 20));
          look();
        }})""", arg)

    def wait_for_selector(self, selector: str, state: str = "visible") -> None:
        found = f"document.querySelector({json.dumps(selector)})"
        shown = {"attached": f"{found} !== null", "visible": f"{found}?.checkVisibility()",
                 "hidden": f"!{found}?.checkVisibility()"}
        self.wait_for_function(shown[state])

    def _element(self, selector: str) -> str:
        found = self._command("WebDriver:FindElement", using="css selector", value=selector)["value"]
        return str(next(iter(found.values())))

    def click(self, selector: str) -> None:
        self._command("WebDriver:ElementClick", id=self._element(selector))

    def fill(self, selector: str, text: str) -> None:
        element = self._element(selector)
        self._command("WebDriver:ElementClear", id=element)
        self._command("WebDriver:ElementSendKeys", id=element, text=text)

    def inner_text(self, selector: str) -> str:
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    def get_attribute(self, selector: str, name: str) -> str | None:
        value = self.evaluate(f"document.querySelector({json.dumps(selector)}).getAttribute({json.dumps(name)})")
        return None if value is None else str(value)

    def press(self, places: list[tuple[int, int]], keys: list[str]) -> None:
        """Clicks at each place of what is seen, then presses each key."""
        clicks = [{"type": "pointerMove", "x": x, "y": y, "duration": 0} if kind == "pointerMove"
                  else {"type": kind, "button": 0}
                  for x, y in places for kind in ("pointerMove", "pointerDown", "pointerUp")]
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        for source, actions in (("pointer", clicks), ("key", strokes)):
            if actions:
                self._command("WebDriver:PerformActions", actions=[{"type": source, "id": source, "actions": actions}])

    def screenshot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self._command("WebDriver:TakeScreenshot", full=True)["value"]))


@contextmanager
def firefox(patience: int) -> Iterator[Firefox]:
    if not FIREFOX.exists():
        sys.exit(f"failed: no {FIREFOX}; `apt-get install firefox-esr` (.ci/setup does it)")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = Path(folder) / "profile"
        profile.mkdir()
        preferences = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
        (profile / "user.js").write_text("".join(preferences), encoding="utf-8")
        process = subprocess.Popen(
            [FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", profile],
            env={"HOME": folder, "PATH": "/usr/bin:/bin", "MOZ_CRASHREPORTER_DISABLE": "1", "TZ": "UTC",
                 "LANG": "C.UTF-8"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield Firefox(port_of(process, profile / "MarionetteActivePort", patience), patience)
        finally:
            its = below(process.pid)
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            kill(its)


def port_of(process: subprocess.Popen[bytes], file: Path, patience: int) -> int:
    """What Firefox writes once it listens."""
    until = time.monotonic() + patience / 1000
    while time.monotonic() < until:
        if file.exists() and re.fullmatch(r"\d+\s*", text := file.read_text(encoding="utf-8")):
            return int(text)
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise FirefoxError("Firefox does not listen")
