"""Failures that a test asks for, in the file LOADFLEET_FAULTS: a list of {id, kind, name, times, ...}."""

import json
import os
import threading

_lock = threading.Lock()
_used = {}


def take(kind, name, subject):
    """The next failure of this kind for a thing whose name contains the failure's name, and whose subject contains the
    texts that the failure is about; or None."""
    try:
        with open(os.environ["LOADFLEET_FAULTS"], encoding="utf8") as file:
            wanted = json.load(file)
    except FileNotFoundError:
        return None
    text = json.dumps(subject, default=str)
    with _lock:
        for fault in wanted:
            used = _used.get(fault["id"], 0)
            is_meant = fault["kind"] == kind and fault["name"] in name and all(it in text for it in fault["about"])
            if is_meant and used < fault["times"]:
                _used[fault["id"]] = used + 1
                return fault
    return None
