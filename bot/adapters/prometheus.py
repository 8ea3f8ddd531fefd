"""Facts as Prometheus metrics: how much, how often, how long; never who.

Labels are codes, kinds and names from the code or the settings, so that there are few of them; a contestant, a
channel or a person is never one, and an endpoint only where it is told under the answer, too. Of a duel only
what both sides have in common is measured: the time until both had answered. So the metrics of before and after
an answer do not tell who gave it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_ACK_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
"""Up to Slack's three seconds."""
_ANSWER_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300)
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Count:
    """A counter that a fact moves on; labels are fields of the fact."""

    fact: str
    name: str
    what: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Timing:
    """A histogram of a fact's field `ms`."""

    fact: str
    name: str
    what: str
    buckets: tuple[float, ...]
    labels: tuple[str, ...] = ()


COUNTS: Final = (
    _Count(
        "question_ingested", "questions_taken", "Questions taken in, by what became of them.", ("outcome",)
    ),
    _Count("question_answered", "questions_answered", "Questions answered, by kind of reply.", ("reply",)),
    _Count("question_refused", "questions_refused", "Questions answered with a refusal.", ("code",)),
    _Count("question_delayed", "questions_delayed", "Tries of a question that failed for now.", ("why",)),
    _Count("question_buried", "questions_buried", "Questions given up.", ("why",)),
    _Count("lease_lost", "leases_lost", "Threads that another worker took over in the middle of a run."),
    _Count("completion_failed", "model_failures", "Requests to models that failed.", ("kind",)),
    _Count("ballot_cast", "ballots", "Ballots, by what became of them.", ("outcome",)),
    _Count("duel_closed", "duels_closed", "Duels closed, by what closed them.", ("by",)),
    _Count("refused", "refusals", "People told why something is not done.", ("code",)),
    _Count("redelivered", "redeliveries", "Deliveries that Slack repeated, by its reason.", ("reason",)),
    _Count("request_refused", "requests_refused", "HTTP requests that are none of Slack's.", ("why",)),
    _Count("event_not_taken", "events_not_taken", "Events left to Slack to bring again.", ("code",)),
    _Count("slack_limited", "slack_limited", "Calls that Slack asked to make later.", ("method",)),
    _Count("slack_unreachable", "slack_failures", "Calls that Slack did not answer.", ("method",)),
    _Count("background_full", "background_dropped", "Work after an acknowledgement not done.", ("work",)),
    _Count(
        "background_refused", "background_refused", "Work after an acknowledgement refused.", ("work", "code")
    ),
)
"""What is counted by itself. Every other fact is counted by its name."""
TIMINGS: Final = (
    _Timing("acknowledged", "ack_seconds", "From a delivery to its answer.", _ACK_BUCKETS, ("kind",)),
    _Timing("question_answered", "answer_seconds", "From question to answer.", _ANSWER_BUCKETS, ("reply",)),
    _Timing(
        "models_asked",
        "model_seconds",
        "Until every model asked had answered.",
        _ANSWER_BUCKETS,
        ("asked", "endpoint"),
    ),
)


class PrometheusObserver:
    """Counts facts.

    Args:
        version: Ours, for an info metric.
    """

    def __init__(self, *, version: str) -> None:
        registry = self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        Info("kostprobe", "What runs here.", registry=registry).info({"version": version})
        self._facts = Counter("kostprobe_facts", "Facts, by name.", ("name",), registry=registry)
        self._faults = Counter("kostprobe_faults", "Faults of ours, by name.", ("name",), registry=registry)
        self._opened = Counter("kostprobe_duels_opened", "Duels opened.", registry=registry)
        self._counts = {
            count.fact: (
                count.labels,
                Counter(f"kostprobe_{count.name}", count.what, count.labels, registry=registry),
            )
            for count in COUNTS
        }
        self._timings = {
            timing.fact: (
                timing.labels,
                Histogram(
                    f"kostprobe_{timing.name}",
                    timing.what,
                    timing.labels,
                    buckets=timing.buckets,
                    registry=registry,
                ),
            )
            for timing in TIMINGS
        }
        self._gauges = {
            "store_up": Gauge(
                "kostprobe_store_up", "Whether the store answered just now.", registry=registry
            ),
            "threads_waiting": Gauge(
                "kostprobe_threads_waiting", "Threads with a question to be answered.", registry=registry
            ),
            "workers": Gauge(
                "kostprobe_workers", "Workers seen lately, in all processes.", registry=registry
            ),
        }

    def fact(self, name: str, /, **fields: object) -> None:
        """Count something that happened."""
        self._facts.labels(name).inc()
        if name in self._counts:
            labels, counter = self._counts[name]
            (counter.labels(*_values(labels, fields)) if labels else counter).inc()
        ms = fields.get("ms")
        if name in self._timings and isinstance(ms, int | float):
            labels, histogram = self._timings[name]
            histogram.labels(*_values(labels, fields)).observe(ms / 1000)
        if fields.get("reply") == "DuelReply" and name == "question_answered":
            self._opened.inc()

    def fault(self, name: str, error: BaseException, /, **fields: object) -> str:
        """Count a fault; who else hears of it gives it its reference."""
        del error, fields
        self._faults.labels(name).inc()
        return ""

    def pending(self, count: Callable[[], float]) -> None:
        """Show how much work runs after acknowledgements, as `count` says whenever it is asked."""
        gauge = Gauge("kostprobe_background_tasks", "Work after acknowledgements.", registry=self._registry)
        gauge.set_function(count)

    def show(self, gauges: Mapping[str, float]) -> None:
        """Set gauges, by name: `store_up`, `threads_waiting`, `workers`."""
        for name, value in gauges.items():
            self._gauges[name].set(value)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format, in an order that does not tell what came first."""
        return generate_latest(_ByLabels(self._registry))


class _ByLabels:
    """What a registry holds, with each metric's samples ordered by their labels, not by their first use."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; buckets of a histogram keep their order."""
        for metric in self._registry.collect():
            metric.samples.sort(
                key=lambda sample: sorted((k, v) for k, v in sample.labels.items() if k != "le")
            )
            yield metric


def _values(labels: tuple[str, ...], fields: Mapping[str, object]) -> list[str]:
    """The labels' values, none as an empty text; the class of a reply as people write it."""
    told = ["" if (value := fields.get(label)) is None else str(value) for label in labels]
    return [
        _CAPITAL.sub("_", value.removesuffix("Reply")).lower() if value.endswith("Reply") else value
        for value in told
    ]
