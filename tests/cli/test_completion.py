"""Shell completion in the shells themselves: what is offered, where it comes from, and that the files are not stale."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from tests.conftest import Wscli
from wscli.cli.completion import FILES, completion_script
from wscli.cli.completion.candidates import completion_rows
from wscli.commands.checks import param_value
from wscli.commands.flag_table import FLAGS, flags_of, own_flags_of
from wscli.commands.parser import verb_implied_by
from wscli.commands.verb_table import shell_verbs
from wscli.core.catalogue import Param
from wscli.core.errors import UsageError
from wscli.exchanges import DIALECTS, exchange_dialects, find_dialect
from wscli.storage import symbol_cache

COMPLETIONS = Path(__file__).parents[2] / "completions"
BREAKS = " \t\n\"'><=;|&(:"
SHELLS = [
    pytest.param(shell, marks=pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed"))
    for shell in FILES
]


# --- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", FILES)
def test_the_files_are_what_wscli_prints(shell: str) -> None:
    made, path = completion_script(shell), COMPLETIONS / FILES[shell]
    if os.environ.get("WSCLI_REWRITE"):
        path.write_text(made)

    assert path.read_text() == made, "WSCLI_REWRITE=1 pytest tests/cli/test_completion.py writes them"


@pytest.mark.parametrize("shell", FILES)
def test_wscli_prints_the_script_of_a_shell(wscli: Wscli, shell: str) -> None:
    assert wscli("completion", shell).out == (COMPLETIONS / FILES[shell]).read_text()


def test_another_shell_is_refused_with_the_near_miss(wscli: Wscli) -> None:
    ran = wscli("completion", "fsh")

    assert ran.status == 2
    assert ran.err == "wscli: 'fsh' is not a value of shell\n  hint: did you mean fish? one of: bash zsh fish\n"
    assert wscli("completion").err == "wscli: missing argument 'bash|zsh|fish'\n  hint: wscli completion --help\n"


# --- the words -----------------------------------------------------------------------------------

ROWS = completion_rows()


def test_no_word_needs_quoting_and_no_meaning_more_than_a_line() -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9._:=*/-]+", word) for _, word, _ in ROWS)
    assert all(meaning.isprintable() or not meaning for _, _, meaning in ROWS)
    assert max(len(meaning) for _, _, meaning in ROWS) <= 72


def test_what_is_offered_as_a_value_is_taken_by_the_grammar() -> None:
    offered = [(*key.split()[1:], word) for key, word, _ in ROWS if key.startswith("values ")]
    for exchange, verb, name, param, word in offered:
        channels = [
            c for d in exchange_dialects(exchange) if (c := d.channel(name) if verb != "query" else d.query(name))
        ]
        params = [p for c in channels for p in c.params if f"{p.name}=" == param]
        assert any(taken(p, word) for p in params), word

    assert len(offered) > 100


def taken(param: Param, word: str) -> bool:
    try:
        param_value(param, word, "")
    except UsageError:
        return False
    return True


def opened(exchange: str, word: str) -> set[str | None]:
    """Return the verbs that a word is for, among the APIs of an exchange."""
    return {verb_implied_by(d, word) for d in exchange_dialects(exchange)}


def test_every_name_and_every_beginning_with_a_symbol_behind_it_opens_its_verb() -> None:
    rest = {(key.removeprefix("rest "), word) for key, word, _ in ROWS if key.startswith("rest ")}
    holes = {key for key, _ in rest}
    for key, word, _ in ROWS:
        what, exchange, verb, *_ = (*key.split(), "", "")
        if what == "first" and verb in ("subscribe", "query") and not word.endswith((".", "_", ":")):
            opening = opened(exchange, word)
            assert verb in opening or ("subscribe" in opening and find_dialect(exchange).query(word) is not None)
        if what == "begun" and f"{exchange} {verb} {word}" not in holes:
            assert verb.replace("book", "subscribe") in opened(
                exchange, word + find_dialect(exchange).facts.symbol_spelling.example
            )


def test_every_channel_parameter_and_flag_is_there() -> None:
    there = {(key, word) for key, word, _ in ROWS}
    for d in DIALECTS:
        for verb, channels in (("subscribe", d.facts.channels), ("query", d.facts.queries)):
            assert {(f"first {d.name} {verb}", c.name) for c in channels} <= there
            for c in channels:
                assert {(f"params {d.name} {verb} {c.name}", f"{p.name}=") for p in c.params} <= there
    assert {("flags", name) for flag in FLAGS for name in flag.names} <= there
    for verb in (*shell_verbs(of_exchange=True), *shell_verbs(of_exchange=False)):
        offered = {word for key, word in there if key == f"flags {verb.name}"}
        taken = (*flags_of(verb.name), *own_flags_of(verb.name))
        assert offered == {name for flag in taken for name in flag.names} | {"-h", "--help"}


# --- the shells ----------------------------------------------------------------------------------

Ask = Callable[[str], set[str]]  # a line up to the cursor -> the whole words offered for its last one


def split(line: str) -> list[str]:
    """Return a line as bash cuts it for completion: at blanks, and at runs of = and :."""
    parts = re.findall(r"'[^']*'|[^\s=:']+|[=:]+|\s+", line)
    return [part for part in parts if not part.isspace()] + [""] * parts[-1].isspace()


def bash(line: str, breaks: str = BREAKS) -> set[str]:
    cut = f"[{''.join(c for c in '=:' if c in breaks) or ' '}]"
    words = split(line) if "=" in breaks else line.split(" ")
    code = (
        f"set -u; source {COMPLETIONS}/wscli.bash; COMP_WORDBREAKS={shlex.quote(breaks)}; COMP_LINE={shlex.quote(line)}; "
        f"COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}; COMP_POINT={len(line)}; "
        "_wscli wscli; (( ${#COMPREPLY[@]} )) && printf '%s\\n' \"${COMPREPLY[@]}\"; true"
    )
    done = subprocess.run(["bash", "--norc", "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    last = line.rpartition(" ")[2]
    prefix = last[: max(m.end() for m in cuts)] if (cuts := list(re.finditer(cut, last))) else ""
    return {prefix + word for word in done.stdout.splitlines()}


def fish(line: str) -> set[str]:
    code = f"source {COMPLETIONS}/wscli.fish; complete -C {shlex.quote(line)}"
    done = subprocess.run(["fish", "--no-config", "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    last = line.rpartition(" ")[2]  # fish goes on to offer words that hold the letters elsewhere
    return {word for row in done.stdout.splitlines() if (word := row.partition("\t")[0]).startswith(last)}


ZSHRC = """
fpath=({completions} $fpath)
autoload -Uz compinit; compinit -D -u
PS1='READY''> '; unsetopt prompt_cr prompt_sp; setopt no_beep
_told() {{
    typeset -ga told=()
    compadd() {{
        local -a hits=()
        builtin compadd -O hits "$@"
        told+=("$IPREFIX${{(@)^hits}}")
        builtin compadd "$@"
    }}
    _main_complete
    unfunction compadd
    compstate[insert]='' compstate[list]=''
    print -rl -- $told >{answer}
}}
zle -C told complete-word _told
bindkey -e; bindkey '^T' told
print -r -- up'n'running
"""


@pytest.fixture(scope="module")
def zsh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("zsh")
    (home / ".zshrc").write_text(ZSHRC.format(completions=COMPLETIONS, answer=home / "answer"))
    return home


def zsh(home: Path, folder: Path) -> Iterator[Ask]:
    """Yield a way to ask a running zsh: its own completion, on a terminal."""
    env = {**os.environ, "ZDOTDIR": str(home), "TERM": "dumb"}
    child = pexpect.spawn("zsh", ["-i"], env=env, cwd=str(folder), timeout=120)
    child.expect_exact(b"upnrunning")
    child.expect_exact(b"READY> ")

    def ask(line: str) -> set[str]:
        (home / "answer").unlink(missing_ok=True)
        child.send(f"{line}\x14\x15print -r -- answ'ered'\r")
        child.expect_exact(b"answered\r\n")
        child.expect_exact(b"READY> ")
        last = line.rpartition(" ")[2]
        offers = (home / "answer").read_text().splitlines() if (home / "answer").exists() else []
        return {word for word in offers if word and word.startswith(last)}

    yield ask
    child.close(force=True)


@pytest.fixture
def ask(request: pytest.FixtureRequest, zsh_home: Path, tmp_path: Path) -> Iterator[Ask]:
    shell: str = request.param
    if shell == "zsh":
        yield from zsh(zsh_home, tmp_path)
    else:
        yield {"bash": bash, "fish": fish}[shell]


FORMATS = {"json", "pretty", "rows", "table", "event", "csv", "raw"}
BYBIT = set(find_dialect("bybit", "spot-v3").facts.common_symbols)
LINES: list[tuple[str, set[str]]] = [
    # the line up to the cursor                                        the words offered
    ("wscli by", {"bybit"}),
    ("wscli comp", {"completion"}),
    ("wscli completion ", {"bash", "zsh", "fish"}),
    ("wscli simulate bybit bi", {"bitfinex", "bitstamp"}),
    ("wscli help e", {"explain", "exchanges", "exchanges-and-apis", "exit-statuses"}),
    ("wscli help bybit ti", {"tickers", "ticketInfo"}),
    ("wscli help filters ", set()),
    ("wscli bybit ", {verb.name for verb in shell_verbs(of_exchange=True)}),
    ("wscli bybit subscribe tr", {"trade", "trade."}),
    ("wscli bybit subscribe trade.", {f"trade.{symbol}" for symbol in BYBIT}),
    ("wscli bybit subscribe trade BTC", {"BTCUSDT", "BTCEUR"}),
    ("wscli bybit unsubscribe trade BTC", {"BTCUSDT", "BTCEUR"}),
    ("wscli bybit subscribe kline.1", {f"kline.{i}." for i in ("1m", "15m", "1h", "12h", "1d", "1w", "1M", "1", "15", "120")}),
    ("wscli bybit subscribe kline.1m.BTC", {"kline.1m.BTCUSDT", "kline.1m.BTCEUR"}),
    ("wscli bybit subscribe kline BTCUSDT ", BYBIT | {"interval=", "product="}),
    ("wscli bybit subscribe kline BTCUSDT interval=1m i", {"insurance", "insurance."}),
    ("wscli bybit subscribe trade.BTCUSDT,kline.1m.ETHU", {"trade.BTCUSDT,kline.1m.ETHUSDT"}),
    ("wscli bybit subscribe trade BTCUSDT ti", {"tickers", "tickers.", "ticketInfo"}),
    ("wscli bybit subscribe order sto", {"stopOrder"}),
    ("wscli bybit book BTC", {"BTCUSDT", "BTCEUR"}),
    ("wscli bybit book or", {f"orderbook{rest}{dot}" for rest in ("", ".full", ".rpi") for dot in ("", ".")}),
    ("wscli whitebit book BTC_USDT lim", {"limit="}),
    ("wscli whitebit book depth BTC_USDT limit=1", {"limit=1", "limit=10", "limit=100"}),
    ("wscli --sim whitebit subscribe depth BTC", {"BTC_USDT", "BTC_USD", "BTC_EUR", "BTC_PERP"}),
    ("wscli whitebit subscribe depth_subscribe BTC_USDT mul", {"multiple="}),
    ("wscli whitebit subscribe depth BTC_USDT multiple=", {"multiple=true", "multiple=false"}),
    ("wscli whitebit subscribe premiumIndex ", {"BTC_PERP"}),
    ("wscli whitebit query depth BTC_USDT l", {"limit="}),
    ("wscli whitebit query depth BTC_USDT price_interval=0.0", {f"price_interval=0.{'0' * n}1" for n in range(1, 8)}),
    ("wscli bitfinex subscribe book BTCUSD prec=", {f"prec={p}" for p in ("P0", "P1", "P2", "P3", "P4", "R0")}),
    ("wscli bitfinex subscribe book BTCUSD prec=P", {f"prec=P{n}" for n in range(5)}),
    ("wscli bitfinex subscribe book BTCUSD --grep prec= l", {"len="}),
    ("wscli bitstamp subscribe live_trades_btcusd", {"live_trades_btcusd", "live_trades_btcusdt", "live_trades_btcusd-perp"}),
    ("wscli bitstamp subscribe funding_rate btc", {"btcusd-perp"}),
    ("wscli bitstamp query ", set()),
    ("wscli digifinex explain - trad", {"trades", "trades.subscribe"}),
    ("wscli bybit explain ", set()),
    ("wscli bybit symbols ", {"refresh"}),
    ("wscli bybit channels ti", {"tickers", "ticketInfo"}),
    ("wscli nothere ", set()),
    ("wscli -o ", FORMATS),
    ("wscli bybit subscribe trade.BTCUSDT -o r", {"rows", "raw"}),
    ("wscli --output=r", {"--output=rows", "--output=raw"}),
    ("wscli -o json by", {"bybit"}),
    ("wscli -n 3 --sim bybit -q sub", {"subscribe"}),
    ("wscli --where 'side = sell' by", {"bybit"}),
    ("wscli --output=rows bybit que", {"query"}),
    ("wscli bybit subscribe --col", {"--color", "--columns"}),
    ("wscli bybit subscribe publicTrade BTCUSDT --columns tim", {"time"}),
    ("wscli bybit subscribe publicTrade BTCUSDT --columns time,pri", {"time,price"}),
    ("wscli bybit subscribe publicTrade BTCUSDT --columns +lag", {"+lag"}),
    ("wscli bitstamp --columns=time,-sid", {"--columns=time,-side"}),
    ("wscli bybit --time ", {"utc", "local", "short", "exchange", "none"}),
    ("wscli --color ", {"auto", "always", "never"}),
    ("wscli --style mono", {"monokai"}),
    ("wscli bybit subscribe --style=solar", {"--style=solarized-dark", "--style=solarized-light"}),
    ("wscli sty", {"styles"}),
    ("wscli --kind ", {"snapshot", "update", "reply", "unknown"}),
    ("wscli --grep ", set()),
    ("wscli bybit --symbol BTC", {"BTCUSDT", "BTCEUR"}),
    ("wscli bybit --channel ti", {"tickers", "ticketInfo"}),
    ("wscli bybit --api ", {"spot-v3", "v5"}),
    ("wscli bybit unsubscribe --all", {"--all", "--all-symbols"}),
    ("wscli bybit subscribe --all", {"--all"}),
    ("wscli exchanges --c", {"--color"}),
    ("wscli completion --in", set()),
    ("wscli bybit symbols --re", set()),
    ("wscli bybit book --wh", set()),
    ("wscli bybit --wh", {"--where"}),
    ("wscli --in", {"--insecure"}),
    ("wscli connect --binary ", {"hex", "base64", "raw"}),
    ("wscli replay --exchange w", {"whitebit"}),
    ("wscli bybit subscribe -- --col", set()),
]  # fmt: skip


@pytest.mark.parametrize("ask", SHELLS, indirect=True)
def test_a_tab_offers_what_the_line_can_go_on_with(ask: Ask) -> None:
    answers = {line: ask(line) for line, _ in LINES}

    assert answers == dict(LINES)


@pytest.mark.parametrize("ask", SHELLS, indirect=True)
def test_file_names_stand_where_a_file_is_meant(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "day.jsonl").write_text("")
    monkeypatch.chdir(tmp_path)
    lines = ("wscli replay da", "wscli bybit --record da", "wscli --cacert=da")

    assert [ask(line) for line in lines] == [{"day.jsonl"}, {"day.jsonl"}, {"--cacert=day.jsonl"}]


DAMAGED = (
    b"# from\nAAAUSDT\n\x1b[2JBBBUSDT\n$(touch hit)\n`touch hit`\n*\nAA BB\n"
    + b"A" * 100_000
    + b"\nAABUSDT\nAA\xff\xfe\n"
)


@pytest.mark.parametrize("ask", SHELLS, indirect=True)
def test_cached_symbols_are_offered_too_and_a_damaged_file_harms_nothing(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = symbol_cache.write_cache(find_dialect("bybit", "spot-v3"), (), "x")
    path.write_bytes(DAMAGED)
    monkeypatch.chdir(tmp_path)

    assert ask("wscli bybit subscribe trade AA") == {"AAAUSDT", "AABUSDT"}
    assert ask("wscli bybit subscribe trade.AAA") == {"trade.AAAUSDT"}
    assert ask("wscli bybit subscribe trade ") == BYBIT | {"AAAUSDT", "AABUSDT"}
    assert not (tmp_path / "hit").exists()


@pytest.mark.parametrize("ask", SHELLS, indirect=True)
def test_a_cache_of_megabytes_is_read_only_so_far(ask: Ask) -> None:
    path = symbol_cache.write_cache(find_dialect("bybit", "spot-v3"), (), "x")
    path.write_bytes(b"AAAUSDT\n" + b"Z" * (8 << 20) + b"\nAABUSDT\n")

    assert ask("wscli bybit subscribe trade AA") == {"AAAUSDT"}


def test_bash_leaves_the_word_whole_where_its_breaks_were_changed() -> None:
    assert bash("wscli bitfinex subscribe book BTCUSD prec=R", breaks=" \t\n") == {"prec=R0"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("wscli by", "wscli bybit "),
        ("wscli bybit subscribe kl", "wscli bybit subscribe kline"),
        ("wscli bybit subscribe kline.1m.BTCU", "wscli bybit subscribe kline.1m.BTCUSDT "),
        ("wscli bitfinex subscribe book BTCUSD pre", "wscli bitfinex subscribe book BTCUSD prec="),
        ("wscli bitfinex subscribe book BTCUSD prec=R", "wscli bitfinex subscribe book BTCUSD prec=R0 "),
        ("wscli --output=js", "wscli --output=json "),
    ],
)
def test_a_true_tab_in_bash_writes_the_word(typed: str, shown: str) -> None:
    env = {**os.environ, "TERM": "dumb", "INPUTRC": "/dev/null", "PS1": "", "HISTFILE": "/dev/null"}
    child = pexpect.spawn("bash", ["--norc", "--noprofile", "-i"], env=env, encoding="utf-8", timeout=120)
    child.sendline(
        f"source {COMPLETIONS}/wscli.bash; PS1='READY''> '; bind 'set bell-style none'; wscli() {{ printf 'said<%s>\\n' \"$*\"; }}"
    )
    child.expect_exact("READY> ")
    child.send(f"{typed}\t|\r")  # the pipe ends the line where the cursor is: what was written can be read back
    child.expect_exact("|")
    line = child.before
    child.close(force=True)

    assert re.sub(r"\x1b\[\??\d*[a-zA-Z]|\r", "", str(line)).endswith(shown)


def test_completion_is_made_without_the_network_or_a_socket() -> None:
    code = (
        "import sys\nsys.argv = ['wscli', 'completion', 'bash']\nfrom wscli.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "print([n for n in ('ssl', 'websocket', 'asyncio', 'wscli.transport.connect') if n in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"
