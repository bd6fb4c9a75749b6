"""
JMeter executor of Taurus that is up before the load begins, and sees what Taurus' aggregation rounds off.

JMeter starts at once and holds its test back until the file `start` of the folder `gate` (a setting) holds the start
instant (epoch ms); an execution's own `begin-after-ms` comes on top. The test plan knows nothing of it: a script that
JMeter runs at its start registers a listener with the engine. The event "waiting" says that every JMeter is so far.
"""
import os
import socket
import time

from bzt import ToolError
from bzt.modules.jmeter import JMeter, JMeterExecutor

import loadfleet_channel as channel

# Without Taurus nobody would end this JMeter; what HTTP needs is loaded before the start, not at the first request.
GATE_SCRIPT = """
import org.apache.jmeter.engine.StandardJMeterEngine;
import org.apache.jmeter.testelement.TestStateListener;

parent = ProcessHandle.current().parent().orElse(null);
watch = new Runnable() {
  run() {
    while (parent == null || parent.isAlive()) Thread.sleep(1000);
    Runtime.getRuntime().halt(1);
  }
};
thread = new Thread(watch);
thread.setDaemon(true);
thread.start();

gate = new TestStateListener() {
  testStarted() {
    try {
      Class.forName("org.apache.jmeter.protocol.http.sampler.HTTPHC4Impl");
      Class.forName("com.blazemeter.jmeter.threads.concurrency.ConcurrencyThreadGroup");
    } catch (Throwable missing) {
    }
    new java.io.File("%(waiting)s").createNewFile();
    start = new java.io.File("%(start)s");
    while (start.length() == 0) Thread.sleep(10);
    bytes = java.nio.file.Files.readAllBytes(start.toPath());
    beginAt = Long.parseLong(new String(bytes).trim()) + %(after)d;
    left = beginAt - System.currentTimeMillis();
    if (left > 0) Thread.sleep(left);
  }
  testStarted(String host) {}
  testEnded() {}
  testEnded(String host) {}
};
StandardJMeterEngine.register(gate);
"""


JSON_PATH_PLUGIN = "com.atlantbh.jmeter.plugins.jsonutils.jsonpathassertion.JSONPathAssertion"


def mend_assertions(plan):
    """What Taurus writes for `assert-jsonpath` needs a plugin that JMeter 5 has made its own."""
    for assertion in plan.iter(JSON_PATH_PLUGIN):
        assertion.tag = "JSONPathAssertion"
        assertion.set("testclass", "JSONPathAssertion")
        assertion.set("guiclass", "JSONPathAssertionGui")


def mend_conditions(plan):
    """JMeter takes the condition of a `while` for a text, which is never "false", so that the loop would never end."""
    for loop in plan.iter("WhileController"):
        for condition in loop.iter("stringProp"):
            text = condition.text or ""
            if not text.startswith("${__") and any(sign in text for sign in ("<", ">", "==", "!=")):
                condition.text = "${__jexl3(%s,)}" % text.replace(",", "\\,")


class Clock:
    """The start instant, as soon as it is known."""

    def __init__(self, path):
        self.path = path
        self.start_at_ms = None

    def read(self):
        if self.start_at_ms is None and os.path.exists(self.path):
            with open(self.path, encoding="ascii") as file:
                self.start_at_ms = int(file.read())
        return self.start_at_ms


class LabelExact:
    """What Taurus' own figures of a label leave out; times in ms."""

    def __init__(self):
        self.least = self.most = None
        self.sent = self.aborted = 0
        self.errors = {}

    def empty(self):
        return LabelExact()

    def add(self, other):
        self.least = min((v for v in (self.least, other.least) if v is not None), default=None)
        self.most = max((v for v in (self.most, other.most) if v is not None), default=None)
        self.sent += other.sent
        self.aborted += other.aborted
        for kind, count in other.errors.items():
            self.errors[kind] = self.errors.get(kind, 0) + count


class Exact:
    def __init__(self):
        self.labels = {}
        self.first = self.last = None

    def add(self, row, started, elapsed):
        self.first = started if self.first is None else min(self.first, started)
        self.last = started + elapsed if self.last is None else max(self.last, started + elapsed)
        error = None if row["success"] == "true" else (message_of(row), code_of(row))
        for label in ("", row["label"]):
            exact = self.labels.setdefault(label, LabelExact())
            exact.least = elapsed if exact.least is None else min(exact.least, elapsed)
            exact.most = elapsed if exact.most is None else max(exact.most, elapsed)
            exact.sent += int(row.get("sentBytes") or 0)
            if error:
                exact.errors[error] = exact.errors.get(error, 0) + 1

    def add_aborted(self, row):
        for label in ("", row["label"]):
            self.labels.setdefault(label, LabelExact()).aborted += 1


def message_of(row):
    code = row["responseCode"]
    if code[:1] in "23" and row.get("failureMessage"):
        return row["failureMessage"].strip()
    return row["responseMessage"].removeprefix("Non HTTP response message: ").strip() or row.get("failureMessage") or ""


def code_of(row):
    code = row["responseCode"].removeprefix("Non HTTP response code: ")
    return code.split(".")[-1] if code.endswith("Exception") else code


class Rows:
    """JMeter's rows on their way to Taurus: noted exactly, and aligned so that Taurus' seconds begin with the load."""

    def __init__(self, inner, executor):
        self.inner = inner
        self.executor = executor

    @property
    def file(self):
        return self.inner.file

    def read(self, last_pass=False):
        for row in self.inner.read(last_pass):
            started, elapsed = int(row["timeStamp"]), int(row["elapsed"])
            if self.executor.is_cut_off(row, started + elapsed):
                self.executor.exact.add_aborted(row)
                continue
            self.executor.exact.add(row, started, elapsed)
            row["timeStamp"] = str(started - (self.executor.clock.read() or 0) % 1000)
            yield row


class GatedJMeter(JMeterExecutor):
    waiting = set()

    def __init__(self):
        super().__init__()
        self.exact = Exact()
        self.clock = None
        self.waiting_path = None
        self.stopping_at_ms = None

    def prepare(self):
        folder = self.settings.get("gate")
        number = len(self.waiting)
        self.waiting.add(self)
        self.clock = Clock(os.path.join(folder, "start"))
        self.waiting_path = os.path.join(folder, "waiting-%d" % number)
        script = os.path.join(folder, "gate-%d.bsh" % number)
        with open(script, "w", encoding="utf-8") as file:
            file.write(self.script())
        # Executors share their settings, but each writes its own properties while it prepares.
        self.settings.get("properties")["beanshell.init.file"] = script.replace("\\", "/")
        super().prepare()
        self.reader.csvreader = Rows(self.reader.csvreader, self)

    def script(self):
        places = {"waiting": self.waiting_path, "start": self.clock.path}
        places = {name: path.replace("\\", "/") for name, path in places.items()}
        return GATE_SCRIPT % {**places, "after": int(self.execution.get("begin-after-ms", 0))}

    def add_result_writers(self, jmx):
        super().add_result_writers(jmx)
        mend_assertions(jmx.tree)
        if not self.get_script_path():
            mend_conditions(jmx.tree)

    def install_required_tools(self):
        """Nothing is downloaded at start; whether there is a Java, JMeter itself will say."""
        self.tool = self._get_tool(JMeter, config=self.settings, props=self.properties)
        if not self.tool.check_if_installed():
            raise ToolError("JMeter is not at %s" % self.settings.get("path"))
        self.settings["path"] = self.tool.tool_path

    def startup(self):
        super().startup()
        channel.tell("engine", pid=self.process.pid)

    def check(self):
        if self in self.waiting and os.path.exists(self.waiting_path):
            self.waiting.discard(self)
            if not self.waiting:
                channel.tell("waiting")
        return super().check()

    def is_cut_off(self, row, ended):
        """A request that a stop interrupted; what failed before the stop is a failure."""
        is_stopped = self.stopping_at_ms is not None and ended >= self.stopping_at_ms
        return is_stopped and row["success"] != "true" and row["responseCode"].startswith("Non HTTP response code")

    def shutdown(self):
        """Asks JMeter to finish its samples, then to break them off, then ends it. On a busy machine the second may take its time."""
        self.stopping_at_ms = time.time() * 1000
        for command, seconds in ((b"Shutdown", 0.5), (b"StopTestNow", 2)):
            if self.has_ended(0):
                break
            with socket.socket(type=socket.SOCK_DGRAM) as sender:
                sender.sendto(command, ("localhost", self.management_port))
            if self.has_ended(seconds):
                break
        else:
            self.process.kill()
        self.end_time = time.time()

    def has_ended(self, seconds):
        until = time.monotonic() + seconds
        while self.process and self.process.poll() is None:
            if time.monotonic() >= until:
                return False
            time.sleep(0.02)
        return True
