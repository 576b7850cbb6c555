"""A command of the person's own gives the credentials: when it is run, what it may say, and that nothing of it is shown."""

from __future__ import annotations

import json
import os
import select
import sys
from pathlib import Path

import pytest

from tests.conftest import Ran, Sim, Wscli
from wscli.core.errors import CredentialsError, UsageError
from wscli.core.jsontext import Secret
from wscli.storage import credential_command
from wscli.storage.credentials import find

LOUD = "never-to-be-shown-0001"


def config(tmp_path: Path, command: object, table: str = "bybit", more: str = "") -> dict[str, str]:
    path = tmp_path / "config.toml"
    path.write_text(f"[{table}]\ncredential_command = {json.dumps(command)}\n{more}")
    path.chmod(0o600)
    return {**os.environ, "WSCLI_CONFIG": str(path)}


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def saying(text: str) -> list[str]:
    return python(f"import sys; sys.stdout.buffer.write({text.encode()!r})")


# --- what it says --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "key", "secret", "token", "user_id"),
    [
        ('{"key":"k1","secret":"s1"}', "k1", "s1", None, None),
        ('\ufeff{"token":"t","user_id":4242,"url":"x"}\n', None, None, "t", "4242"),
        ('{"key":"k","secret":"s","token":"","user_id":true}', "k", "s", None, None),
        ("key=k1\nsecret=s=1==\n", "k1", "s=1==", None, None),
        ("# mine\n\nkey = k1\r\nsecret = s1\r\nnote = x", "k1", "s1", None, None),
        ("user_id=7\ntoken=t", None, None, "t", "7"),
    ],
)
def test_json_and_lines_are_read(
    tmp_path: Path, output: str, key: str | None, secret: str | None, token: str | None, user_id: str | None
) -> None:
    credentials = find("bybit", config(tmp_path, saying(output)), run_command=True)
    wanted = [Secret(text) if text is not None else None for text in (key, secret, token)]

    assert credentials is not None
    assert [credentials.key, credentials.secret, credentials.token] == wanted
    assert credentials.user_id == user_id
    assert credentials.source == f"the credential_command of {tmp_path / 'config.toml'} [bybit]"


def test_a_text_is_split_as_a_shell_does_and_meets_no_shell(tmp_path: Path) -> None:
    code = "import sys; print('key=' + sys.argv[1]); print('secret=' + sys.argv[2])"
    command = f"'{sys.executable}' -c \"{code}\" '$HOME' 'a b;|&'"
    credentials = find("bybit", config(tmp_path, command), run_command=True)

    assert credentials is not None
    assert (credentials.key, credentials.secret) == (Secret("$HOME"), Secret("a b;|&"))


def test_a_profile_may_have_one_and_the_rest_of_its_table_counts(tmp_path: Path) -> None:
    env = config(tmp_path, saying("key=k"), "profiles.desk.bitstamp", 'key = "old"\nuser_id = 7\n')
    credentials = find("bitstamp", env, "desk", run_command=True)

    assert credentials is not None
    assert (credentials.key, credentials.user_id) == (Secret("k"), "7")


def test_it_sees_nothing_of_the_environment_that_is_wsclis(tmp_path: Path) -> None:
    env = config(tmp_path, python("import os; print('key=' + repr([n for n in os.environ if 'WSCLI' in n.upper()]))"))
    credentials = find("bybit", {**env, "WSCLI_BITFINEX_SECRET": "x", "wscli_other": "y"}, run_command=True)

    assert credentials is not None
    assert credentials.key == Secret("[]")


def test_the_environment_comes_first_and_runs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    env = config(tmp_path, ["touch", str(mark)])

    assert find("bybit", {**env, "WSCLI_BYBIT_KEY": "k"}, run_command=True) is not None
    assert not mark.exists()


def test_it_is_not_run_where_nobody_asks(tmp_path: Path) -> None:
    mark = tmp_path / "ran"

    assert find("bybit", config(tmp_path, ["touch", str(mark)])) is None
    assert not mark.exists()


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (python(f"print('{LOUD}'); raise SystemExit(3)"), "ended with status 3"),
        (python(f"import os, signal; print('{LOUD}', flush=True); os.kill(os.getpid(), signal.SIGTERM)"),
         "was ended by signal 15"),
        (python(f"print('{LOUD}' * 10_000)"), "printed more than 64 KiB"),
        (python(f"import sys; sys.stderr.write('{LOUD}')"), "printed no credentials"),
        (saying(LOUD), "printed no credentials"),
        (saying(f"password={LOUD}"), "printed no credentials"),
        (saying('{"key":' + LOUD), "printed no credentials"),
        (saying('{"key":7,"secret":["' + LOUD + '"]}'), "printed no credentials"),
        (saying("[" * 5000), "printed no credentials"),
        (python("import sys; sys.stdout.buffer.write(b'key=\\xff')"), "printed no credentials"),
        (["/nowhere/" + LOUD], "cannot be run: No such file or directory"),
        ("/etc", "cannot be run: Permission denied"),
    ],
)  # fmt: skip
def test_a_failure_says_what_and_where_and_quotes_nothing(tmp_path: Path, command: object, message: str) -> None:
    with pytest.raises(CredentialsError) as refused:
        find("bybit", config(tmp_path, command), run_command=True)

    assert message in refused.value.message
    assert f"{tmp_path / 'config.toml'} [bybit]" in refused.value.message
    assert refused.value.hint
    assert LOUD not in f"{refused.value.message}{refused.value.hint}"
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("command", ["", [], [""], "echo 'open", 7, True, ["echo", 7], {"run": "x"}, ["echo", "\0"]])
def test_what_is_no_command_is_refused_before_anything_runs(tmp_path: Path, command: object) -> None:
    env = config(tmp_path, "x")
    text = json.dumps(command) if not isinstance(command, dict) else '{run = "x"}'
    Path(env["WSCLI_CONFIG"]).write_text(f"[bybit]\ncredential_command = {text}\n")
    with pytest.raises(UsageError, match="credential_command is not a command"):
        find("bybit", env)


@pytest.mark.parametrize(
    "code",
    [
        "import threading; threading.Event().wait()",
        "import os; os.close(1); import threading; threading.Event().wait()",
        "import os, threading; print('key=k', flush=True); os.fork() and os._exit(0); threading.Event().wait()",
    ],
    ids=["says nothing", "ends its output", "leaves a child behind"],
)
def test_it_has_so_long_and_nothing_of_it_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(credential_command, "TIMEOUT_S", 0.5)
    number = tmp_path / "number"
    code = f"import os; open({str(number)!r}, 'w').write(str(os.getpgid(0))); {code}"
    with pytest.raises(CredentialsError, match=r"did not end within 0\.5 s"):
        find("bybit", config(tmp_path, python(code)), run_command=True)

    with pytest.raises(ProcessLookupError):
        for _ in range(2000):  # a killed grandchild is a zombie until init takes it
            os.killpg(int(number.read_text()), 0)
            select.select([], [], [], 0.005)


# --- the whole program ---------------------------------------------------------------------------


def counting(tmp_path: Path, sim: Sim) -> list[str]:
    """Return a command that gives the simulator's credentials, and notes that it ran."""
    output = json.dumps({part: sim.credentials[part] for part in ("key", "secret", "user_id")})
    return python(f"print({output!r}); open({str(tmp_path / 'ran')!r}, 'a').write('.')")


def ran_times(tmp_path: Path) -> int:
    mark = tmp_path / "ran"
    return len(mark.read_text()) if mark.exists() else 0


def run(wscli: Wscli, sim: Sim, tmp_path: Path, *words: str) -> Ran:
    env = config(tmp_path, counting(tmp_path, sim), "whitebit")
    return wscli("whitebit", *words, *sim.at("whitebit"), env={"WSCLI_CONFIG": env["WSCLI_CONFIG"]})


@pytest.mark.parametrize(
    ("words", "times"),
    [
        (("auth",), 1),
        (("subscribe", "deals", "BTC_USDT", "balanceSpot", "-n", "1"), 1),
        (("subscribe", "trades", "BTC_USDT", "-n", "1"), 0),
        (("ping",), 0),
        (("subscribe", "deals", "BTC_USDT", "--dry-run"), 0),
    ],
)
def test_the_program_runs_it_once_and_only_when_it_must(
    wscli: Wscli, sim: Sim, tmp_path: Path, words: tuple[str, ...], times: int
) -> None:
    ran = run(wscli, sim, tmp_path, *words, "-v")

    assert ran.status == 0, ran.err
    assert ran_times(tmp_path) == times
    assert str(sim.credentials["secret"]) not in ran.out + ran.err
    assert str(sim.credentials["key"]) not in ran.out + ran.err


def test_a_failure_is_two_lines_and_status_2(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    env = config(tmp_path, python(f"print('{LOUD}'); raise SystemExit(9)"), "whitebit")
    ran = wscli("whitebit", "auth", *sim.at("whitebit"), env={"WSCLI_CONFIG": env["WSCLI_CONFIG"]})
    lines = ran.err.splitlines()

    assert (ran.status, ran.out) == (2, "")
    assert [line[:8] for line in lines] == ["wscli: t", "  hint: "]
    assert "status 9" in lines[0]
    assert LOUD not in ran.err


def test_wrong_credentials_of_a_command_are_told_by_it(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    env = config(tmp_path, saying('{"key":"nobody","secret":"nothing"}'), "whitebit")
    ran = wscli("whitebit", "auth", *sim.at("whitebit"), env={"WSCLI_CONFIG": env["WSCLI_CONFIG"]})

    assert ran.status == 4
    assert "the credential_command of" in ran.err


def test_what_it_prints_is_read_while_there_is_time_and_room(monkeypatch: pytest.MonkeyPatch) -> None:
    now, most = [100.0], credential_command.MAX_OUTPUT_BYTES
    waits: list[float] = []

    def wait(readers: list[int], writers: list[int], errors: list[int], timeout: float) -> tuple[list[int], ...]:
        waits.append(timeout)
        now[0] += 3.0
        return readers, writers, errors

    def read(*pieces: bytes) -> bytes:
        left = [*pieces]
        now[0] = 100.0
        monkeypatch.setattr(os, "read", lambda pipe, size: left.pop(0))
        return credential_command._read_bounded(7, "the command", 110.0)

    monkeypatch.setattr(select, "select", wait)
    monkeypatch.setattr(credential_command.time, "monotonic", lambda: now[0])
    assert read(b"a", b"b", b"") == b"ab"
    assert waits == [10.0, 7.0, 4.0]
    assert len(read(b"x" * most, b"")) == most
    with pytest.raises(CredentialsError, match=r"^the command printed more than "):
        read(b"x" * most, b"y")
    with pytest.raises(CredentialsError, match=r"^the command did not end within "):
        read(b"a", b"b", b"c", b"d", b"e")
