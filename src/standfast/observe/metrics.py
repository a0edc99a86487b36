"""The metrics as OpenMetrics text, and as a page; each is declared once, in a module `metrics_*`."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from standfast.base.limits import SERIES_REMEMBERED
from standfast.observe import metrics_daemon, metrics_exporter, metrics_services, metrics_vrrp
from standfast.observe.metric import Labels, Metric
from standfast.observe.state.status import Status

CONTENT_TYPE: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
METRICS: Final[tuple[Metric, ...]] = (
    *metrics_exporter.METRICS,
    *metrics_vrrp.METRICS,
    *metrics_services.METRICS,
    *metrics_daemon.METRICS,
)


def openmetrics(status: Status) -> str:
    """All metrics as OpenMetrics text."""
    lines: list[str] = []
    for metric in METRICS:
        lines += (f"# TYPE {metric.family} {metric.kind}", f"# HELP {metric.family} {metric.doc}")
        lines += _samples(metric, metric.of(status))
    return "\n".join((*lines, "# EOF", ""))


def _samples(metric: Metric, samples: Iterable[tuple[Labels, float]]) -> Iterator[str]:
    for values, value in samples:
        yield f"{_series(metric.name, metric.labels, values)} {_number(value)}"


@lru_cache(SERIES_REMEMBERED)
def _series(name: str, labels: Labels, values: Labels) -> str:
    """The name of a series: it stays, scrape after scrape."""
    pairs = ",".join(f'{label}="{_escaped(text)}"' for label, text in zip(labels, values, strict=True))
    return f"{name}{{{pairs}}}" if pairs else name


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _escaped(text: str) -> str:
    if '"' not in text and "\\" not in text and "\n" not in text:  # nearly always
        return text
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def reference() -> str:
    """The page about the metrics."""
    rows = "\n".join(
        f"| `{one.name}` | {one.doc} {one.kind.capitalize()}{_by(one.labels)}. |" for one in METRICS
    )
    return _PAGE.replace("ROWS", rows)


def _by(labels: Sequence[str]) -> str:
    return f" by {', '.join(f'`{label}`' for label in labels)}" if labels else ""


_PAGE: Final = """# Metrics

Written by `standfast metrics` over the control socket, and by the listener of `metrics_listen` under `/metrics`,
as OpenMetrics text. Names that begin with `keepalived_` are those of mehdy/keepalived-exporter, with an equal
meaning; its label `state` is left out, since it would begin a new series of every counter at each transition.
A series of counters begins at zero when its process does.

| Metric | Meaning, kind and labels |
| --- | --- |
ROWS
"""
