"""The figures of docs/concepts, drawn from the code: `make generated` writes them, a test compares."""

from collections.abc import Callable, Mapping
from typing import Final

from figures.adverts import advert, silence
from figures.processes import processes
from figures.states import states

FILES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/concepts/states.svg": states,
    "docs/concepts/processes.svg": processes,
    "docs/concepts/advert.svg": advert,
    "docs/concepts/silence.svg": silence,
}
