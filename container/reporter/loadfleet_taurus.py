"""
Runs Taurus for an agent: python loadfleet_taurus.py FOLDER CONFIG

The line "stop" on standard input, its end, SIGINT and SIGTERM end the load gracefully, with its figures.
"""
import os
import signal
import sys
import threading

import loadfleet_channel as channel

channel.open_channel()

from bzt.cli import CLI, get_option_parser  # noqa: E402  (takes most of a second, and may print)
from bzt import ManualShutdown  # noqa: E402


class Program(CLI):
    """Taurus' own command line program; failures reach the agent as data instead of as lines of a log."""

    def stop(self, *_):
        # Looked at once a check interval: an exception in the middle of anything could leave a JMeter behind.
        self.engine.interrupted = True

    def handle_exception(self, exc):
        if not isinstance(exc, ManualShutdown):
            diagnostics = getattr(exc, "diagnostics", None) or []
            text = "\n".join(str(part) for part in diagnostics)
            channel.tell("failure", kind=type(exc).__name__, message=str(exc), detail=text[-20000:])
        super().handle_exception(exc)


def obey(program):
    for line in sys.stdin:
        if line.strip() == "stop":
            break
    program.stop()


def main(folder, config):
    options, _ = get_option_parser().parse_args(["-n"])
    program = Program(options)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, program.stop)
    threading.Thread(target=obey, args=(program,), daemon=True).start()
    program.engine.artifacts_dir = folder
    code = program.perform([config])
    channel.tell("end", code=code)
    # Taurus has written everything; taking its modules apart would only last.
    os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
