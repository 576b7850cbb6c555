"""The packages and the one direction of their imports: the picture in CONTRIBUTING.md, compared with every import."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import wscli
from tests.support.import_graph import cycles, import_graph, imported_names
from wscli.session.route_state import TRANSITIONS, Happening, RouteState

ROOT = Path(wscli.__file__).parent
TESTS = Path(__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

# Each package may import what stands beside it, and whatever that may import.
GRAPH: dict[str, set[str]] = {
    "wscli": set(),  # the version
    "core": {"wscli"},
    "exchanges": {"core"},
    "output": {"core"},
    "transport": {"core"},
    "commands": {"core"},
    "storage": {"exchanges", "output", "transport", "commands"},
    "session": {"storage"},
    "help": {"storage"},
    "books": {"session"},
    "app": {"books"},
    "repl.syntax": {"app", "help"},
    "repl.display": {"app"},
    "repl.workspace": {"repl.syntax", "repl.display"},
    "repl.verbs": {"repl.workspace"},
    "repl.terminal": {"repl.verbs"},
    "repl": {"repl.terminal"},
    "simulator": {"core.errors", "core.fault_words"},
    "simulated exchanges": {"simulator", "core.errors"},
    "core.errors": {"core.value"},
    "core.fault_words": {"core.errors", "core.value"},
    "core.value": set(),
    "cli": {"repl", "simulator", "simulated exchanges"},
    "__main__": {"cli"},
}
SHARED_WITH_THE_SIMULATOR = {"core.errors", "core.fault_words", "core.value"}


def package_of(module: str) -> str:
    """Return the node of the graph that a module belongs to.

    >>> package_of("wscli.repl.syntax.lexer"), package_of("wscli.exchanges.bybit.spot_v3.dialect.simulated.feeds"), package_of("wscli")
    ('repl.syntax', 'simulated exchanges', 'wscli')
    """
    parts = module.split(".")[1:]
    if not parts:
        return "wscli"
    if "simulated" in parts[:3]:
        return "simulated exchanges"
    two = ".".join(parts[:2])
    return two if two in GRAPH and two not in SHARED_WITH_THE_SIMULATOR else parts[0]


def allowed(package: str) -> set[str]:
    """Return the packages that one may import, itself among them."""
    direct = GRAPH[package]
    return {package}.union(direct, *(allowed(other) for other in direct))


def against_the_graph(graph: dict[str, set[str]]) -> list[str]:
    """Return the imports that point the wrong way, as "module imports module"."""
    return [
        f"{module} imports {other}"
        for module, others in graph.items()
        for other in sorted(others)
        if not {package_of(other), other.removeprefix("wscli.")} & allowed(package_of(module))
    ]


def test_imports_point_one_way() -> None:
    assert against_the_graph(import_graph(ROOT)) == []


def test_no_file_imports_itself_through_others() -> None:
    assert cycles(import_graph(ROOT)) == []


def test_the_loop_of_a_session_knows_no_output_no_recording_and_no_book() -> None:
    imported = import_graph(ROOT)["wscli.session.client"]

    assert imported
    assert [name for name in imported if name.startswith(("wscli.output", "wscli.storage", "wscli.books"))] == []


def test_contributing_shows_the_states_of_a_route_as_they_are() -> None:
    lines = (TESTS.parent / "CONTRIBUTING.md").read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| state |"))
    happenings = [Happening(word.strip()) for word in lines[start].split("|")[2:-1]]
    rows = [
        [word.strip() for word in line.split("|")[1:-1]] for line in lines[start + 2 : start + 2 + len(TRANSITIONS)]
    ]
    shown = {
        RouteState(state): {
            happening: RouteState(next_state)
            for happening, next_state in zip(happenings, cells, strict=True)
            if next_state
        }
        for state, *cells in rows
    }

    assert shown == TRANSITIONS


WRONG = [
    # file                                  what it imports                                     how the import is found
    ("core/dialect.py",                     "from wscli.output import rows",                    "wscli.core.dialect imports wscli.output.rows"),
    ("output/rows.py",                      "def f():\n    from wscli.commands.parser import x", "wscli.output.rows imports wscli.commands.parser"),
    ("exchanges/a/dialect.py",              "import wscli.transport.proxy",                     "wscli.exchanges.a.dialect imports wscli.transport.proxy"),
    ("exchanges/a/simulated/feeds.py",      "from wscli.exchanges.a import dialect",            "wscli.exchanges.a.simulated.feeds imports wscli.exchanges.a.dialect"),
    ("exchanges/a/simulated/feeds.py",      "from ....core import jsontext",                    "wscli.exchanges.a.simulated.feeds imports wscli.core.jsontext"),
    ("exchanges/a/dialect.py",              "from .simulated import feeds",                     "wscli.exchanges.a.dialect imports wscli.exchanges.a.simulated.feeds"),
    ("simulator/market.py",                 "if TYPE_CHECKING:\n    from wscli.core.dialect import Dialect", "wscli.simulator.market imports wscli.core.dialect"),
    ("repl/syntax/lexer.py",                "from wscli.repl.verbs import workspace_verbs",               "wscli.repl.syntax.lexer imports wscli.repl.verbs.workspace_verbs"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "code", "complaint"), WRONG)
def test_an_import_that_points_the_wrong_way_is_found(tmp_path: Path, file: str, code: str, complaint: str) -> None:
    root = tmp_path / "wscli"
    others = [complaint.rpartition("imports wscli.")[2].replace(".", "/") + ".py"]
    for name in [file, *others]:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in [path.parent, *path.parent.parents]:
            if folder.is_relative_to(root):
                (folder / "__init__.py").touch()
        path.touch()
    (root / file).write_text(code)

    assert complaint in against_the_graph(import_graph(root))


def test_a_cycle_between_files_is_found(tmp_path: Path) -> None:
    for name, code in {
        "__init__": "",
        "a": "from wscli.b import x",
        "b": "def f():\n    import wscli.c",
        "c": "from . import a",
    }.items():
        (tmp_path / "wscli" / f"{name}.py").parent.mkdir(exist_ok=True)
        (tmp_path / "wscli" / f"{name}.py").write_text(code)

    assert cycles(import_graph(tmp_path / "wscli")) == [["wscli.a", "wscli.b", "wscli.c"]]


EXCHANGE_FILES = [
    path for path in FILES if path.is_relative_to(ROOT / "exchanges") and path.parent != ROOT / "exchanges"
]


@pytest.mark.parametrize("path", EXCHANGE_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_exchanges_do_not_know_each_other(path: Path) -> None:
    own = path.relative_to(ROOT / "exchanges").parts[0]
    others = {name.split(".")[2] for name in imported_names(path) if name.startswith("wscli.exchanges.")}

    assert others <= {own, *(shared.stem for shared in (ROOT / "exchanges").glob("*.py"))}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_websocket_client_is_imported_by_the_transport_alone(path: Path) -> None:
    outside = {name.split(".")[0] for name in imported_names(path)}

    assert "websocket" not in outside or path.parent.name == "transport"


@pytest.mark.parametrize(
    "path", [path for path in FILES if "simul" not in str(path)], ids=lambda path: str(path.relative_to(ROOT))
)
def test_values_are_made_without_generated_code(path: Path) -> None:
    """`dataclasses` costs a start more than connecting does: see `core/value.py`."""
    assert "dataclasses" not in imported_names(path)


HEAVY = (
    "prompt_toolkit",
    "websocket",
    "websockets",
    "pygments",
    "asyncio",
    "python_socks",
    "jmespath",
    "wscli.simulator",
    "wscli.help.rendering",
    "wscli.help.pager",
    "wscli.transport.connect",
)


RECORDING = str(Path(__file__).parent / "program" / "golden" / "recording.jsonl")
SHOWN = ["replay", RECORDING, "-o", "pretty", "--color", "always"]


@pytest.mark.parametrize(
    ("words", "imports_pygments"),
    [
        (["bybit", "subscribe", "publicTrade.BTCUSDT", "--dry-run"], False),
        (SHOWN, False),
        ([*SHOWN, "--style", "wscli"], False),
        ([*SHOWN, "--style", "monokai"], True),
        (["completion", "bash"], False),
    ],
)
def test_pygments_is_imported_once_a_style_of_it_is_named(words: list[str], imports_pygments: bool) -> None:
    code = f"import sys; from wscli.cli.main import main; main({words!r}); print('pygments' in sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout
    assert done.stderr.split()[-1] == str(imports_pygments)


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["bybit", "subscribe", "--help"]])
def test_version_and_help_import_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['wscli', *{words!r}]\n"
        "from wscli.__main__ import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"
    assert done.stdout


def test_a_plain_stream_imports_no_recorder_and_no_order_book() -> None:
    spared = (
        "wscli.storage.recording",
        "wscli.books.sync",
        "wscli.books.stream_check",
        "wscli.session.flows.login_rejection",
    )
    code = (
        "import sys\n"
        "from wscli.cli import exchange_commands, open_client\n"
        "from wscli.session import operations\n"
        f"print([name for name in sys.modules if name.startswith({spared!r})])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_no_test_imports_another() -> None:
    statements = {
        str(path.relative_to(TESTS)): re.findall(
            r"^\s*(?:from|import) tests\.(?:\w+\.)*test_\w+.*", path.read_text(), re.M
        )
        for path in TESTS.rglob("*.py")
    }

    assert {path: imports for path, imports in statements.items() if imports} == {}
