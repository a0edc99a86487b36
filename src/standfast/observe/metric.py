"""How a metric is declared: once, with what it means and how it follows from the state."""

from collections.abc import Callable, Iterator
from typing import Final

from standfast.base.frozen import frozen
from standfast.observe.state.status import Status

GAUGE: Final = "gauge"
COUNTER: Final = "counter"

Labels = tuple[str, ...]
Samples = Iterator[tuple[Labels, float]]


@frozen
class Metric:
    """The declaration of one metric."""

    name: str
    doc: str
    kind: str  # gauge, counter
    labels: tuple[str, ...]
    of: Callable[[Status], Samples]

    @property
    def family(self) -> str:
        """Its name without the suffix of counters."""
        return self.name.removesuffix("_total") if self.kind == COUNTER else self.name


Of = Callable[[Status], Samples]


class Declared(list[Metric]):
    """The metrics of one module, in their order."""

    def metric(self, name: str, doc: str, *labels: str, kind: str = GAUGE) -> Callable[[Of], Of]:
        """Declare one; the function gives its samples, with the labels in order.

        No label is called `instance` or `job`: Prometheus gives these to every sample, and would rename ours.
        """

        def declare(of: Of) -> Of:
            self.append(Metric(name, doc, kind, labels, of))
            return of

        return declare


def for_nobody(status: Status, name: str) -> Samples:
    """What a process heard that was for nobody here, by reason."""
    for process in status.processes:
        if process.name == name:
            yield from ((("", reason), n) for reason, n in process.unknown_drops.items())
