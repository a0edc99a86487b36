"""Who imports whom in the source, and what the table in docs/design.md says of it. Pure, but for reading files."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]
SOURCE: Final = ROOT / "src"
PACKAGE: Final = "standfast"


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module or name."""

    importer: str  # dotted, without the package's own name: `core.vrrp.step`
    target: (
        str  # dotted as written; ours without the package's own name and with a leading dot: `.base.times`
    )
    line: int
    inside_function: bool

    def __str__(self) -> str:
        return f"{self.importer.replace('.', '/') or PACKAGE}:{self.line} imports {self.target}"


class Row(NamedTuple):
    """What one package may import."""

    always: tuple[str, ...]
    inside_function: tuple[str, ...]


class Rules(NamedTuple):
    """The two tables of the design."""

    rows: Mapping[str, Row]
    closed: Mapping[str, frozenset[str]]  # package: modules of the standard library

    @classmethod
    def read(cls, page: str) -> "Rules":
        """The rules that stand in the design's section on imports."""
        section = page.split("## Who may import whom")[1].split("\n## ", maxsplit=1)[0]
        tables = [_cells(block) for block in re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)]
        rows = {name: Row(always, inside) for names, always, inside in tables[0] for name in names}
        closed = {name: frozenset(modules) for names, modules in tables[1] for name in names}
        return cls(rows, closed)

    def row_of(self, module: str) -> str:
        """The name of the row that a module falls under: the longest that fits; empty if none does."""
        fits = [name for name in self.rows if within(module, name)]
        return max(fits, key=len, default="")

    def breaks(self, found: Import) -> bool:
        """Whether an import is against the rules."""
        top = found.importer.split(".", maxsplit=1)[0]
        if not found.target.startswith("."):
            return found.target.split(".", maxsplit=1)[0] in self.closed.get(top, frozenset())
        target = found.target[1:]
        if target in {"", "__version__"}:  # the package itself, which holds nothing else
            return False
        row = self.row_of(found.importer)
        if not row:
            return True
        allowed = (row, *self.rows[row].always)
        if found.inside_function:
            allowed += self.rows[row].inside_function
        return not any(within(target, name) for name in allowed)


def within(module: str, package: str) -> bool:
    """Whether a module is this package or lies in it."""
    return module == package or module.startswith(f"{package}.")


def source_files() -> list[Path]:
    """All modules that ship."""
    return sorted((SOURCE / PACKAGE).rglob("*.py"))


def module_of(file: Path) -> str:
    """A file's dotted name below the package; empty for the package itself."""
    parts = file.relative_to(SOURCE / PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(module: str, text: str) -> Iterator[Import]:
    """Everything that a module imports, also for type checking only, also inside functions."""
    yield from _walk(module, ast.parse(text), inside_function=False)


def _walk(module: str, node: ast.AST, *, inside_function: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            for target in _targets(child):
                yield Import(module, _ours(target), child.lineno, inside_function)
        in_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _walk(module, child, inside_function=inside_function or in_function)


def _targets(node: ast.Import | ast.ImportFrom) -> Iterable[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    # Relative imports do not occur: ruff refuses them.
    # Whether the last word is a module or a name in one makes no difference to the table.
    return [f"{node.module}.{alias.name}" for alias in node.names]


def _ours(target: str) -> str:
    return target.removeprefix(PACKAGE) if within(target, PACKAGE) else target


def _cells(table: str) -> list[list[tuple[str, ...]]]:
    """The rows of a table, without its head: in each cell the words that stand in backticks."""
    lines = table.strip().splitlines()[2:]
    return [[tuple(re.findall(r"`([^`]+)`", cell)) for cell in line.split("|")[1:-1]] for line in lines]
