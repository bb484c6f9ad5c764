"""A real Chromium without a window, driven over WebDriver (W3C) with nothing but the standard library."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 60  # for anything that the browser is asked: the machine may be busy
ENTER, ESCAPE, CONTROL, LEFT, UP, RIGHT, DOWN = "\ue007\ue00c\ue009\ue012\ue013\ue014\ue015"  # WebDriver, 17.4.2
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver, 12.1
_STARTED = re.compile(r"started successfully on port (\d+)")
PROGRAMS = ("chromium", "chromedriver")


def missing() -> str:
    """What of it is not installed; empty where all is."""
    return ", ".join(name for name in PROGRAMS if not shutil.which(name))


@dataclass(frozen=True)
class Browser:
    """One window; ``folder`` is where its downloads go."""

    session: str
    folder: Path

    def open(self, page: Path) -> None:
        """Show the file."""
        self._ask("POST", "/url", {"url": page.as_uri()})

    def run(self, script: str, *arguments: object) -> Any:
        """What the body of a function gives back in the page."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script: str, *arguments: object) -> Any:
        """The same, of a body that calls its last argument with the result."""
        return self._ask("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def find(self, selector: str) -> str:
        """The only element that the selector fits."""
        found = self._ask("POST", "/elements", {"using": "css selector", "value": selector})
        assert len(found) == 1, (selector, len(found))
        return str(found[0][_ELEMENT])

    def click(self, selector: str) -> None:
        """As with a mouse: refused where something lies over the element."""
        self._ask("POST", f"/element/{self.find(selector)}/click", {})

    def type(self, selector: str, text: str) -> None:
        """Put the text in place of what is there, key by key."""
        self.run("document.querySelector(arguments[0]).select()", selector)
        self._ask("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def choose(self, selector: str, label: str) -> None:
        """The option of a select that begins with the label."""
        found = self.run(
            "const select = document.querySelector(arguments[0]);"
            "const option = [...select.options].find((o) => o.text.startsWith(arguments[1]));"
            "if (!option) return false;"
            "select.value = option.value; select.dispatchEvent(new Event('change', {bubbles: true})); return true;",
            selector,
            label,
        )
        assert found, (selector, label)

    def keys(self, *keys: str, held: str = "") -> None:
        """Press keys, one after the other, where the focus is."""
        down = [{"type": "keyDown", "value": held}] if held else []
        up = [{"type": "keyUp", "value": held}] if held else []
        typed = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [*down, *typed, *up]}]})

    def reload(self) -> None:
        """Load the page again."""
        self._ask("POST", "/refresh", {})

    def look(self, width: int, height: int, scheme: str = "light", media: str = "screen") -> None:
        """The size of the window in pixels, the colour scheme, and the medium."""
        metrics: dict[str, object] = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.tell("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.tell("Emulation.setEmulatedMedia", {"media": media, "features": features})

    def picture(self) -> bytes:
        """What is seen, as PNG."""
        return base64.b64decode(self._ask("GET", "/screenshot"))

    def tell(self, command: str, parameters: dict[str, object]) -> Any:
        """A command of the Chrome DevTools Protocol."""
        return self._ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def log(self) -> list[str]:
        """What the browser complained of since it was last asked."""
        return [str(entry["message"]) for entry in self._ask("POST", "/se/log", {"type": "browser"})]

    def downloaded(self, name: str) -> Path:
        """The file, once it is there."""
        path = self.folder / name
        until = time.monotonic() + SECONDS
        while not path.exists():
            assert time.monotonic() < until, f"{name} was not saved"
            time.sleep(0.02)
        return path

    def _ask(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        return ask(method, self.session + path, body)


def ask(method: str, url: str, body: dict[str, object] | None = None) -> Any:
    """One request to the driver."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=SECONDS) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as e:
        with e:
            raise AssertionError(json.load(e)["value"]["message"]) from None


@contextlib.contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser with a profile of its own, and no way to any network."""
    driver = subprocess.Popen(
        ["chromedriver", "--port=0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )  # fmt: skip
    try:
        assert driver.stdout is not None
        port = next(found[1] for line in driver.stdout if (found := _STARTED.search(line)))
        url = f"http://127.0.0.1:{port}/session"
        options = {
            "args": [
                "--headless=new", "--window-size=1440,900", "--no-first-run",
                "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--disable-dev-shm-usage",
                *(["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []),
            ],
            "prefs": {"download.default_directory": str(folder), "download.prompt_for_download": False},
        }  # fmt: skip
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        made = ask("POST", url, {"capabilities": {"alwaysMatch": wanted}})
        session = f"{url}/{made['sessionId']}"
        try:
            yield Browser(session, folder)
        finally:
            ask("DELETE", session)
    finally:
        driver.terminate()
        driver.communicate(timeout=SECONDS)
