"""Which file imports which, from every import statement: lazy ones and those under TYPE_CHECKING too."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

Graph = dict[str, set[str]]


def import_graph(root: Path) -> Graph:
    """Return the modules below a package's folder, each with the modules of the package that it imports."""
    modules = {_dotted(path, root): path for path in sorted(root.rglob("*.py"))}
    return {name: set(_imports(name, path, modules)) - {name} for name, path in modules.items()}


def imported_names(path: Path) -> set[str]:
    """Return the dotted names of all that a file imports, from anywhere."""
    return {
        name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }


def cycles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Return each set of nodes that reach each other, sorted.

    >>> cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}})
    [['b', 'c']]
    """
    reached = {node: _reached(graph, node) for node in graph}
    groups = {
        tuple(sorted(other for other in reached[node] if other in graph and node in reached[other]))
        for node in graph
        if node in reached[node]
    }
    return sorted(map(list, groups))


def _reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    todo = [start]
    while todo:
        new = graph.get(todo.pop(), set()) - reached
        reached |= new
        todo += new
    return reached


def _dotted(path: Path, root: Path) -> str:
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(module: str, path: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (_known(alias.name, modules) for alias in node.names if _known(alias.name, modules))
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            above = parts[: len(parts) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (
                _known(f"{base}.{alias.name}", modules)
                for alias in node.names
                if _known(f"{base}.{alias.name}", modules)
            )


def _known(name: str, modules: Mapping[str, Path]) -> str:
    """Return the module that a dotted name is in; "" where it is none of ours."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name
