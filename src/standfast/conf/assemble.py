"""From the values of the files to built blocks: defaults are filled in, what lacks a required keyword goes."""

from typing import Any

from standfast.conf.build import freeze, lacking
from standfast.conf.defaults import Values, inherit
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import LISTS, Draft
from standfast.conf.meaning.host import Host
from standfast.conf.origin import Origin
from standfast.conf.problems import Report
from standfast.conf.source import Line
from standfast.model.complaint import Complaint, ErrorClass, Severity
from standfast.model.config import Config
from standfast.model.declare import declaration_of
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.blocks import Block
from standfast.model.kinds.scripts import Script


def assemble(values: Values, origin: Origin, report: Report, host: Host | None) -> Draft:
    """All blocks of a configuration, ready for the rules."""
    lost: list[tuple[Script, Line | None]] = []
    _prune(Config, values, origin, report, lost)
    inherit(Config, values, {"global_defs": values.get("global_defs", {})})
    where = origin.blocks.get("global_defs", [Origin(None)])[0]
    defs: GlobalDefs = freeze(GlobalDefs, values.pop("global_defs", {}))
    draft = Draft(Built(defs, where, report), origin, host)
    draft.lost_scripts = lost
    by_field = declaration_of(Config).by_field
    for name in LISTS:
        kind = by_field[name].kind
        lines = origin.blocks.get(name, [])
        if isinstance(kind, Block):
            pairs = zip(values.pop(name, []), lines, strict=True)
            setattr(draft, name, [Built(freeze(kind.of, one), line, report) for one, line in pairs])
    draft.rest = {name: _frozen(by_field[name].kind, value) for name, value in values.items()}
    return draft


def _frozen(kind: object, value: Any) -> Any:
    return freeze(kind.of, value) if isinstance(kind, Block) else value


def _prune(
    of: type, values: Values, origin: Origin, report: Report, lost: list[tuple[Script, Line | None]]
) -> None:
    """Remove inner blocks that lack a required keyword, and say so; what is kept stays beside its lines."""
    for name, kind in declaration_of(of).inner.items():
        if name not in values:
            continue
        inner = values[name] if kind.many else [values[name]]
        kept = []
        for one, where in zip(inner, origin.blocks[name], strict=True):
            _prune(kind.of, one, where, report, lost)
            if _complete(kind.of, one, where, report):
                kept.append((one, where))
            else:
                lost += [
                    (value, where.fields.get(n)) for n, value in one.items() if isinstance(value, Script)
                ]
        origin.blocks[name] = [where for _, where in kept]
        if kind.many:
            values[name] = [one for one, _ in kept]
        elif not kept:
            del values[name]


def _complete(of: type, values: Values, origin: Origin, report: Report) -> bool:
    missing = lacking(of, values)
    line = origin.line
    for keyword in missing:
        # A rejected value was told when its line was read.
        if line is None or keyword.argument or origin.given(keyword.field):
            continue
        words = f"{' '.join(line.words[:2])} needs a {keyword.name}; it is left out"
        hint = keyword.hint or f"write `{keyword.name} {keyword.kind.syntax}` into it"
        said = Complaint("missing-keyword", words, 0, Severity.ERROR, ErrorClass.GENERAL, hint)
        report.complain(line, said)
    return not missing
