"""Recordings: whole lines whatever ends the program, for their owner alone; what was written is read back."""

from __future__ import annotations

import base64
import gzip
import json
import os
import resource
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Sim, Wscli
from tests.support.namespaces import own_mounts
from tests.support.received import received
from wscli.core.errors import UsageError
from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.storage.recording.lines import RecordingEntry
from wscli.storage.recording.reader import read_recording
from wscli.storage.recording.recorder import BUFFER_BYTES, BUFFER_NS, Recorder

ROOT = Path(__file__).parents[3]
NAMES = ["day.jsonl", "day.jsonl.gz"]
both_ways = pytest.mark.parametrize("name", NAMES)


def filled(path: Path, count: int, start: int = 1) -> None:
    recorder = Recorder(str(path))
    for number in range(start, start + count):
        recorder.received("bybit", received(number))
    recorder.close()


def read(path: Path) -> tuple[list[int], list[str]]:
    """Return the numbers of the messages of a recording, and what was told about it."""
    notices: list[str] = []
    return [entry.number for entry in read_recording(str(path), notices.append)], notices


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


# --- lines ---------------------------------------------------------------------------------------


def test_a_line_holds_what_the_socket_adds_to_the_text(tmp_path: Path) -> None:
    recorder = Recorder(str(tmp_path / "day.jsonl"))
    recorder.event("bybit", "opened", 1, 2)
    recorder.sent("bybit", '{"op":"ping"}', 3, 2)
    recorder.received("digifinex", ReceivedMessage(Event(Kind.UPDATE, {}), '{"a": 1.10}', 4, 7, 2, binary=True))
    recorder.event("bybit", "closed", 5, 2, code=1006, reason=None)
    recorder.close()

    assert (tmp_path / "day.jsonl").read_text().splitlines() == [
        '{"time":1,"connection":2,"exchange":"bybit","direction":"event","event":"opened"}',
        '{"time":3,"connection":2,"exchange":"bybit","direction":"sent","text":"{\\"op\\":\\"ping\\"}"}',
        '{"time":4,"connection":2,"exchange":"digifinex","direction":"received","number":7,"binary":true,"text":"{\\"a\\": 1.10}"}',
        '{"time":5,"connection":2,"exchange":"bybit","direction":"event","event":"closed","code":1006}',
    ]


@both_ways
def test_what_was_written_is_read_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    recorder = Recorder(str(path))
    recorder.event("bybit", "opened", 1, 2)
    recorder.sent("bybit", "ping", 3, 2)
    recorder.received("bybit", received(7, "pong", binary=True))
    recorder.event("bybit", "gap", 9, 2, away_ms=250)
    recorder.close()

    assert list(read_recording(str(path))) == [
        RecordingEntry(1, "bybit", 2, "event", event="opened", details={"event": "opened"}),
        RecordingEntry(3, "bybit", 2, "sent", "ping"),
        RecordingEntry(5, "bybit", 1, "received", "pong", 7, binary=True),
        RecordingEntry(9, "bybit", 2, "event", event="gap", details={"event": "gap", "away_ms": 250}),
    ]


# A socket gives no surrogates (its text is UTF-8); half of a pair can come out of an escape. Two halves that meet are one character in JSON.
CHARACTERS = st.characters(codec="utf-8") | st.characters(min_codepoint=0xDC00, max_codepoint=0xDFFF, categories=["Cs"])


@given(st.lists(st.text(CHARACTERS), max_size=5), st.sampled_from(NAMES))
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: list[str], name: str) -> None:
    path = tmp_path_factory.mktemp("texts") / name
    recorder = Recorder(str(path))
    for number, text in enumerate(texts):
        recorder.received("bybit", received(number, text))
    recorder.close()

    assert [entry.text for entry in read_recording(str(path))] == texts


# --- when it is written --------------------------------------------------------------------------


def test_lines_are_held_until_flush_or_until_they_are_many_or_old(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    recorder = Recorder(str(path))

    def lines() -> int:
        return path.read_text().count("\n")

    recorder.received("bybit", received(1, ns=BUFFER_NS))
    assert lines() == 1  # the first one waits for nothing
    recorder.received("bybit", received(2, ns=BUFFER_NS + 1))
    assert lines() == 1
    recorder.flush()
    assert lines() == 2
    recorder.received("bybit", received(3, ns=BUFFER_NS + 2))
    recorder.received("bybit", received(4, ns=2 * BUFFER_NS))
    assert lines() == 4
    recorder.received("bybit", received(5, "x" * BUFFER_BYTES, ns=2 * BUFFER_NS))
    assert lines() == 5


@both_ways
def test_a_kill_leaves_every_line_that_was_flushed(tmp_path: Path, name: str) -> None:
    code = (
        "import os, signal, sys\n"
        "from tests.support.received import received\n"
        "from wscli.storage.recording.recorder import Recorder\n"
        "recorder = Recorder(sys.argv[1])\n"
        "for number in range(1, 1001):\n"
        "    recorder.received('bybit', received(number))\n"
        "recorder.flush()\n"
        "recorder.received('bybit', received(1001))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = tmp_path / name
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    numbers, notices = read(path)

    assert done.returncode == -signal.SIGKILL
    assert numbers == list(range(1, 1001))
    assert [line.partition(": ")[2] for line in notices] == (
        ["the file is cut off after line 1000: wscli was killed, or is still writing"] if name.endswith(".gz") else []
    )


def test_the_program_killed_leaves_whole_lines(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    words = ("bybit", "subscribe", "trade.BTCUSDT", "-q", "--record", str(path), *sim.at("bybit-spot-v3"))
    with wscli.start(*words) as running:
        assert running.stdout is not None
        shown = [running.stdout.readline() for _ in range(5)]
        running.kill()
    data = path.read_bytes()
    texts = [entry.text for entry in read_recording(str(path)) if '"topic"' in entry.text]

    assert data.endswith(b"\n")
    assert all(json.loads(line) for line in data.splitlines())
    assert [text + "\n" for text in texts][:5] == shown[: len(texts)]


@both_ways
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_a_recording_that_is_complete(
    wscli: Wscli, sim: Sim, tmp_path: Path, name: str, number: int
) -> None:
    path = tmp_path / name
    words = ("bybit", "subscribe", "trade.BTCUSDT", "-q", "--record", str(path), *sim.at("bybit-spot-v3"))
    with wscli.start(*words) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        running.send_signal(number)
        shown = [first, *running.stdout]
    notices: list[str] = []
    texts = [entry.text + "\n" for entry in read_recording(str(path), notices.append) if '"topic"' in entry.text]

    assert texts == shown
    assert notices == []
    if name.endswith(".gz"):
        assert gzip.decompress(path.read_bytes()).endswith(b"\n")


# --- whose it is, and where ----------------------------------------------------------------------


@both_ways
@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
def test_its_owner_alone_can_read_it_whatever_the_umask(tmp_path: Path, mask: int, name: str) -> None:
    path = tmp_path / name
    with umask(mask):
        Recorder(str(path)).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@both_ways
def test_it_is_appended_to(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    filled(path, 3)
    filled(path, 2, start=4)

    assert read(path) == ([1, 2, 3, 4, 5], [])
    if name.endswith(".gz"):
        assert gzip.decompress(path.read_bytes()).count(b"\n") == 5


def test_a_gz_that_recorded_nothing_is_empty_but_whole(tmp_path: Path) -> None:
    filled(tmp_path / "day.jsonl.gz", 0)

    assert gzip.decompress((tmp_path / "day.jsonl.gz").read_bytes()) == b""


def test_what_was_cut_off_stays_a_line_of_its_own_when_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    filled(path, 2)
    path.write_bytes(path.read_bytes()[:-10])
    filled(path, 1, start=3)

    assert read(path) == ([1, 3], [f"{path}: line 2 is incomplete, and is left out"])


def killed(path: Path, count: int, start: int = 1) -> None:
    """Record as `filled` does, and end as a SIGKILL would."""
    recorder = Recorder(str(path))
    for number in range(start, start + count):
        recorder.received("bybit", received(number))
        recorder.flush()
    os.close(recorder._file._file)


def test_a_gz_that_an_older_version_appended_to_after_a_kill_is_read_whole(tmp_path: Path) -> None:
    path, other = tmp_path / "day.jsonl.gz", tmp_path / "other.jsonl.gz"
    killed(path, 100)
    filled(other, 2, start=101)
    path.write_bytes(path.read_bytes() + other.read_bytes())

    assert read(path) == (list(range(1, 103)), [])


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("day.jsonl.gz", "day.{}.jsonl.gz"),
        ("day.json.gz", "day.{}.json.gz"),
        ("day.gz", "day.{}.gz"),
        ("2026.11.29.gz", "2026.11.29.{}.gz"),
        (".jsonl.gz", ".{}.jsonl.gz"),
    ],
)
def test_after_a_kill_within_a_gz_the_next_run_records_to_a_new_file_beside_it(
    tmp_path: Path, name: str, beside: str
) -> None:
    notices: list[str] = []
    first, second, third = tmp_path / name, tmp_path / beside.format(1), tmp_path / beside.format(2)
    killed(first, 3)
    before = first.read_bytes()

    def again(number: int) -> None:
        recorder = Recorder(str(first), notices.append)
        recorder.received("bybit", received(number))
        recorder.close()

    again(4)
    again(5)  # the file beside it has its end: it is appended to
    killed(second, 1, start=6)
    again(7)

    assert first.read_bytes() == before
    assert [line.partition("; ")[2] for line in read(first)[1]] == [f"{second} belongs to a later run"]
    assert (read(second)[0], read(third)) == ([4, 5, 6], ([7], []))
    why = f"wscli: --record {first}: its last run was killed and left it unfinished: recording to"
    assert notices == [f"{why} {second}", f"{why} {second}", f"{why} {third}"]


@pytest.mark.parametrize("lost", [1, 4, 9, 10, 11, 20, 40])
def test_a_gz_that_is_cut_anywhere_in_its_last_member_is_not_appended_to(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "day.jsonl.gz"
    filled(path, 50)
    filled(path, 50, start=51)
    path.write_bytes(path.read_bytes()[:-lost])
    filled(path, 1, start=101)

    assert read(tmp_path / "day.1.jsonl.gz") == ([101], [])


def test_a_gz_of_another_program_is_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    filled(path, 300)
    packed = tmp_path / "day.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    filled(packed, 1, start=301)

    assert read(packed) == (list(range(1, 302)), [])


def test_a_path_that_is_none_is_refused_before_anything_is_opened(wscli: Wscli, tmp_path: Path) -> None:
    other, loose, link, fifo = (tmp_path / name for name in ("notes", "notes.gz", "link", "fifo"))
    other.write_text("my notes\n")
    loose.write_text("my notes\n")
    link.symlink_to(other)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(fifo)
    (tmp_path / "day.json").write_text('{"name": "wscli"}\n')
    refusals = {
        tmp_path: ("Is a directory", "name a file in it"),
        link: ("symbolic link", "name the file itself"),
        tmp_path / "dangling": ("symbolic link", "name the file itself"),
        tmp_path / "no" / "day.jsonl": ("No such file or directory", "mkdir -p"),
        other: ("contains something else than a recording", "another file"),
        loose: ("is not a gzip file", "another file"),
        tmp_path / "day.json": ("contains something else than a recording", "another file"),
        fifo: ("not a file", "can be written"),
    }
    for path, (message, hint) in refusals.items():
        with pytest.raises(UsageError, match=message) as refused:
            Recorder(str(path))
        assert hint in str(refused.value.hint)
    ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--record", str(link), "--url", "ws://127.0.0.1:9/")

    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        f"wscli: --record {link}: a symbolic link, which wscli does not follow",
        "  hint: name the file itself",
    ]
    assert other.read_text() == "my notes\n"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "text",
    [
        "my notes\n",
        '{"name": "wscli", "version": 1}\n',
        '{"time": 1700000000, "price": "36500.10"}\n',
        "{\n",
        "[]\n",
        '"time"\n',
        '[{"time":1,"connection":1,"exchange":"bybit","direction":"sent","text":"ping"}]\n',
        '{"time":1,"connection":1,"exchange":"bybit","direction":"sideways","text":"ping"}\n',
        "\0" * 100_000,
        "{" * 100_000,
    ],
    ids=lambda text: text[:40].strip(),
)
@both_ways
def test_a_file_that_is_no_recording_is_refused_and_left_as_it_was(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    before = path.read_bytes()

    with pytest.raises(UsageError, match="contains something else than a recording"):
        Recorder(str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        '\ufeff{"time":1,"connection":1,"exchange":"bybit","direction":"sent","text":"ping"}\n',
        '{"connection": 1, "time": 1, "direction": "sent", "exchange": "bybit", "text": "ping"}\n',
        '{"time":1,"connection":1,"exch',
        '{"time":1,"connection":1,"exchange":"bybit","direction":"sent","text":"' + "x" * 100_000 + '"}\n',
    ],
    ids=lambda text: text[:40].strip(),
)
@both_ways
def test_a_recording_of_whatever_kind_is_appended_to(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    text += "\n" * (not text.endswith("\n") and name.endswith(".gz"))
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    filled(path, 1, start=7)

    assert read(path)[0][-1] == 7


def test_two_runs_cannot_record_to_one_file(tmp_path: Path, wscli: Wscli) -> None:
    path, other = tmp_path / "day.jsonl.gz", tmp_path / "link.jsonl.gz"
    recorder = Recorder(str(path))
    recorder.received("bybit", received(1))
    other.hardlink_to(path)
    for name in (path, other):
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--record", str(name), "--url", "ws://127.0.0.1:9/")

        assert (ran.status, ran.out) == (2, "")
        assert ran.err.splitlines()[-2:] == [
            f"wscli: --record {name}: another wscli is recording to it",
            "  hint: name another file",
        ]
    recorder.close()
    filled(path, 1, start=2)

    assert read(path) == ([1, 2], [])


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666])
@both_ways
def test_a_recording_that_others_can_read_is_theirs_no_more_once_it_is_appended_to(
    tmp_path: Path, name: str, mode: int
) -> None:
    path = tmp_path / name
    filled(path, 1)
    path.chmod(mode)
    notices: list[str] = []
    Recorder(str(path), notices.append).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert notices == [f"wscli: --record {path}: others could read it (mode {mode:04o}): now only its owner can"]


# --- no room -------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_reported_once_and_the_stream_goes_on(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "-n", "3", "--record", "/dev/full", *sim.at("bybit-spot-v3"))

    assert (ran.status, len(ran.lines)) == (1, 3)
    assert ran.err.splitlines() == [
        "wscli: --record /dev/full: No space left on device: nothing more is recorded",
        "wscli: bybit: ack trade BTCUSDT",
        "wscli: --record /dev/full: No space left on device: the recording is incomplete",
        "  hint: free some space, or name a file elsewhere",
    ]


@both_ways
def test_where_the_room_ends_no_half_line_is_left(wscli: Wscli, sim: Sim, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    words = ("bybit", "subscribe", "orderbook.40.BTCUSDT", "-n", "5", "--record", str(path), *sim.at("bybit-spot-v3"))
    limit = 1000 if name.endswith(".gz") else 5000
    with wscli.start(*words, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) as running:
        out, err = running.communicate()
    numbers, notices = read(path)

    assert running.returncode == 1
    assert out.count("\n") == 5
    assert err.count("File too large: nothing more is recorded") == 1
    assert path.stat().st_size <= limit
    assert numbers[:2] == [0, 0]  # the connection that was opened, the frame that was sent
    assert numbers[2:] == list(range(1, len(numbers) - 1))
    assert notices == []
    if not name.endswith(".gz"):
        assert path.read_bytes().endswith(b"}\n")


@both_ways
def test_nothing_is_recorded_after_a_failure_even_if_there_is_room_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    notices: list[str] = []
    recorder = Recorder(str(path), notices.append)
    recorder.received("bybit", received(1))
    recorder.flush()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 5, before[1]))
    try:
        recorder.received("bybit", received(2))
        recorder.flush()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    recorder.received("bybit", received(3))
    recorder.close()

    assert read(path) == ([1], [])
    assert notices == [f"wscli: --record {path}: File too large: nothing more is recorded"]
    assert recorder.failed == f"--record {path}: File too large: the recording is incomplete"


@pytest.mark.parametrize("free_bytes", range(12))
def test_where_the_end_of_a_gz_has_no_room_it_takes_that_of_the_last_line(tmp_path: Path, free_bytes: int) -> None:
    path = tmp_path / "day.jsonl.gz"
    recorder = Recorder(str(path))
    for number in (1, 2):
        recorder.received("bybit", received(number))
        recorder.flush()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + free_bytes, before[1]))
    try:
        recorder.received("bybit", received(3))
        recorder.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert read(path) == ([1, 2] if free_bytes >= 10 else [1], [])
    assert gzip.decompress(path.read_bytes()).endswith(b"}\n")
    assert recorder.failed is not None


@own_mounts
@both_ways
def test_a_small_disk_that_fills_leaves_whole_lines_and_the_stream_goes_on(sim: Sim, tmp_path: Path, name: str) -> None:
    enough = 35 if name.endswith(".gz") else 8  # books, in forty levels a side
    words = ("bybit", "subscribe", "orderbook.40.BTCUSDT", "-n", str(enough), "--record", str(tmp_path / name))
    line = shlex.join([sys.executable, "-m", "wscli", *words, *sim.at("bybit-spot-v3")])
    script = (
        f"mount -t tmpfs -o size=4k none {tmp_path} && {line}\n"
        f"status=$?; echo ---; cat {tmp_path / name} | base64 -w0; exit $status"
    )
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    shown, _, packed = done.stdout.partition("---\n")
    left = tmp_path / f"left-{name}"
    left.write_bytes(base64.b64decode(packed))
    numbers, notices = read(left)

    assert (done.returncode, shown.count("\n")) == (1, enough), done.stderr
    assert done.stderr.count("No space left on device: nothing more is recorded") == 1
    assert 0 < left.stat().st_size <= 4096
    assert numbers[2:] == list(range(1, len(numbers) - 1))
    assert notices == []


# --- reading -------------------------------------------------------------------------------------

LINE = '{"time":1,"connection":1,"exchange":"bybit","direction":"received","number":7,"text":"x"}\n'
NO_ENTRIES = [
    "hello\n",
    "hello",
    "[1]\n",
    "{}\n",
    '{"time":"1","connection":1,"exchange":"bybit","direction":"received","number":7,"text":"x"}\n',
    '{"time":1,"connection":1,"exchange":"bybit","direction":"received","text":"x"}\n',
    '{"time":1,"connection":1,"exchange":"bybit","direction":"sideways","number":7,"text":"x"}\n',
    '{"time":1,"connection":1,"exchange":"bybit","direction":"event"}\n',
    '{"time":1,"connection":1,}\n',
    "[" * 100_000 + "\n",
]  # fmt: skip


@pytest.mark.parametrize("bad", NO_ENTRIES, ids=lambda text: text[:90].strip())
def test_a_line_that_is_no_entry_is_named_by_its_number(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(LINE + "\n" + bad)
    entries: list[RecordingEntry] = []

    with pytest.raises(UsageError, match=f"{path}: line 3 is not a line of a recording"):
        entries.extend(read_recording(str(path)))


@pytest.mark.parametrize("at", range(1, len(LINE)))
def test_a_recording_cut_mid_line_is_read_without_its_half_line(tmp_path: Path, at: int) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(LINE + LINE[:at])
    whole = at == len(LINE) - 1  # only the newline is missing

    assert read(path) == (([7, 7], []) if whole else ([7], [f"{path}: line 2 is incomplete, and is left out"]))


def test_a_gz_cut_anywhere_gives_its_whole_lines_and_one_note(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl.gz"
    filled(path, 50)
    data = path.read_bytes()
    for end in range(3, len(data)):
        path.write_bytes(data[:end])
        numbers, notices = read(path)

        assert numbers == list(range(1, len(numbers) + 1))
        assert [
            f"{path}: the file is cut off after line {len(numbers)}: wscli was killed, or is still writing"
        ] == notices


def test_a_gz_made_elsewhere_is_read_under_any_name(tmp_path: Path) -> None:
    path = tmp_path / "day"
    path.write_bytes(gzip.compress((LINE * 100_000).encode()) + gzip.compress(LINE.encode()))

    assert len(read(path)[0]) == 100_001


def test_a_gz_that_is_damaged_is_an_error_after_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl.gz"
    filled(path, 5)
    path.write_bytes(path.read_bytes()[:-8] + b"\0" * 8)
    numbers = []

    with pytest.raises(UsageError, match="damaged after line 5"):
        for entry in read_recording(str(path)):
            numbers.append(entry.number)
    assert numbers == [1, 2, 3, 4, 5]


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path, message in ((tmp_path, "Is a directory"), (tmp_path / "none", "No such file")):
        with pytest.raises(UsageError, match=message):
            list(read_recording(str(path)))


@pytest.mark.parametrize(
    "time",
    ["-1", "true", "1.5", "1e9", "253402300800000000000", "1" + "0" * 30, "1" + "0" * 5000, "null", "[]"],
    ids=lambda text: text[:30],
)
def test_a_time_that_no_clock_shows_is_no_line_of_a_recording(tmp_path: Path, time: str) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(LINE + LINE.replace('"time":1', f'"time":{time}'))

    with pytest.raises(UsageError, match="line 2 is not a line of a recording"):
        [*read_recording(str(path))]


@pytest.mark.parametrize("field", ['"connection":1', '"number":7'])
@pytest.mark.parametrize("value", ["-1", "true", "1.5", "1" + "0" * 30, '"1"'])
def test_a_number_that_cannot_be_is_no_line_of_a_recording(tmp_path: Path, field: str, value: str) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(LINE + LINE.replace(field, f"{field.partition(':')[0]}:{value}"))

    with pytest.raises(UsageError, match="line 2 is not a line of a recording"):
        [*read_recording(str(path))]


def test_a_byte_order_mark_before_a_recording_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text("\ufeff" + LINE)

    assert read(path) == ([7], [])


def test_a_million_empty_gzip_members_cost_no_more_than_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl.gz"
    one = gzip.compress(b"", mtime=0)
    path.write_bytes(one * 1_000_000 + gzip.compress(LINE.encode()))
    looks: list[int] = []

    assert [entry.number for entry in read_recording(str(path), before_read=looks.append)] == [7]
    assert len(looks) == -(-path.stat().st_size // 65_536) + 1  # a signal is looked for at each of them


def test_a_flood_of_newlines_is_counted_and_a_signal_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl.gz"
    newlines = 30 << 20
    path.write_bytes(gzip.compress(b"\n" * newlines + b"hello\n", 1))
    checks: list[None] = []

    with pytest.raises(UsageError, match=f"line {newlines + 1} is not a line of a recording: hello"):
        [*read_recording(str(path), check=lambda: checks.append(None))]
    assert len(checks) >= 30


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) - 1, 2 << 20, 5 << 20])
def test_a_text_that_fills_pieces_exactly_is_whole(tmp_path: Path, size: int) -> None:
    path = tmp_path / "day.jsonl.gz"
    text = LINE.replace('"x"', '"' + "x" * (size - len(LINE) + 1) + '"')
    assert len(text) == size
    path.write_bytes(gzip.compress(text.encode()) + gzip.compress(LINE.encode()))

    assert read(path) == ([7, 7], [])
