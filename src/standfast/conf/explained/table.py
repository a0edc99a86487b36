"""All explanations, by slug."""

from collections.abc import Mapping
from typing import Final

from standfast.conf.explained.explanation import Explanation
from standfast.conf.explained.instances import INSTANCES
from standfast.conf.explained.options import OPTIONS
from standfast.conf.explained.servers import SERVERS
from standfast.conf.explained.strict import STRICT
from standfast.conf.explained.text import TEXT
from standfast.conf.explained.tracking import TRACKING
from standfast.conf.explained.values import JSON, VALUES

EXPLAINED: Final[Mapping[str, Explanation]] = {
    **TEXT, **VALUES, **INSTANCES, **STRICT, **SERVERS, **OPTIONS, **TRACKING, **JSON,
}  # fmt: skip
