"""Runs MiniStack with what the tests of the stack need mended. The mending reaches into the pinned version's own
functions; beside each piece stands the AWS document that says how AWS behaves."""

import os
import signal
import threading
import time

import ministack.app as app

import access
import executions
import functions
import resources
import tasks


def end_with_parent():
    """Ends everything that runs here when the program that started this is gone."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    for part in (tasks, functions, executions, resources, access):
        part.mend()
    app.main()
