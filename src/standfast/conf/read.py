"""Text to `Config`: the whole way, in one call."""

from standfast.base.frozen import frozen
from standfast.conf.assemble import assemble
from standfast.conf.build import Builder
from standfast.conf.meaning.host import Host
from standfast.conf.meaning.rules import check_meaning
from standfast.conf.meaning.target import check_target
from standfast.conf.prepare import Preparer
from standfast.conf.problems import Problem, Report
from standfast.conf.reader import FileReader, Surroundings
from standfast.conf.secret_words import secret_words
from standfast.conf.tree import TreeBuilder
from standfast.model.complaint import ErrorClass
from standfast.model.config import Config
from standfast.model.declare import declaration_of
from standfast.model.versions import Version


@frozen
class Reading:
    """What came of reading a configuration.

    `config` is None when nothing usable is there: the top file cannot be read, or an include that must
    succeed did not. All other mistakes leave a `Config` without the bad parts, as Keepalived would run it;
    a keyword without its argument too, where Keepalived dies (EX-03, a quirk that we do not copy).
    """

    config: Config | None
    problems: tuple[Problem, ...]
    dropped: int  # problems beyond the bound, counted and not kept
    worst: ErrorClass  # of all problems
    files: tuple[str, ...]  # all that were read, in order


def read_config(
    path: str, reader: FileReader, surroundings: Surroundings | None = None, *, host: Host | None = None
) -> Reading:
    """Read a configuration from its top file.

    Args:
        path: the file, or a pattern of files.
        reader: the world's files.
        surroundings: what the file may ask about where it is read; nothing is known by default.
        host: what is asked about this host: interfaces, accounts, scripts; None: nothing is (offline).
    """
    report = Report(secret_words)
    preparer = Preparer(reader, report, surroundings or Surroundings())
    config = _config(path, preparer, report, host, (surroundings or Surroundings()).target)
    usable = preparer.usable and report.worst is not ErrorClass.INCLUDE_CHECK
    files = tuple(preparer.files)
    return Reading(config if usable else None, _in_order(report, files), report.dropped, report.worst, files)


def _in_order(report: Report, files: tuple[str, ...]) -> tuple[Problem, ...]:
    """As a person goes through the files."""
    rank = {path: number for number, path in enumerate(files)}
    return tuple(
        sorted(report.problems, key=lambda p: (rank.get(p.place.file, -1), p.place.line, p.place.column))
    )


def _config(
    path: str, preparer: Preparer, report: Report, host: Host | None, target: Version | None
) -> Config:
    nodes = TreeBuilder(declaration_of(Config), report).build(preparer.pieces(path))
    values, origin = Builder(report).block(Config, None, nodes)
    draft = assemble(values, origin, report, host)
    check_meaning(draft)
    check_target(draft, target)
    return draft.config()
