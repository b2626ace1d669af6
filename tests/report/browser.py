"""Headless Chromium, spoken to through DevTools over a pipe: no port, no library."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ANSWERS_WITHIN = 90
"""Seconds; a browser on a busy machine is slow to start."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium() -> str:
    """The program; without it the test is skipped, except in CI, which installs it."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        assert os.environ.get("CI") != "true", "CI has no Chromium, so nobody looked at the report"
        pytest.skip("no Chromium here (on Debian: apt-get install chromium), so the report is not looked at")
    return found


@dataclass(slots=True)
class Browser:
    """A browser with one page. `events` are those that have come in, by name and content."""

    write_to: int
    read_from: int
    session: str = ""
    sent: int = 0
    waiting: bytes = b""
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to one command."""
        self.sent += 1
        message: dict[str, Any] = {"id": self.sent, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.sent:
                assert "error" not in answer, (method, answer)
                return answer["result"]
            self.events.append((answer["method"], answer.get("params", {})))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.waiting:
            ready, _, _ = select.select([self.read_from], [], [], ANSWERS_WITHIN)
            assert ready, "the browser does not answer"
            piece = os.read(self.read_from, 1 << 20)
            assert piece, "the browser ended"
            self.waiting += piece
        message, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(message)

    def value(self, script: str) -> Any:
        """What a script comes to in the page. The page's policy does not bind DevTools."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def open(self, page: Path, width: int, height: int = 1000, *, dark: bool = False) -> None:
        """Opens a page and waits until its charts are drawn."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        scheme = "dark" if dark else "light"
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events.clear()
        self.ask("Page.navigate", url=page.as_uri())
        end = time.monotonic() + ANSWERS_WITHIN
        while self.value("document.documentElement.dataset.drawn || ''") != "true":
            assert time.monotonic() < end, f"the charts are not drawn: {self.said()}"
            time.sleep(0.05)

    def said(self) -> list[str]:
        """Whatever the console shows: messages, warnings, failures, what the policy kept from loading."""
        told = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening")
        return [f"{name}: {json.dumps(content)[:500]}" for name, content in self.events if name in told]

    def asked_for(self) -> list[str]:
        """The addresses that were asked for, the page's own among them."""
        return [content["request"]["url"] for name, content in self.events if name == "Network.requestWillBeSent"]

    def picture(self) -> bytes:
        """The page as far as it shows, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot")["data"])

    def pdf(self) -> bytes:
        return base64.b64decode(self.ask("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"])


@contextlib.contextmanager
def opened() -> Iterator[Browser]:
    """A browser that is gone afterwards."""
    program = chromium()
    there, write_to = os.pipe()
    read_from, back = os.pipe()
    with tempfile.TemporaryDirectory(prefix="segwright-browser-", ignore_cleanup_errors=True) as profile:
        words = [
            program,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
        ]
        words += ["--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"]
        quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
        wired = [(os.POSIX_SPAWN_DUP2, there, 3), (os.POSIX_SPAWN_DUP2, back, 4)]
        process = os.posix_spawn(program, words, os.environ, file_actions=[*wired, *quiet], setpgroup=0)
        os.close(there)
        os.close(back)
        try:
            browser = Browser(write_to, read_from)
            target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
            browser.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                browser.ask(f"{domain}.enable")
            yield browser
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(write_to)
            os.close(read_from)
