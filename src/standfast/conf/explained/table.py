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

CHAPTERS: Final[tuple[tuple[str, Mapping[str, Explanation]], ...]] = (
    ("Lines, blocks and includes", TEXT),
    ("Keywords and values", VALUES),
    ("Virtual routers", INSTANCES),
    ("Strict mode and signed adverts", STRICT),
    ("Virtual servers", SERVERS),
    ("Options that do not go together", OPTIONS),
    ("Trackers and scripts", TRACKING),
    ("Configurations in JSON", JSON),
)
EXPLAINED: Final[Mapping[str, Explanation]] = {
    slug: explanation for _, chapter in CHAPTERS for slug, explanation in chapter.items()
}
