"""Executions of Step Functions: their events get lost on demand."""

from ministack.services import stepfunctions

import faults

_emit = stepfunctions._emit_execution_status_event


def mend():
    stepfunctions._emit_execution_status_event = _emit_unless_lost


def _emit_unless_lost(execution):
    # Delivered on a best-effort basis (Step Functions Developer Guide, "Automating Step Functions event delivery").
    if not faults.take("event", f"execution {execution['status']}", execution):
        _emit(execution)
