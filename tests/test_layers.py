"""Imports point one way: the plan of the rooms, held by a test."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import wscli

ROOT = Path(wscli.__file__).parent

# A room may import the rooms below it in this list that are named beside it; * is every room above it here. `value` is anybody's.
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "folders": set(),
    "text_input": set(),
    "terminal_input": set(),
    "files": set(),
    "processes": set(),
    "urls": {"errors"},
    "secret_file": {"text_input", "model", "errors"},
    "headers": {"files", "stdin", "text_input", "errors"},
    "no_proxy": {"urls", "errors"},
    "http_head": set(),
    "failures": {"secrets", "http_head", "urls", "errors"},
    "value": set(),
    "model": set(),
    "table": set(),
    "veil": {"model"},
    "secrets": {"veil", "model"},
    "signing": set(),
    "inflating": set(),
    "catalogue": {"errors", "model"},
    "bookrule": {"model"},
    "books": {"bookrule"},
    "dialect": {"inflating", "bookrule", "catalogue", "errors", "model", "table"},
    "exchanges": {"inflating", "bookrule", "catalogue", "dialect", "signing", "model", "table", "errors"},
    "grammar": {"catalogue", "dialect", "model", "errors"},
    "fuzzy": set(),
    "near_flags": {"flags"},
    "following": {"fuzzy", "grammar", "catalogue", "dialect", "model"},
    "reference": {"retired", "grammar", "catalogue", "dialect", "model", "errors"},
    "transcript": {"errors"},
    "rows": {"catalogue", "dialect", "model"},
    "bookwords": {"grammar", "catalogue", "dialect", "model", "errors"},
    "proof": {"bookrule", "dialect", "model"},
    "connection_sequence": {"bookrule", "model"},
    "bookkeeping": {"connection_sequence", "books", "bookrule", "proof", "rows", "catalogue", "dialect", "model"},
    "filters": {"rows", "model", "errors"},
    "ladder": {"books", "bookrule", "pretty"},
    "projection": {"filters", "model", "errors"},
    "pretty": {"model"},
    "csv_format": {"pretty", "rows", "model"},
    "view": {"csv_format", "pretty", "rows", "dialect", "model", "errors"},
    "guarded": {"view", "pretty", "rows", "model"},
    "explain": {"view", "pretty", "rows", "catalogue", "dialect", "model"},
    "evidence": {"exchanges", "rows", "dialect", "model"},
    "verdict": {"bookkeeping", "proof", "explain"},
    "recording_lines": {"model"},
    "recording_names": {"errors"},
    "recording_reader": {"recording_lines", "recording_names", "text_input", "errors"},
    "recording_file": {"recording_lines", "recording_names", "recording_reader", "errors"},
    "recording_setup": {"dialect", "model"},
    "rotation": {"recording_setup", "recording_file", "recording_lines", "recording_names", "folders", "dialect", "model", "errors"},
    "record": {"secrets", "rotation", "recording_file", "recording_lines", "recording_names", "flags", "dialect", "model", "errors"},
    "recordings": {"record"},
    "passing": {"filters"},
    "credential_command": {"processes", "errors"},
    "credentials": {"credential_command", "files", "folders", "text_input", "model", "errors"},
    "output": {"veil", "errors", "interrupts", "model"},
    "panel": {"output", "pretty"},
    "bookkeeper": {
        "app", "line", "opening", "screen", "session", "panel", "ladder", "bookkeeping", "books", "explain", "transport", "model", "errors",
    },
    "interrupts": set(),
    "framing": {"errors"},
    "plain": {"catalogue", "dialect", "model"},
    "proxy": {"failures", "http_head", "no_proxy", "urls", "errors"},
    "reach": {"proxy", "urls", "dialect", "model", "errors"},
    "tls": {"reach", "failures", "urls", "dialect", "errors"},
    "handshake": {"http_head", "errors"},
    "batches": {"clocks", "framing", "errors"},
    "transport": {"batches", "handshake", "failures", "tls", "urls", "reach", "dialect", "model", "errors", "__init__"},
    "symbols": {"folders", "catalogue", "dialect", "transport", "reach", "model", "errors", "__init__"},
    "clocks": set(),
    "dialling": set(),
    "overlap": {"model"},
    "message_remarks": {"explain", "model"},
    "unacknowledged": {"model"},
    "remarks": {"veil", "screen", "explain", "pretty", "grammar", "dialect", "model", "errors"},
    "staying": {"errors"},
    "hearing": {"passing", "screen", "session", "batches", "dialect", "model"},
    "session": {"veil", "secrets", "dialect", "model", "batches", "errors"},
    "screen": {"pretty", "passing", "rows", "filters", "view", "output", "dialect", "model", "errors"},
    "venue": {"explain", "reach", "session", "dialect", "model", "errors"},
    "resubscribing": {"line", "remarks", "view", "dialect", "model"},
    "comeback": {
        "resubscribing",
        "line", "venue", "staying", "screen", "session", "explain", "grammar", "dialect", "model", "errors",
    },
    "handover": {"line", "comeback", "overlap", "staying", "screen", "session", "model", "errors"},
    "login_rejection": {"explain", "dialect", "model"},
    "opening": {"veil", "secrets",
        "urls", "login_rejection",
        "line", "clocks", "dialling", "transport", "session", "pretty", "reach", "model", "errors", "batches"},
    "line": {"veil",
        "opening", "message_remarks", "unacknowledged", "remarks", "handover", "dialling", "comeback", "venue", "screen", "passing", "hearing", "staying", "session", "explain", "pretty", "record", "grammar", "interrupts", "output", "view", "dialect",
        "model", "errors",
    },
    "credential_form": {"dialect", "model"},
    "doctor": {
        "tls", "urls", "credential_form", "venue", "session", "transport", "batches", "clocks", "proxy", "reach", "dialect", "model", "errors",
    },
    "first_data": {"doctor", "line", "remarks", "screen", "explain", "model", "errors"},
    "rehearsal": {"secrets", "dialect", "grammar", "model"},
    "app": {
        "line", "venue", "remarks", "screen", "session", "bookkeeping", "rows", "grammar", "interrupts", "output", "dialect", "model",
        "errors",
    },
    "repl": {"verb_flags", "veil", "secrets",
        "headers", "urls", "app", "line", "venue", "screen", "session", "near_flags", "reaching", "siblings", "apis", "hints", "desk", "text_input", "flags", "bookwords", "offline", "favourites", "rehearsal", "record", "recordings", "credentials",
        "output", "interrupts", "symbols", "files", "folders", "framing", "processes", "explain", "view", "plain", "exchanges", "reference", "following", "fuzzy", "filters", "rows", "grammar",
        "dialect", "catalogue", "model", "errors", "__init__",
    },
    "verb_flags": {"flags", "errors"},
    "flags": {"grammar", "simulator", "errors"},
    "desk": {
        "output", "headers", "urls", "flags", "screen", "guarded", "projection", "view", "rows", "filters", "credentials", "proxy", "reach", "interrupts", "grammar", "dialect",
        "catalogue", "model", "errors",
    },
    "reaching": {"headers", "desk", "flags", "venue", "reach", "credentials", "dialect", "model"},
    "hints": {"exchanges", "flags"},
    "retired": {"grammar", "dialect", "model", "errors"},
    "retired_paths": {"retired", "dialect", "model", "errors"},
    "apis": {"retired", "bookwords", "exchanges", "grammar", "dialect", "model", "errors"},
    "siblings": {"apis", "retired", "retired_paths", "output", "desk", "flags", "credentials", "exchanges", "grammar", "dialect", "model", "errors"},
    "stdin": {"terminal_input", "text_input", "errors"},
    "favourites": {"files", "folders", "errors"},
    "offline": {
        "siblings", "stdin", "desk", "flags", "exchanges", "evidence", "pretty", "explain", "reference", "rows", "grammar", "output", "dialect", "catalogue", "model", "table", "errors", "__init__",
    },
    "simulator": {"errors"},
    "cli": {"*"},
    "__main__": {"cli", "__init__"},
    "__init__": set(),
}  # fmt: skip


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Return the rooms of wscli that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "wscli":
            known = {room(p) for p in ROOT.glob("*")}
            names = [f"wscli.{a.name}" if a.name in known else "wscli.__init__" for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        found |= {name.split(".")[1] for name in names if name.startswith("wscli.")}
    return found - {room(path)}


# Of the prompt, what is pure: typing is answered from (text, what is known) alone.
PURE = ("known", "words", "commands", "complete", "validate", "hint", "fault", "help")
PURE_MAY = {
    "apis",
    "bookwords",
    "flags",
    "value",
    "reference",
    "following",
    "fuzzy",
    "filters",
    "rows",
    "grammar",
    "dialect",
    "catalogue",
    "model",
    "errors",
}

FILES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    allowed = ALLOWED[room(path)]

    assert allowed == {"*"} or imports(path) <= {*allowed, "value"}


@pytest.mark.parametrize("path", [p for p in FILES if room(p) == "repl" and p.stem in PURE], ids=lambda p: p.name)
def test_what_answers_typing_is_pure(path: Path) -> None:
    others = {
        node.module
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("wscli.repl.")
    }

    assert imports(path) <= PURE_MAY
    assert {other.rpartition(".")[2] for other in others} <= set(PURE)


@pytest.mark.parametrize("path", [p for p in FILES if room(p) == "exchanges"], ids=lambda p: p.name)
def test_exchanges_do_not_know_each_other(path: Path) -> None:
    if path.name == "__init__.py":
        return
    others = {
        node.module
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("wscli.exchanges.")
    }

    venue = path.stem.partition("_")[0]  # its APIs may share what they have in common
    assert all(other == f"wscli.exchanges.{venue}" or other.startswith(f"wscli.exchanges.{venue}_") for other in others)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_websocket_client_is_imported_in_two_places(path: Path) -> None:
    modules = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }

    assert "websocket" not in modules or path.name in ("transport.py", "batches.py")


@pytest.mark.parametrize("path", [p for p in FILES if room(p) != "simulator"], ids=lambda p: str(p.relative_to(ROOT)))
def test_values_are_made_without_generated_code(path: Path) -> None:
    """`dataclasses` costs a start more than connecting does: see `value.py`."""
    assert "dataclasses" not in {
        name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        for name in [node.module]
    }


HEAVY = (
    "prompt_toolkit",
    "websocket",
    "websockets",
    "pygments",
    "asyncio",
    "python_socks",
    "jmespath",
    "wscli.simulator",
    "wscli.transport",
)


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
