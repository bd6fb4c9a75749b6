"""Taurus reporter that hands the agent each second as it is aggregated, and each label's figures with their histogram."""
import time

from bzt.engine import Reporter
from bzt.modules.aggregator import AggregatorListener, DataPoint, KPISet, RespTimesCounter
from bzt.modules.reporting import FinalStatus
from hdrh.histogram import HdrHistogram

import loadfleet_channel as channel

CHECKPOINT_SECONDS = 5


def milliseconds(seconds):
    return round(float(seconds or 0) * 1000, 3)


class Figures:
    """What was measured for one label; times in ms."""

    def __init__(self):
        self.count = self.failed = self.bytes = 0
        self.sum = self.latency = self.connect = 0.0
        self.codes = {}
        self.errors = {}
        # Taurus' own geometry, so that no value changes its bucket.
        self.histogram = HdrHistogram(
            RespTimesCounter.ENCODE_LOWEST, RespTimesCounter.ENCODE_HIGHEST, RespTimesCounter.ENCODE_SIGNIFICANT_FIGURES
        )

    def add(self, kpis):
        def get(key):
            return kpis.get(key, no_recalc=True)

        self.count += int(get(KPISet.SAMPLE_COUNT))
        self.failed += int(get(KPISet.FAILURES))
        self.bytes += int(get(KPISet.BYTE_COUNT))
        self.sum += kpis.sum_rt * 1000
        self.latency += kpis.sum_lt * 1000
        self.connect += kpis.sum_cn * 1000
        for code, count in get(KPISet.RESP_CODES).items():
            self.codes[str(code)] = self.codes.get(str(code), 0) + int(count)
        for error in get(KPISet.ERRORS):
            kind = (str(error.get("msg") or ""), str(error.get("rc") or ""))
            self.errors[kind] = self.errors.get(kind, 0) + int(error["cnt"])
        for value, count in get(KPISet.RESP_TIMES).histogram.get_value_counts().items():
            self.histogram.record_value(min(int(value), RespTimesCounter.ENCODE_HIGHEST), int(count))

    def second(self, keeps_histogram):
        fields = {"count": self.count, "failed": self.failed, "bytes": self.bytes, "sumMs": round(self.sum, 3)}
        return {**fields, "histogram": self.encoded()} if keeps_histogram else fields

    def total(self, exact):
        """`exact` is what an executor saw in each sample; others give no more than the histogram."""
        count = self.histogram.total_count
        least = exact.least if exact else self.histogram.get_min_value() if count else 0
        most = exact.most if exact else self.histogram.get_max_value() if count else 0
        errors = exact.errors if exact else self.errors
        return {
            "count": self.count,
            "failed": self.failed,
            "aborted": exact.aborted if exact else 0,
            "bytesIn": self.bytes,
            "bytesOut": exact.sent if exact else 0,
            "sumMs": round(self.sum, 3),
            "minMs": int(least or 0),
            "maxMs": int(most or 0),
            "latencySumMs": round(self.latency, 3),
            "connectSumMs": round(self.connect, 3),
            "codes": self.codes,
            "errors": [{"message": m, "code": c, "count": n} for (m, c), n in errors.items()],
            "histogram": self.encoded(),
        }

    def encoded(self):
        return self.histogram.encode().decode("ascii")


class Stream(Reporter, AggregatorListener):
    """
    Settings: `histograms` (labels whose histogram goes with every second, "" is all). Executors may know more of their
    samples: `clock` (their start instant) and `exact` (see loadfleet_jmeter.py) are taken from those that have them.
    """

    def __init__(self):
        super().__init__()
        self.labels = {}
        self.carried = {}
        self.carried_users = 0
        self.last_second = -1
        self.saved_at = time.monotonic()

    def prepare(self):
        super().prepare()
        self.engine.aggregator.add_listener(self)
        if len(self.engine.provisioning.executors) == 1:
            # Samples wait in the executor's reader already; with one executor there is nothing to wait for again.
            self.engine.aggregator.buffer_len = 0

    def executors(self):
        return [executor for executor in self.engine.provisioning.executors if hasattr(executor, "exact")]

    def aggregated_second(self, data):
        start = next((executor.clock.start_at_ms for executor in self.executors() if executor.clock.start_at_ms), None)
        if start is None:
            start = self.engine.provisioning.start_time * 1000
        if not self.labels:
            for reporter in self.engine.reporters:
                if isinstance(reporter, FinalStatus):
                    # The duration in results.xml counts from the load, not from the wait before it.
                    reporter.start_time = start / 1000
        for label, kpis in data[DataPoint.CURRENT].items():
            self.labels.setdefault(label, Figures()).add(kpis)
            self.carried.setdefault(label, Figures()).add(kpis)
            if label == "":
                self.carried_users = max(self.carried_users, int(kpis.get(KPISet.CONCURRENCY, no_recalc=True) or 0))
        second = max(0, int(data[DataPoint.TIMESTAMP]) - int(start // 1000))
        # Every second is told once; what comes for an earlier one goes with the next.
        if second > self.last_second:
            self.tell_second(second)

    def tell_second(self, second):
        wanted = set(self.settings.get("histograms", [""]))
        labels = {label: figures.second(label in wanted) for label, figures in self.carried.items()}
        channel.tell("second", second=second, users=self.carried_users, labels=labels)
        self.last_second = second
        self.carried = {}
        self.carried_users = 0

    def check(self):
        if self.labels and time.monotonic() - self.saved_at >= CHECKPOINT_SECONDS:
            self.tell_figures(False)
        return super().check()

    def post_process(self):
        super().post_process()
        if self.carried:
            self.tell_second(self.last_second + 1)
        self.tell_figures(True)

    def tell_figures(self, is_final):
        self.saved_at = time.monotonic()
        merged = {}
        for executor in self.executors():
            for label, exact in executor.exact.labels.items():
                merged.setdefault(label, exact.empty()).add(exact)
        spans = [executor.exact for executor in self.executors() if executor.exact.first is not None]
        for label in merged:
            self.labels.setdefault(label, Figures())
        channel.tell(
            "figures",
            final=is_final,
            firstSampleAtMs=min((span.first for span in spans), default=None),
            lastSampleAtMs=max((span.last for span in spans), default=None),
            labels={label: figures.total(merged.get(label)) for label, figures in self.labels.items()},
        )
