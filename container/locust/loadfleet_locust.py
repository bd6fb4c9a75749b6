"""
Runs Locust for an agent: python loadfleet_locust.py CONFIG

It says "waiting" when the users are ready to be started. Lines on standard input: "start" lets the load begin; "stop",
the end of the input, SIGINT and SIGTERM end it. Each request is an event of its own.
"""
import json
import os
import signal
import sys
import time

import loadfleet_channel as channel

channel.open_channel()

import locust  # noqa: E402  (it changes the standard library, so it comes before all that uses sockets)
import gevent  # noqa: E402
from gevent.event import Event  # noqa: E402
from gevent.fileobject import FileObject  # noqa: E402
from locust.env import Environment  # noqa: E402
from locust.exception import StopUser  # noqa: E402
from locust.util.load_locustfile import load_locustfile  # noqa: E402

TICK = 0.2
KEPT_BYTES = 256 * 1024


def make_user(requests):
    """Makes a user that sends the requests of a scenario one after the other."""

    class Visitor(locust.HttpUser):
        # Locust refuses users without one, also when every address is whole.
        host = ""

        @locust.task
        def visit(self):
            for one in requests:
                body = {key: one[key] for key in ("data", "json") if key in one}
                timeout = one.get("timeout")
                self.client.request(
                    one["method"], one["url"], name=one["label"], headers=one["headers"], timeout=timeout,
                    allow_redirects=one["redirects"], **body
                )
                gevent.sleep(one["pause"])

    return Visitor


def limit_iterations(user_class, iterations):
    """Ends each user after so many of its tasks; Locust asks for the pause after each."""
    pause = user_class.wait_time

    def wait_time(user):
        user.loadfleet_done = getattr(user, "loadfleet_done", 0) + 1
        if user.loadfleet_done >= iterations:
            raise StopUser()
        return pause(user)

    user_class.wait_time = wait_time


def on_request(name, response_time, response_length, response=None, exception=None, start_time=None, **_):
    status = getattr(response, "status_code", None)
    failure = None if exception is None else str(exception) or type(exception).__name__
    channel.tell(
        "request", label=name or "", endedAtMs=time.time() * 1000, elapsedMs=response_time or 0,
        bytes=response_length or 0, code=str(status or ""), failure=failure,
    )


def content(value):
    """What was sent or received, as text where it is text."""
    if value is None:
        return {"text": "", "bytes": 0}
    raw = value.encode("utf-8") if isinstance(value, str) else bytes(value)
    return {"text": raw[:KEPT_BYTES].decode("utf-8", "replace"), "bytes": len(raw)}


def describe(response):
    """A request with its response, of the kind that the requests library gives."""
    request = getattr(response, "request", None)
    return {
        "method": getattr(request, "method", None) or "",
        "url": getattr(request, "url", None) or getattr(response, "url", None) or "",
        "requestHeaders": [[str(name), str(value)] for name, value in (getattr(request, "headers", None) or {}).items()],
        "requestBody": content(getattr(request, "body", None) if isinstance(getattr(request, "body", None), (str, bytes)) else None),
        "status": getattr(response, "status_code", 0) or None,
        "statusText": getattr(response, "reason", None) or "",
        "responseHeaders": [[str(name), str(value)] for name, value in (getattr(response, "headers", None) or {}).items()],
        "responseBody": content(getattr(response, "content", None)),
        "elapsedMs": response.elapsed.total_seconds() * 1000 if getattr(response, "elapsed", None) else 0,
    }


def keep_traffic(path):
    """Writes each request whole into a file, a JSON object a line."""
    file = open(path, "w", encoding="utf-8")

    def on_request_whole(name, response_time, response=None, exception=None, **_):
        hops = [] if response is None else [describe(one) for one in [*getattr(response, "history", []), response]]
        failure = None if exception is None else str(exception) or type(exception).__name__
        line = {"label": name or "", "elapsedMs": response_time or 0, "failure": failure, "hops": hops}
        file.write(json.dumps(line) + "\n")
        file.flush()

    return on_request_whole


def on_user_error(exception, **_):
    channel.tell("exception", message=f"{type(exception).__name__}: {exception}")


def load(config):
    if config["requests"] is not None:
        return [make_user(config["requests"])], None
    classes, shapes = load_locustfile(os.path.abspath(config["script"]))
    return list(classes.values()), shapes


def run(config):
    classes, shapes = load(config)
    if not classes:
        raise ValueError("it has no class that is a User")
    has_shape = config["users"] is None and len(shapes) > 0
    if config["users"] is None and not has_shape:
        raise ValueError("the plan names no users, and the script has no LoadTestShape")
    if config["iterations"] is not None:
        for one in classes:
            limit_iterations(one, config["iterations"])
    shape = shapes[0] if has_shape else None
    environment = Environment(user_classes=classes, shape_class=shape, events=locust.events, host=config["host"])
    runner = environment.create_local_runner()
    environment.events.request.add_listener(on_request)
    if config["traffic"] is not None:
        environment.events.request.add_listener(keep_traffic(config["traffic"]))
    environment.events.user_error.add_listener(on_user_error)
    environment.events.init.fire(environment=environment, runner=runner, web_ui=None)
    is_over = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, is_over.set)
    lines = FileObject(os.dup(0), "r")
    channel.tell("waiting")
    if lines.readline().strip() == "start":
        gevent.spawn(lambda: (lines.readline(), is_over.set()))
        drive(runner, config, has_shape, is_over)
    runner.quit()
    environment.events.quitting.fire(environment=environment, reverse=True)


def drive(runner, config, has_shape, is_over):
    is_over.wait(config["delay"])
    begun = time.monotonic()
    has_all = Event()
    runner.environment.events.spawning_complete.add_listener(
        lambda user_count, **_: (channel.tell("users", count=user_count), has_all.set())
    )
    if has_shape:
        runner.start_shape()
    else:
        runner.start(config["users"], config["spawnRate"])
    while not is_over.is_set():
        channel.tell("users", count=runner.user_count)
        failure = getattr(runner.spawning_greenlet, "exception", None)
        if failure is not None:
            raise failure
        is_done = has_all.is_set() and runner.user_count == 0 and not has_shape
        if is_done or (has_shape and runner.state == "stopped"):
            return
        if config["length"] is not None and time.monotonic() - begun >= config["length"]:
            return
        is_over.wait(TICK)


def main(path):
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    try:
        run(config)
    except (Exception, SystemExit) as error:
        channel.tell("failure", message=f"{type(error).__name__}: {error}")
        os._exit(1)
    channel.tell("end")
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
