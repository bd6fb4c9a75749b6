"""Lambda functions: names of their errors, and failures on demand."""

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

import faults

_MARK = "\u0001"


def mend():
    # An error's class name is its errorType, which Step Functions' Retry and Catch compare (Lambda Developer Guide,
    # "Node.js function errors in Lambda"). The worker gives only the message: the name travels in front of it.
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    for message in ("String(err.message || err), trace", "e.message, trace"):
        thrown = "err" if message.startswith("String") else "e"
        before, after = f"error: {message}", f'error: ({thrown}.name || "Error") + "\\u0001" + {message}'
        if before not in script:
            raise SystemExit(f"This MiniStack's worker has no `{before}`.")
        script = script.replace(before, after)
    lambda_runtime._NODEJS_WORKER_SCRIPT = script
    lambda_svc._execute_function_warm = _named(lambda_svc._execute_function_warm)


def _named(execute):
    def run(func, event, request_id):
        name = (func.get("config") or func).get("FunctionName", "")
        fault = faults.take("before", name, event)
        if fault:
            return _failure(fault["errorType"], fault["errorMessage"])
        answer = execute(func, event, request_id)
        body = answer.get("body")
        if answer.get("error") and isinstance(body, dict) and _MARK in body.get("errorMessage", ""):
            body["errorType"], body["errorMessage"] = body["errorMessage"].split(_MARK, 1)
        # The work was done and the answer lost, which at-least-once invocation allows for (Lambda Developer Guide,
        # "Understanding retry behavior in Lambda").
        fault = faults.take("after", name, event)
        return _failure(fault["errorType"], fault["errorMessage"]) if fault else answer

    return run


def _failure(error_type, message):
    return {"body": {"errorType": error_type, "errorMessage": message}, "error": True, "log": message}
