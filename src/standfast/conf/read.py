"""Text to `Config`: the whole way, in one call."""

from dataclasses import dataclass
from typing import Any

from standfast.conf.build import Builder, freeze, lacking
from standfast.conf.defaults import inherit
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.instances import INSTANCE_RULES
from standfast.conf.meaning.whole import names_are_distinct, routers_are_distinct
from standfast.conf.origin import Origin
from standfast.conf.prepare import Preparer
from standfast.conf.problems import Problem, Report
from standfast.conf.reader import FileReader, Surroundings
from standfast.conf.secret_words import secret_words
from standfast.conf.tree import TreeBuilder
from standfast.model.complaint import Complaint, ErrorClass, Severity
from standfast.model.config import Config
from standfast.model.declare import declaration_of
from standfast.model.global_defs import GlobalDefs
from standfast.model.vrrp_instance import VrrpInstance


@dataclass(frozen=True, slots=True)
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


def read_config(path: str, reader: FileReader, surroundings: Surroundings | None = None) -> Reading:
    """Read a configuration from its top file.

    Args:
        path: the file, or a pattern of files.
        reader: the world's files.
        surroundings: what the file may ask about where it is read; nothing is known by default.
    """
    report = Report(secret_words())
    preparer = Preparer(reader, report, surroundings or Surroundings())
    config = _config(path, preparer, report)
    usable = preparer.usable and report.worst is not ErrorClass.INCLUDE_CHECK
    files = tuple(preparer.files)
    return Reading(config if usable else None, _in_order(report, files), report.dropped, report.worst, files)


def _in_order(report: Report, files: tuple[str, ...]) -> tuple[Problem, ...]:
    """As a person goes through the files."""
    rank = {path: number for number, path in enumerate(files)}
    return tuple(
        sorted(report.problems, key=lambda p: (rank.get(p.place.file, -1), p.place.line, p.place.column))
    )


def _config(path: str, preparer: Preparer, report: Report) -> Config:
    nodes = TreeBuilder(declaration_of(Config), report).build(preparer.pieces(path))
    values, origin = Builder(report).block(Config, None, nodes)
    inherit(Config, values, {"global_defs": values.get("global_defs", {})})
    defs: GlobalDefs = freeze(GlobalDefs, values.get("global_defs", {}))
    instances = [
        built
        for one, where in zip(
            values.get("vrrp_instances", ()), origin.blocks.get("vrrp_instances", ()), strict=True
        )
        if (built := _built(one, where, report)) is not None
    ]
    names_are_distinct(instances)
    for it in instances:
        for rule in INSTANCE_RULES:
            if it.usable:
                rule(it, defs)
    routers_are_distinct(instances, defs)
    return Config(global_defs=defs, vrrp_instances=tuple(it.value for it in instances if it.usable))


def _built(values: dict[str, Any], origin: Origin, report: Report) -> Built[VrrpInstance] | None:
    missing = lacking(VrrpInstance, values)
    for keyword in missing:
        if keyword.argument or origin.line is None:
            continue  # said when the line was read
        words = f"{origin.line.words[0]} needs a {keyword.name}; it is left out"
        report.complain(
            origin.line,
            Complaint("missing-keyword", words, 0, Severity.ERROR, ErrorClass.GENERAL, keyword.hint),
        )
    return None if missing else Built(freeze(VrrpInstance, values), origin, report)
