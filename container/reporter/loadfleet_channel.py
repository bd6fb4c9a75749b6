"""How the programs here talk to the agent: a JSON object a line on what was standard output when they started."""
import json
import os
import sys
import threading

_lock = threading.Lock()
_out = None


def open_channel():
    """Takes standard output for the agent alone; whatever else is printed goes to standard error."""
    global _out
    _out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr


def tell(event, **fields):
    """Sends one event; nobody reads any more when the agent is gone."""
    line = json.dumps({"event": event, **fields}, separators=(",", ":"))
    with _lock:
        try:
            _out.write(line + "\n")
            _out.flush()
        except (BrokenPipeError, ValueError):
            pass
