"""A headless Chromium, asked through the DevTools protocol over a pipe: no port, no driver, no library.

https://chromedevtools.github.io/devtools-protocol/ ; --remote-debugging-pipe reads messages from file descriptor 3 and writes
them to 4, each ended by a zero byte.
"""

import base64
import contextlib
import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = ["--headless=new", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--metrics-recording-only",
         "--force-color-profile=srgb", "--disable-dev-shm-usage", "--mute-audio", "--font-render-hinting=none"]
# A site that is never reached: a request that leaves the page must fail, and be seen.
OFFLINE = ["--host-resolver-rules=MAP * ~NOTFOUND"]


def program():
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise FileNotFoundError("chromium is not installed (cmake/install-dependencies.sh test)")
    return found


class Chromium:
    """One browser with one page. `events` keeps everything it said."""

    def __init__(self, fonts=None, timeout=60):
        self.timeout = timeout
        self.events = []
        self._answers = {}
        self._buffer = b""
        self._number = 0
        self._folder = tempfile.TemporaryDirectory(prefix="release-gate-chromium-", ignore_cleanup_errors=True)
        home = pathlib.Path(self._folder.name)
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC", **(fonts or {})}
        # The sandbox needs rights that root in a container lacks; the pages are our own.
        flags = [*FLAGS, *OFFLINE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]

        def wire():
            # Either may be number 3 or 4 itself: copies beyond both come first.
            to_three, to_four = fcntl.fcntl(to_browser, fcntl.F_DUPFD, 10), fcntl.fcntl(from_browser, fcntl.F_DUPFD, 10)
            os.dup2(to_three, 3)
            os.dup2(to_four, 4)

        self._process = subprocess.Popen([program(), *flags, "--remote-debugging-pipe", f"--user-data-dir={home / 'profile'}", "about:blank"],
                                         preexec_fn=wire, close_fds=False, env=environment, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=(home / "stderr").open("wb"), start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)
        self._session = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.send(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(Exception):
            self._session = None
            self.send("Browser.close")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        self._folder.cleanup()

    def _pump(self, deadline):
        """Reads what has come; raises when nothing comes any more."""
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                raise TimeoutError("chromium does not answer")
            piece = os.read(self._read, 1 << 16)
            if not piece:
                log = (pathlib.Path(self._folder.name) / "stderr").read_text(errors="replace")
                raise ConnectionError("chromium has ended: " + log[-800:])
            self._buffer += piece
        message, self._buffer = self._buffer.split(b"\0", 1)
        message = json.loads(message)
        if "id" in message:
            self._answers[message["id"]] = message
        else:
            self.events.append(message)

    def send(self, method, **parameters):
        """One command and its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data):]
        deadline = time.monotonic() + self.timeout
        while self._number not in self._answers:
            self._pump(deadline)
        answer = self._answers.pop(self._number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def open(self, url, width=1280, height=900, dark=False, scale=1):
        """Loads a page at a width in pixels, and waits until it has been drawn."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=width < 600)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                                                          {"name": "prefers-reduced-motion", "value": "reduce"}])
        self.events.clear()
        self.send("Page.navigate", url=url)
        deadline = time.monotonic() + self.timeout
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self._pump(deadline)
        self.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")

    def value(self, expression):
        """What JavaScript makes of `expression`, with the rights of a click."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, x, y):
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left" if kind != "mouseMoved" else "none", clickCount=1)

    def move(self, x, y):
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def complaints(self):
        """Exceptions, console errors and what the security policy has blocked, as text."""
        out = []
        for event in self.events:
            parameters = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                out.append(json.dumps(parameters["exceptionDetails"]))
            elif event["method"] == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
                out.append(json.dumps(parameters["args"]))
            elif event["method"] == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                out.append(parameters["entry"]["text"])
        return out

    def requests(self):
        """The addresses of everything that was asked for."""
        return [event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"]

    def screenshot(self, path, top=0, height=None):
        """The page from `top` on as a PNG: all of it, or `height` pixels."""
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        left = size["height"] - top
        clip = {"x": 0, "y": top, "width": size["width"], "height": min(height or left, left), "scale": 1}
        answer = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        pathlib.Path(path).write_bytes(base64.b64decode(answer["data"]))
