"""browser.py - opens a page in Chromium without a screen and does things in it.

    browser.py PAGE WIDTH HEIGHT [EXPRESSION | =FILE.png]...

Prints a line for each expression, its value as JSON; =FILE.png is a picture of what the window shows.
Then "problems: N", and each: what the page's policy forbade, exceptions, errors of the console; and
"opened: SECONDS", until the page was whole and drawn. It speaks with Chromium through a pipe, so no
port is opened. Exit code 77 without Chromium.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time


class Browser:
    def __init__(self, program, profile):
        to, self.commands = os.pipe()
        self.answers, back = os.pipe()
        # 0 to 2 are taken; Chromium reads from 3 and writes to 4.
        def place():
            os.dup2(to, 10)
            os.dup2(back, 11)
            os.dup2(10, 3)
            os.dup2(11, 4)
        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-extensions", "--disable-background-networking",
             "--remote-debugging-pipe", "--user-data-dir=" + profile, "about:blank"],
            close_fds=False, preexec_fn=place, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to)
        os.close(back)
        self.buffer, self.number, self.session, self.events = b"", 0, None, []

    def receive(self):
        while b"\0" not in self.buffer:
            more = os.read(self.answers, 1 << 20)
            if not more:
                sys.exit("browser.py: Chromium has ended")
            self.buffer += more
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.commands, data):]
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit("browser.py: %s: %s" % (method, answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            return "exception: " + answer["exceptionDetails"].get("exception", {}).get("description", "")
        return answer["result"].get("value")


def problems(events):
    for e in events:
        p = e.get("params", {})
        if e.get("method") == "Runtime.exceptionThrown":
            yield p["exceptionDetails"].get("exception", {}).get("description", "exception")
        elif e.get("method") == "Log.entryAdded" and p["entry"]["level"] in ("error", "warning"):
            yield p["entry"]["text"]
        elif e.get("method") == "Runtime.consoleAPICalled" and p["type"] == "error":
            yield str(p["args"])


def main():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        sys.exit(77)
    page, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    profile = tempfile.mkdtemp()
    browser = Browser(program, profile)
    try:
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            browser.call(domain + ".enable")
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=width < 600)
        began = time.monotonic()
        path, hash_, choice = page.partition("#")
        browser.call("Page.navigate", url="file://" + os.path.abspath(path) + hash_ + choice)
        while browser.evaluate("location.href !== 'about:blank' && document.readyState") != "complete":
            time.sleep(0.01)
        browser.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
        opened = time.monotonic() - began
        for what in sys.argv[4:]:
            if what.startswith("="):
                picture = browser.call("Page.captureScreenshot", format="png")["data"]
                with open(what[1:], "wb") as f:
                    f.write(base64.b64decode(picture))
            else:
                print(json.dumps(browser.evaluate(what), ensure_ascii=False))
        browser.evaluate("new Promise((r) => setTimeout(r, 200))")
        found = list(problems(browser.events))
        print("problems: %d" % len(found))
        for p in found:
            print(p)
        print("opened: %.2f" % opened)
    finally:
        browser.process.kill()
        browser.process.wait()
        shutil.rmtree(profile, ignore_errors=True)


main()
