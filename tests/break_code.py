"""Break the code a few hundred times, one small break at a time, and see whether a test fails.

A test suite is as good as the breaks it notices. Each break (a comparison turned round, a guard dropped, a number one higher, a
returned value lost, …) is made in a copy of the repository in a temporary folder, never in the checkout, and the tests that run the
broken function are run on it. What no test notices is printed: path:line, what stood there and what stands there now. Some survivors
cannot differ, or nobody would mind; each of the others asks for a test. CI does not run this.

    python tests/break_code.py --count 200 --seed 7             # two cores: half an hour
    python tests/break_code.py --package books --count 40
    python tests/break_code.py --at wscli/books/sync.py:120     # every break of one line, for instance after mending

First every quick test (without a process or a simulator) is run once, to learn which functions it runs. A break is then shown to the
quick tests that run its function, the fastest first; what survives them, to whole test files, those that import the module first.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import inspect
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.support.import_graph import Graph, import_graph  # noqa: E402

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "venv", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis")
WITH_PROCESS = re.compile(
    r"\b(subprocess|Popen|pexpect|spawn|Terminal|hostile|websocket_server|chaos|serving|serve|listen)\("
)
PROCESS_FIXTURES = {"wscli", "sim"}
QUICK_BUDGET_S = 40.0  # of the quick tests that are run for one break, as they took unbroken
QUICK_TEST_S = 20  # that a quick test takes at most, while it is recorded what it runs
NO_TESTS = 5  # the status of pytest where it ran none


# --- the breaks ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Break:
    """One change of the code. start, end: where it stands in the file, in characters. function: "" outside of any."""

    path: str
    line: int
    start: int
    end: int
    before: str
    after: str
    function: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {_on_one_line(self.before)} → {_on_one_line(self.after)}"

    def applied(self, source: str) -> str:
        return source[: self.start] + self.after + source[self.end :]


def _on_one_line(code: str) -> str:
    text = " ".join(code.split())
    return text if len(text) <= 100 else f"{text[:60]} … {text[-37:]}"


SWAPPED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPPOSITE: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def breaks_in(path: Path) -> Iterator[Break]:
    """Yield every break that can be made in a module. What only mypy reads (annotations, TYPE_CHECKING) and docstrings stay."""
    source = path.read_text()
    offsets = [0]
    for text in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(text))
    lines = source.splitlines()

    def place(line: int, column: int) -> int:
        return offsets[line - 1] + len(lines[line - 1].encode()[:column].decode())

    name = path.relative_to(ROOT).as_posix()
    for node, function in _reachable(ast.parse(source), ""):
        target = node.test if isinstance(node, ast.If | ast.While) else node
        start, end = place(target.lineno, target.col_offset), place(target.end_lineno, target.end_col_offset)
        for after in _variants(node):
            text = f"({after})" if isinstance(target, ast.expr) else after
            if text.strip("()") != source[start:end].strip("()"):
                yield Break(name, target.lineno, start, end, source[start:end], text, function)


def _reachable(node: ast.AST, function: str) -> Iterator[tuple[Any, str]]:
    """Yield the statements and expressions that run, each with the qualified name of its function."""
    for child in ast.iter_child_nodes(node):
        skipped = (
            isinstance(child, ast.Import | ast.ImportFrom | ast.Assert | ast.JoinedStr | ast.TypeIgnore)
            or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant))
            or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
            or child in (getattr(node, "annotation", None), getattr(node, "returns", None))
            or (isinstance(node, ast.FunctionDef | ast.ClassDef) and child in node.decorator_list)
            or (isinstance(node, ast.ClassDef) and child in node.bases)
            or (isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) in ("TypeAlias", "Final"))
            or (
                isinstance(node, ast.Module) and isinstance(child, ast.Assign) and "TypeVar" in ast.unparse(child.value)
            )
        )
        if skipped:
            continue
        inner = function
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = (
                f"{function}.<locals>.{child.name}"
                if function and not isinstance(node, ast.ClassDef)
                else (f"{function}.{child.name}" if function else child.name)
            )
        elif isinstance(child, ast.ClassDef):
            inner = f"{function}.{child.name}" if function else child.name
        is_table = isinstance(node, ast.Module | ast.ClassDef) and isinstance(child, ast.Assign | ast.AnnAssign)
        if is_table and not isinstance(child.value, ast.Constant | ast.BinOp):  # type: ignore[attr-defined]
            continue  # catalogues and tables: facts, which other tests compare with the documents
        if isinstance(child, ast.expr | ast.stmt):
            yield child, inner
        yield from _reachable(child, inner)


def _variants(node: ast.stmt | ast.expr) -> Iterator[str]:
    """Yield the code of what may stand in the place of a statement or an expression."""
    match node:
        case ast.Compare(ops=[op], left=left, comparators=right) if type(op) in SWAPPED:
            yield ast.unparse(ast.Compare(left, [SWAPPED[type(op)]()], right))
        case ast.Compare(ops=[first, *rest], left=left, comparators=right) if type(first) in SWAPPED:
            yield ast.unparse(ast.Compare(left, [SWAPPED[type(first)](), *rest], right))
        case ast.BoolOp(op=op, values=values):
            yield ast.unparse(ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values))
            for dropped in values:
                rest = [value for value in values if value is not dropped]
                yield ast.unparse(rest[0] if len(rest) == 1 else ast.BoolOp(op, rest))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield ast.unparse(operand)
        case ast.BinOp(op=op, left=left, right=right) if type(op) in OPPOSITE and not _is_text(left, right):
            yield ast.unparse(ast.BinOp(left, OPPOSITE[type(op)](), right))
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int(value)):
            yield str(value + 1)
            yield str(value - 1)
        case ast.IfExp(test=test, body=body, orelse=other):
            yield ast.unparse(ast.IfExp(test, other, body))
        case ast.If() | ast.While():  # of the condition; a loop that never ends would say nothing
            yield from ("True", "False")[isinstance(node, ast.While) :]
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "return None"
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break() | ast.Raise() | ast.Delete():
            yield "pass"


def _is_text(*operands: ast.expr) -> bool:
    parts = [part for operand in operands for part in ast.walk(operand)]
    return any(isinstance(part, ast.JoinedStr) or isinstance(getattr(part, "value", None), str) for part in parts)


# --- the plugin: which test runs which functions; only chosen tests are run ----------------------


def pytest_configure(config: pytest.Config) -> None:
    if "BREAK_CODE_MAP" in os.environ:
        hypothesis.settings.register_profile("map", deadline=None, max_examples=10)  # the functions are the same
        hypothesis.settings.load_profile("map")
        config.pluginmanager.register(
            CallRecorder(Path(os.environ["BREAK_CODE_MAP"]), str(Path.cwd() / "wscli") + os.sep)
        )
    if "BREAK_CODE_TESTS" in os.environ:
        config.pluginmanager.register(TestChoice(Path(os.environ["BREAK_CODE_TESTS"]).read_text().splitlines()))
    if "BREAK_CODE_FAILED" in os.environ:
        config.pluginmanager.register(FailureNote(Path(os.environ["BREAK_CODE_FAILED"])))


class CallRecorder:
    """Records the functions that each quick test runs, and how long it takes; what needs a process is left out."""

    def __init__(self, path: Path, prefix: str) -> None:
        self.path, self.prefix = path, prefix
        self.seen: set[Any] = set()
        self.tests: dict[str, Any] = {}

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if isinstance(item, pytest.Function) and not _needs_process(item)]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.seen = set()
        begun = time.perf_counter()
        threading.settrace(self.trace)
        sys.settrace(self.trace)
        yield
        sys.settrace(None)
        functions = {f"{code.co_filename}::{code.co_qualname}" for code in self.seen}
        run = sorted(name.removeprefix(self.prefix) for name in functions if name.startswith(self.prefix))
        self.tests.setdefault(item.nodeid, {})
        self.tests[item.nodeid] |= {"s": time.perf_counter() - begun, "runs": run}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        def end(*_: object) -> None:
            raise TimeoutError("it is not a quick test")  # so it fails, and is not recorded

        signal.signal(signal.SIGALRM, end)
        signal.alarm(QUICK_TEST_S)
        yield
        signal.alarm(0)

    def trace(self, frame: FrameType, event: str, argument: Any) -> None:
        self.seen.add(frame.f_code)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.tests.setdefault(report.nodeid, {})["failed"] = True

    def pytest_sessionfinish(self) -> None:
        passed = {name: facts for name, facts in self.tests.items() if "failed" not in facts}
        self.path.write_text(json.dumps(passed))


def _needs_process(item: pytest.Function) -> bool:
    """Say whether a test, or a fixture of it, starts a process or a server, as far as its own text shows."""
    fixtures = [one.func for definitions in item._fixtureinfo.name2fixturedefs.values() for one in definitions]
    sources = [inspect.getsource(inspect.unwrap(one)) for one in (item.function, *fixtures)]
    return not PROCESS_FIXTURES.isdisjoint(item.fixturenames) or any(map(WITH_PROCESS.search, sources))


class TestChoice:
    """Runs the tests of a list, in its order."""

    __test__ = False

    def __init__(self, names: Sequence[str]) -> None:
        self.order = {name: number for number, name in enumerate(names)}

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self.order), key=lambda item: self.order[item.nodeid])


class FailureNote:
    """Writes the name of a test that failed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.path.write_text(report.nodeid)


# --- running them --------------------------------------------------------------------------------


class Copy:
    """A copy of the repository in which one break is made at a time."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repository"
        shutil.copytree(ROOT, self.root, ignore=NOT_COPIED, symlinks=True)
        self._stamp = 1_000_000_000

    def write(self, path: str, text: str) -> None:
        """Write a module; its time rises with every write, so that no compiled file of another text is taken for it."""
        (self.root / path).write_text(text)
        self._stamp += 10
        os.utime(self.root / path, (self._stamp, self._stamp))

    def pytest(self, *arguments: str, timeout_s: float, **variables: str) -> int | None:
        """Return the status of pytest; None where it took too long."""
        # Temporary folders of its own: pytest fails where another run clears away the same old ones at that moment.
        own = {"PYTHONPATH": str(self.root), "PYTEST_DEBUG_TEMPROOT": str(self.root.parent)}
        env = {**os.environ, **own, **variables}
        command = [sys.executable, *"-m pytest -p tests.break_code -p no:cacheprovider -n 0 -x -q".split()]
        with subprocess.Popen(
            [*command, *arguments], cwd=self.root, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
        ) as process:  # fmt: skip
            try:
                process.communicate(timeout=timeout_s)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                return None
        return process.returncode


@dataclass
class Tests:
    """Which tests may notice a break. functions: the quick tests that run a function, or anything of a module, fastest first."""

    duration_s: dict[str, float]
    functions: dict[str, list[str]]
    files: dict[str, set[str]]  # of each test file, the modules it imports
    texts: dict[str, str]  # and its text
    graph: Graph

    def quick(self, broken: Break) -> list[str]:
        """Return the quick tests that run what is broken: those that stand nearest to its module first, and of these the fastest."""
        path = broken.path.removeprefix("wscli/")
        names = self.functions.get(f"{path}::{broken.function}") or self.functions.get(path, [])
        parts = Path(path).with_suffix("").parts

        def distance(name: str) -> int:
            own = Path(name.partition("::")[0].removeprefix("tests/").replace("test_", "")).with_suffix("").parts
            return sum(one != other for one, other in zip_longest(parts, own))

        chosen, spent = [], 0.0
        for name in sorted(names, key=lambda name: (distance(name), self.duration_s[name])):
            spent += self.duration_s[name]
            if spent > QUICK_BUDGET_S:
                break
            chosen.append(name)
        return chosen

    def wider(self, broken: Break) -> list[str]:
        """Return the test files that may see a break: that of its module, those that import it, those that name it or its function,
        those that import what imports it.
        """
        module = _module_of(broken.path)
        importers = {name for name, imports in self.graph.items() if module in imports}
        stem = module.rpartition(".")[2]
        own = f"tests/{module.removeprefix('wscli.').replace('.', '/').removesuffix(stem)}test_{stem}"
        names = {stem, broken.function.rpartition(".")[2].strip("_")} - {""}
        named = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")
        ranks: dict[str, tuple[int, int]] = {}
        for file, imports in self.files.items():
            mentions = len(named.findall(self.texts[file]))
            if file.startswith(own):
                ranks[file] = 0, 0
            elif module in imports:
                ranks[file] = 1, -mentions
            elif mentions:
                ranks[file] = 2, -mentions
            elif importers & imports:
                ranks[file] = 3, 0
        return sorted(ranks, key=lambda file: (ranks[file], file))


def learn_tests(copies: Sequence[tuple[Copy, Path]], paths: Iterable[str], map_file: Path | None) -> Tests:
    """Run the quick tests of these modules once, unbroken, and return what they run.

    map_file: a file that keeps it; test files that are as they were when it was written are not run again.
    """
    root = copies[0][0].root
    graph = _graph_with_names(root)
    every = {path.relative_to(root).as_posix(): path.read_text() for path in sorted(root.glob("tests/**/*.py"))}
    texts = {file: text for file, text in every.items() if "/test_" in file}
    files = {file: _imported_modules(file, every, graph) for file in texts}
    modules = {_module_of(path) for path in paths}
    hashes = {
        file: hashlib.sha1(texts[file].encode()).hexdigest()
        for file, names in files.items()
        if modules & _reached(graph, names)
    }
    known = json.loads(map_file.read_text()) if map_file is not None and map_file.exists() else {}
    new = [file for file, text in hashes.items() if known.get(file, {}).get("hash") != text]

    def learn(number: int) -> dict[str, Any]:
        copy, folder = copies[number]
        table = folder / "map.json"
        own = new[number :: len(copies)]
        if own:
            copy.pytest("--maxfail=1000000", *own, timeout_s=3600, BREAK_CODE_MAP=str(table))
        return json.loads(table.read_text()) if own else {}

    known |= {file: {"hash": hashes[file], "tests": {}} for file in new}
    with ThreadPoolExecutor(len(copies)) as pool:
        for learned in pool.map(learn, range(len(copies))):
            for name, facts in learned.items():
                known[name.partition("::")[0]]["tests"][name] = facts
    if map_file is not None:
        map_file.write_text(json.dumps(known))
    tests = {name: facts for file in hashes for name, facts in known[file]["tests"].items()}
    functions = defaultdict[str, list[str]](list)
    for name in sorted(tests, key=lambda name: tests[name]["s"]):
        for function in tests[name]["runs"]:
            functions[function].append(name)
        for path in {function.partition("::")[0] for function in tests[name]["runs"]}:
            functions[path].append(name)
    return Tests({name: facts["s"] for name, facts in tests.items()}, dict(functions), files, texts, graph)


def _graph_with_names(root: Path) -> Graph:
    """Return the imports of the program, and the modules that its tables name ("wscli.exchanges.bybit:EXCHANGE")."""
    graph = import_graph(root / "wscli")
    for path in (root / "wscli").rglob("*.py"):
        named = {name for name in re.findall(r'"(wscli(?:\.\w+)+)(?=[:"])', path.read_text()) if name in graph}
        graph[_module_of(path.relative_to(root).as_posix())] |= named
    return graph


def _imported_modules(file: str, texts: Mapping[str, str], graph: Graph) -> set[str]:
    """Return the modules of the program that a test file imports, itself or by way of what tests share and its conftest files."""
    imported, seen = set[str](), set[str]()
    todo = {file, *(f"{folder}/conftest.py" for folder in map(str, Path(file).parents))} & texts.keys()
    while todo:
        seen |= todo
        nodes = [node for one in todo for node in ast.walk(ast.parse(texts[one])) if isinstance(node, ast.ImportFrom)]
        names = {node.module or "" for node in nodes}
        names |= {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}
        imported |= {name for name in names if name in graph}
        todo = ({f"{name.replace('.', '/')}.py" for name in names} & texts.keys()) - seen
    return imported


def _module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _reached(graph: Graph, names: Iterable[str]) -> set[str]:
    """Return the modules that are imported by way of these, and these."""
    reached, todo = set[str](), set(names)
    while todo:
        reached |= todo
        todo = {imported for name in todo for imported in graph[name]} - reached
    return reached


def tested(copy: Copy, folder: Path, broken: Break, tests: Tests, wide_s: float) -> int | None:
    """Make a break, and mend it. Return None where a test fails for it, else how many test files there was no time for."""
    source = (copy.root / broken.path).read_text()
    copy.write(broken.path, broken.applied(source))
    try:
        if quick := tests.quick(broken):
            chosen = folder / "tests.txt"
            chosen.write_text("\n".join(quick))
            files = dict.fromkeys(name.partition("::")[0] for name in quick)
            limit = 60 + 10 * sum(tests.duration_s[name] for name in quick)
            if copy.pytest(*files, timeout_s=limit, BREAK_CODE_TESTS=str(chosen)) not in (0, NO_TESTS):
                return None
        end = time.monotonic() + wide_s
        failed = folder / "failed.txt"
        failed.unlink(missing_ok=True)
        not_run = 0
        for file in tests.wider(broken):
            left = end - time.monotonic()
            status = copy.pytest(file, timeout_s=left, BREAK_CODE_FAILED=str(failed)) if left > 0 else None
            not_run += status is None
            if status in (0, NO_TESTS, None):
                continue
            copy.write(broken.path, source)  # does that test fail without the break, too?
            if not failed.exists() or copy.pytest(file, timeout_s=4 * wide_s, BREAK_CODE_TESTS=str(failed)) == 0:
                return None
            failed.unlink()
            copy.write(broken.path, broken.applied(source))
        return not_run
    finally:
        copy.write(broken.path, source)


# --- the program ---------------------------------------------------------------------------------


def chosen_breaks(arguments: argparse.Namespace) -> list[Break]:
    """Return the breaks that the flags choose, in a random order that the seed decides."""
    at = dict(place.rpartition(":")[::2] for place in arguments.at)
    paths = [ROOT / path for path in (*arguments.module, *at)]
    paths += [path for name in arguments.package for path in sorted((ROOT / "wscli" / name).rglob("*.py"))]
    candidates = [one for path in (paths or sorted((ROOT / "wscli").rglob("*.py"))) for one in breaks_in(path)]
    if at:
        return [one for one in candidates if str(one.line) == at.get(one.path)]
    random.Random(arguments.seed).shuffle(candidates)
    lines = Counter[tuple[str, int]]()
    once = [one for one in candidates if not lines.update([(one.path, one.line)]) and lines[one.path, one.line] == 1]
    return once[: arguments.count]


def arguments_of(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--count", type=int, default=200, help="so many breaks (default: 200), one a line of code at most"
    )
    parser.add_argument("--seed", type=int, default=1, help="chooses the breaks (default: 1)")
    parser.add_argument(
        "--package", action="append", default=[], metavar="NAME", help="of wscli/NAME only; may be repeated"
    )
    parser.add_argument(
        "--module", action="append", default=[], metavar="PATH", help="of wscli/….py only; may be repeated"
    )
    parser.add_argument("--at", action="append", default=[], metavar="PATH:LINE", help="every break of one line")
    parser.add_argument("--jobs", type=int, default=2, help="so many at once, each in a copy of its own (default: 2)")
    parser.add_argument(
        "--wide",
        type=float,
        default=45,
        metavar="SECONDS",
        help="for whole test files, a break (default: 45); a busy machine needs more: what there was no time for notices nothing",
    )
    parser.add_argument("--map", type=Path, metavar="FILE", help="keep there which tests run what, for the next time")
    parser.add_argument("--list", action="store_true", help="print the breaks, and make none")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 where a break was not noticed."""
    arguments = arguments_of(words)
    breaks = chosen_breaks(arguments)
    if arguments.list:
        print(*breaks, sep="\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="break_code") as temporary:
        made: list[tuple[Copy, Path]] = []
        for number in range(arguments.jobs):
            folder = Path(temporary, str(number))
            folder.mkdir()
            made.append((Copy(folder), folder))
        tests = learn_tests(made, {broken.path for broken in breaks}, arguments.map)
        copies = SimpleQueue[tuple[Copy, Path]]()
        for one in made:
            copies.put(one)
        print(f"{len(tests.duration_s)} quick tests take {sum(tests.duration_s.values()):.0f} s", flush=True)

        begun = Counter[str]()

        def run(broken: Break) -> bool:
            copy, folder = copies.get()
            begun["breaks"] += 1
            if begun["breaks"] % 25 == 0:
                print(f"… {begun['breaks']} of {len(breaks)}", file=sys.stderr, flush=True)
            not_run = tested(copy, folder, broken, tests, arguments.wide)
            copies.put((copy, folder))
            if not_run is not None:
                cut = f"; no time for {not_run} test files, see --wide" if not_run else ""
                quick = len(tests.quick(broken))
                print(f"{broken}   [{broken.function or 'module'}, {quick} quick tests{cut}]", flush=True)
            return not_run is None

        with ThreadPoolExecutor(arguments.jobs) as pool:
            noticed = sum(pool.map(run, breaks))
    print(f"{noticed} of {len(breaks)} breaks were noticed: {100 * noticed / max(len(breaks), 1):.1f} of 100")
    return int(noticed < len(breaks))


if __name__ == "__main__":
    sys.exit(main())
