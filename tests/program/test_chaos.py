"""The real program on a bad network, before a slow reader, under signals, on a full disk, with secrets to keep."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import gc
import json
import os
import random
import resource
import select
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Sim, Wscli
from tests.support.bad_network import LONG_S, MIB, PATIENT, WORDS, at, lines_of, running, soon, status_of
from tests.support.hostile import (
    ACK,
    CLOSE,
    TEXT,
    Peer,
    Server,
    answer,
    closing,
    declared,
    frame,
    hostile,
    numbered,
    trade,
)
from tests.support.tcp_proxy import chaos
from wscli.core.dialect import Dialect, ServerUrls
from wscli.core.endings import Interrupted
from wscli.core.messages import Subscribe
from wscli.exchanges import DIALECTS, find_dialect, qualified_name
from wscli.output.formats import make_format
from wscli.output.sink import StreamOptions
from wscli.output.stdout import Output
from wscli.session import operations
from wscli.session.client import Client
from wscli.session.observed import ObservedClient
from wscli.session.target import Target
from wscli.transport.dialer import NetworkOptions
from wscli.transport.signals import Signals

linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")


def check_whole(file: Any, count: int) -> None:
    """Read `count` trades, each once and in order, and then the end."""
    for number, expected in enumerate(lines_of(count)):
        got = file.read(len(expected))
        assert got == expected, f"the first difference is after message {number * 1000 + _same(got, expected)}"
    assert file.read(1) == b""


def _same(got: bytes, expected: bytes) -> int:
    pairs = zip(got.splitlines(), expected.splitlines(), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), len(got.splitlines()))


def flood(count: int, burst: int = 65_536) -> Callable[[Peer], None]:
    """Send `count` numbered trades as fast as they are taken, then be polite."""

    def handle(peer: Peer) -> None:
        peer.subscribed()
        buffer = b""
        for some in numbered(count):
            buffer += some
            while len(buffer) >= burst:
                peer.send(buffer[:burst])
                buffer = buffer[burst:]
        peer.send(buffer)
        peer.polite()

    return handle


def in_pipe(end: int) -> int:
    """Return how many bytes wait in a pipe."""
    answer = bytearray(4)
    fcntl.ioctl(end, termios.FIONREAD, answer)
    return int.from_bytes(answer, sys.byteorder)


SIZES = [50_000, pytest.param(1_000_000, marks=pytest.mark.soak)]


# --- nothing is lost, doubled or reordered -------------------------------------------------------


@pytest.mark.parametrize("count", SIZES)
def test_bursts_come_through_whole(count: int) -> None:
    with (
        hostile(flood(count)) as server,
        chaos(server.port) as network,
        running(*at(network.url, "-n", str(count))) as program,
    ):
        check_whole(program.stdout, count)
        assert program.wait(LONG_S) == 0


@pytest.mark.parametrize("count", [2_000, pytest.param(30_000, marks=pytest.mark.soak)])
def test_single_bytes_come_through_whole(count: int) -> None:
    with (
        hostile(flood(count)) as server,
        chaos(server.port, piece=1) as network,
        running(*at(network.url, "-n", str(count))) as program,
    ):
        check_whole(program.stdout, count)
        assert program.wait(LONG_S) == 0


def test_odd_pieces_and_pauses_come_through_whole() -> None:
    with (
        hostile(flood(3_000)) as server,
        chaos(server.port, piece=997, delay_s=0.001) as network,
        running(*at(network.url, "-n", "3000")) as program,
    ):
        check_whole(program.stdout, 3_000)
        assert program.wait(LONG_S) == 0


@pytest.mark.parametrize("count", SIZES)
def test_a_reader_that_takes_a_little_at_a_time_gets_everything(count: int) -> None:
    with hostile(flood(count)) as server, running(*at(server.url, "-n", str(count))) as program:
        assert program.stdout is not None
        out, got, turn = program.stdout.fileno(), bytearray(), 0
        while data := os.read(out, 3_001 if turn % 7 else 65_536):
            got += data
            turn += 1
            if turn < 50:
                soon(lambda: in_pipe(out) > 20_000 or program.poll() is not None, "the pipe fills")
        assert program.wait(LONG_S) == 0

    assert bytes(got) == b"".join(lines_of(count))


def test_a_reader_that_leaves_after_a_thousand_lines_has_them_and_the_program_ends_silently() -> None:
    with hostile(flood(50_000)) as server, running(*at(server.url)) as program:
        head = subprocess.run(["head", "-n", "1000"], stdin=program.stdout, capture_output=True, timeout=LONG_S)
        assert program.stdout is not None
        program.stdout.close()
        assert program.wait(LONG_S) == 141
        assert program.stderr is not None
        assert program.stderr.read() == b""

    assert head.stdout == b"".join(lines_of(1000))


@linux
def test_a_stop_and_a_continue_lose_nothing() -> None:
    count = 50_000
    with hostile(flood(count)) as server, running(*at(server.url, "-n", str(count))) as program:
        assert program.stdout is not None
        got = bytearray()
        for _ in range(5):
            got += os.read(program.stdout.fileno(), 65_536)
            program.send_signal(signal.SIGSTOP)
            stat = Path(f"/proc/{program.pid}/stat")
            soon(lambda stat=stat: stat.read_text().rpartition(")")[2].split()[0] == "T", "it stops")  # type: ignore[misc]
            program.send_signal(signal.SIGCONT)
        got += program.stdout.read()
        assert program.wait(LONG_S) == 0

    assert bytes(got) == b"".join(lines_of(count))


def test_a_storm_of_window_changes_and_job_control_loses_nothing() -> None:
    count = 30_000
    with hostile(flood(count)) as server, running(*at(server.url, "-n", str(count))) as program:
        assert program.stdout is not None
        got = bytearray()
        while data := os.read(program.stdout.fileno(), 8_192):
            got += data
            if program.poll() is None:
                program.send_signal(signal.SIGWINCH)
                program.send_signal(signal.SIGCONT)
        assert program.wait(LONG_S) == 0

    assert bytes(got) == b"".join(lines_of(count))


def test_the_recording_of_a_flood_is_whole_too(tmp_path: Path) -> None:
    count, record = 10_000, tmp_path / "recording.jsonl"
    with (
        hostile(flood(count)) as server,
        running(*at(server.url, "-n", str(count), "--record", str(record))) as program,
    ):
        check_whole(program.stdout, count)
        assert program.wait(LONG_S) == 0
    entries = [json.loads(line) for line in record.read_text().splitlines()]

    received = [e["text"].encode() for e in entries if e["direction"] == "received" and '"topic"' in e["text"]]
    assert received[:count] == [trade(n) for n in range(count)]


def test_after_ctrl_c_what_the_exchange_still_sends_before_its_close_is_shown() -> None:
    def late(peer: Peer) -> None:
        peer.subscribed()
        peer.send(frame(TEXT, trade(0)))
        while peer.hear()[0] != CLOSE:
            pass
        for some in numbered(2_000, first=1):
            peer.send(some)
        peer.send(closing(1000))
        peer.until_gone()

    with hostile(late) as server, running(*at(server.url)) as program:
        assert program.stdout is not None
        first = program.stdout.readline()
        program.send_signal(signal.SIGINT)
        rest = program.stdout.read()
        assert program.wait(LONG_S) == 130

    assert first + rest == b"".join(lines_of(2_001))


@pytest.mark.parametrize("ending", ["reset", "close", "half"])
@pytest.mark.parametrize("after", [130 * 500, 130 * 500 + 1, 130 * 500 + 60])
def test_a_cut_leaves_the_messages_that_were_whole_and_status_6(ending: str, after: int) -> None:
    with (
        hostile(flood(2_000)) as server,
        chaos(server.port, end_after=after, ending=ending) as network,
        running(*at(network.url)) as program,
    ):
        assert program.stdout is not None
        lines = program.stdout.read().splitlines()
        assert program.stderr is not None
        stderr = program.stderr.read().decode()
        assert program.wait(LONG_S) == 6

    assert lines == [trade(n) for n in range(len(lines))]
    assert "Traceback" not in stderr
    if ending != "reset":  # a reset may throw away what was not read yet
        assert len(lines) > 400


def test_a_flipped_bit_in_a_header_ends_the_connection_and_not_the_program() -> None:
    with (
        hostile(flood(100)) as server,
        chaos(server.port) as network,
    ):
        for at_byte in (129, 129 + 2 + len(ACK), 129 + 4 + len(ACK) + 3):
            network.flip_at = at_byte
            with running(*at(network.url, "-n", "100", "--wait", "1", "--for", "1")) as program:
                assert program.stderr is not None
                stderr = program.stderr.read().decode()
                assert program.wait(LONG_S) in (0, 4, 5, 6)
            assert "Traceback" not in stderr


def test_nobody_listening_is_status_3_and_somebody_again_is_a_stream() -> None:
    with hostile(flood(10)) as server, chaos(server.port) as network:
        network.refuse()
        with running(*at(network.url, "-n", "10")) as program:
            assert program.wait(LONG_S) == 3
        network.accept()
        with running(*at(network.url, "-n", "10")) as program:
            check_whole(program.stdout, 10)
            assert program.wait(LONG_S) == 0


def test_a_black_hole_in_the_handshake_is_given_up_on() -> None:
    with hostile(flood(10)) as server, chaos(server.port, hole_after=20) as network:
        with running(*at(network.url, "--timeout", "500ms")) as program:
            assert program.wait(LONG_S) == 3
        assert network.connections == 1
        assert b"Upgrade: websocket" in network.said[0]


# --- memory and keep-alive before a reader that does not read ------------------------------------


@contextlib.contextmanager
def stalled(total: int, *how: str) -> Iterator[tuple[subprocess.Popen[bytes], list[int], list[bytes]]]:
    """Yield the program, how much was sent, and its pings, once TCP pushes back because nobody reads its output."""
    sent, pings, stuck = [0], [], threading.Event()

    def handle(peer: Peer) -> None:
        peer.subscribed()
        peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)

        def listen() -> None:
            with contextlib.suppress(EOFError, OSError):
                while True:
                    opcode, payload = peer.hear()
                    if b'"ping"' in payload:
                        pings.append(payload)
                    if opcode == CLOSE:
                        peer.sock.shutdown(socket.SHUT_RDWR)

        threading.Thread(target=listen, daemon=True).start()
        for some in numbered(total):
            data = memoryview(some)
            while data:
                if not select.select([], [peer.sock], [], 0.7)[1]:
                    stuck.set()
                    select.select([], [peer.sock], [], LONG_S)
                    continue
                size = peer.sock.send(data)
                sent[0] += size
                data = data[size:]
        peer.until_gone()

    with hostile(handle) as server, running(*at(server.url, "-n", str(total)), how=how or ("-m", "wscli")) as program:
        assert stuck.wait(LONG_S), "TCP never pushed back"
        yield program, sent, pings


@linux
def test_memory_does_not_grow_while_nobody_reads_and_everything_comes_later() -> None:
    total = 100_000
    with stalled(total) as (program, sent, _):
        assert sent[0] < 10 * MIB, "the socket is read although nobody reads the output"
        assert status_of(program.pid, "VmRSS") < 60 * MIB
        check_whole(program.stdout, total)
        assert program.wait(LONG_S) == 0


def test_pings_go_out_while_nobody_reads_and_a_pong_that_cannot_be_read_yet_is_not_a_missing_one() -> None:
    with stalled(100_000, "-c", PATIENT.format(0.5, 2.0)) as (program, _, pings):
        soon(lambda: bool(pings), "a ping of ours")
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(2.8)
        check_whole(program.stdout, 100_000)


# --- signals -------------------------------------------------------------------------------------

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]
SLOW_NAMES = (
    "import socket, sys, threading\n"
    "def slow(*_, **__):\n"
    "    print('resolving', file=sys.stderr, flush=True)\n"
    "    threading.Event().wait(120)\n"
    "socket.getaddrinfo = slow\n"
    "from wscli.__main__ import main\n"
    "main()\n"
)


@contextlib.contextmanager
def in_dns() -> Iterator[subprocess.Popen[bytes]]:
    with running(*at("ws://venue.example/"), how=("-c", SLOW_NAMES)) as program:
        assert program.stderr is not None
        assert b"resolving" in program.stderr.readline()
        yield program


@contextlib.contextmanager
def in_connect() -> Iterator[subprocess.Popen[bytes]]:
    with socket.socket() as full, contextlib.ExitStack() as crowd:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):  # the queue is full: who knocks now waits
            knocker = crowd.enter_context(socket.socket())
            knocker.setblocking(False)
            knocker.connect_ex(full.getsockname())
        words = (*WORDS, "-v", "--url", f"ws://127.0.0.1:{full.getsockname()[1]}/")
        with running(*words) as program:
            assert program.stderr is not None
            assert b"connecting" in program.stderr.readline()
            yield program


def met(handle: Callable[[Peer, threading.Event], None], *, secure: bool = False, words: tuple[str, ...] = ()) -> Any:
    """Return a moment: the program runs before a server that says when the moment has come."""

    @contextlib.contextmanager
    def moment() -> Iterator[subprocess.Popen[bytes]]:
        come = threading.Event()
        with hostile(lambda peer: handle(peer, come)) as server:
            url = server.secure_url if secure else server.url
            line = (*words, "-q", "--url", url) if words else at(url)
            env = {**os.environ, "WSCLI_BYBIT_KEY": "k", "WSCLI_BYBIT_SECRET": "s"}
            with running(*line, env=env) as program:
                assert come.wait(LONG_S)
                yield program

    return moment


def mute(peer: Peer, come: threading.Event) -> None:
    peer.sock.recv(1)
    come.set()
    peer.until_gone()


def in_login(peer: Peer, come: threading.Event) -> None:
    peer.upgrade()
    peer.hear()
    come.set()
    peer.polite()


@contextlib.contextmanager
def in_stream(rest: bytes = b"") -> Iterator[subprocess.Popen[bytes]]:
    def handle(peer: Peer) -> None:
        peer.subscribed()
        peer.send(frame(TEXT, trade(0)) + rest)
        peer.polite() if not rest else peer.until_gone()

    with hostile(handle) as server, running(*at(server.url)) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == trade(0) + b"\n"
        yield program


@contextlib.contextmanager
def in_backoff() -> Iterator[subprocess.Popen[bytes]]:
    def away(peer: Peer) -> None:
        peer.head()
        peer.send(answer("503 Service Unavailable", "Retry-After: 120"))

    words = ("bybit", "subscribe", "trade.BTCUSDT", "--retry", "3")
    with hostile(away) as server, running(*words, "--url", server.url) as program:
        assert program.stderr is not None
        assert b"trying again in 120.0 s" in program.stderr.readline()
        yield program


PRIVATE = ("bybit", "--api", "spot-v3", "subscribe", "order", "--no-reconnect")
MOMENTS: dict[str, Any] = {
    "name": in_dns,
    "connect": in_connect,
    "tls": met(mute, secure=True),
    "handshake": met(mute),
    "login": met(in_login, words=PRIVATE),
    "answer": met(in_login),
    "idle": in_stream,
    "header": lambda: in_stream(declared(TEXT, 1000)),
    "half a frame": lambda: in_stream(frame(TEXT, trade(1))[:50]),
    "backoff": in_backoff,
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())
def test_each_signal_ends_the_program_at_any_moment_within_a_second(moment: Any) -> None:
    with contextlib.ExitStack() as stack:
        programs = [(stack.enter_context(moment()), number, status) for number, status in SIGNALS]
        began = time.monotonic()
        for program, number, _ in programs:
            program.send_signal(number)
        for program, _, status in programs:
            out, err = program.communicate(timeout=LONG_S)
            assert program.returncode == status, err
            assert time.monotonic() - began < 15  # one second is promised; the rest is for a busy machine
            assert b"Traceback" not in err
            assert b"wscli: " not in err
            assert all(line == trade(0) for line in out.splitlines())


@pytest.mark.parametrize(("number", "status"), SIGNALS[:2], ids=["INT", "TERM"])
def test_a_signal_ends_the_program_although_nobody_reads_what_it_says(number: int, status: int) -> None:
    with stalled(100_000) as (program, _, _):
        program.send_signal(number)
        assert program.wait(LONG_S) == status
        assert program.stderr is not None
        assert program.stderr.read() == b""


def test_a_signal_while_the_reader_is_slow_still_leaves_whole_lines() -> None:
    with stalled(100_000) as (program, _, _):
        program.send_signal(signal.SIGINT)
        out, _ = program.communicate(timeout=LONG_S)

    assert out == b"".join(lines_of(out.count(b"\n")))
    assert program.returncode == 130


@pytest.mark.parametrize(("number", "status"), SIGNALS, ids=["INT", "TERM", "HUP"])
def test_a_signal_says_unsubscribe_and_goodbye(number: int, status: int) -> None:
    received: list[tuple[int, bytes]] = []

    def listen(peer: Peer) -> None:
        peer.subscribed()
        peer.send(frame(TEXT, trade(0)))
        while not received or received[-1][0] != CLOSE:
            received.append(peer.hear())
        peer.send(closing(1000))
        peer.until_gone()

    with hostile(listen) as server, running(*at(server.url)) as program:
        assert program.stdout is not None
        program.stdout.readline()
        program.send_signal(number)
        assert program.wait(LONG_S) == status
    (_, unsubscribe), (_, close) = received

    assert json.loads(unsubscribe)["op"] == "unsubscribe"
    assert close == (1000).to_bytes(2, "big")


def test_a_second_signal_ends_at_once() -> None:
    with in_stream(declared(TEXT, 1000)) as program:
        program.send_signal(signal.SIGTERM)
        with contextlib.suppress(ProcessLookupError):
            program.send_signal(signal.SIGINT)
        assert program.wait(120) in (130, 143)


def test_a_signal_that_was_ignored_from_the_start_is_not_handled() -> None:
    with hostile(flood(2_000)) as server:
        code = f"import os, signal, sys\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\nos.execv(sys.executable, {[sys.executable, '-m', 'wscli', *at(server.url)]!r})\n"
        with running(how=("-c", code)) as program:
            assert program.stdout is not None
            assert program.stdout.readline()
            program.send_signal(signal.SIGHUP)
            got = [program.stdout.readline() for _ in range(1_999)]
            program.send_signal(signal.SIGTERM)
            assert program.wait(LONG_S) == 143

    assert got == [trade(n) + b"\n" for n in range(1, 2_000)]


class Gone:
    """What standard output was given, in a file of the test's own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.end = os.open(path, os.O_RDWR | os.O_CREAT)

    def taken(self) -> bytes:
        data = self.path.read_bytes()
        os.ftruncate(self.end, 0)
        os.lseek(self.end, 0, os.SEEK_SET)
        return data


@pytest.mark.parametrize("times", [30, pytest.param(500, marks=pytest.mark.soak)])
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # one that was connecting ends with the process
def test_a_signal_at_a_random_moment_leaves_whole_lines_in_order(tmp_path: Path, times: int) -> None:
    def handle(peer: Peer) -> None:
        peer.subscribed()
        with contextlib.suppress(BlockingIOError):
            for number in range(0, 40_000, 20):
                peer.send(b"".join(frame(TEXT, trade(n)) for n in range(number, number + 20)))
                if select.select([peer.sock], [], [], 0)[0]:
                    break
        peer.polite()

    dialect, chance = find_dialect("bybit", "spot-v3"), random.Random(7)
    # a shell starts a background job with SIGINT ignored, and what is ignored stays so
    handlers = {number: signal.signal(number, signal.SIG_DFL) for number, _ in SIGNALS}
    out = Gone(tmp_path / "out")
    moments = set()
    callbacks, gc.callbacks[:] = gc.callbacks[:], []  # of hypothesis: what is raised within one is lost
    try:
        with hostile(handle) as server:
            for turn in range(times):
                signals = Signals()
                signals.install()
                line = line_to(server, dialect, signals, out.end)
                longest = 0.06 * (1 + 8 * turn / times)  # on a busy machine the first data is late
                timer = threading.Timer(chance.uniform(0, longest), os.kill, (os.getpid(), signal.SIGINT))
                with pytest.raises(Interrupted):  # it may come before the timer's start has returned
                    timer.start()
                    operations.run_stream(line, [Subscribe("trade", ("BTCUSDT",))])
                timer.join()
                os.close(signals._reader)
                os.close(signals._writer)
                for session in line.connections.values():
                    assert session.fileno() == -1
                got = out.taken()
                count = got.count(b"\n")
                assert got == b"".join(lines_of(count))
                moments.add(count)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(out.end)
        gc.callbacks[:] = callbacks
        gc.collect()

    assert len(moments) > 3, "the moments were all the same one"


def line_to(server: Server, dialect: Dialect, signals: Signals, out: int) -> Client:
    places = ServerUrls(dict.fromkeys(dialect.endpoints.production.sockets, server.url), None)
    where = Target(dialect, places, True, NetworkOptions(), lambda: None)
    view = make_format("json", exchange=dialect.name, dialect=dialect, columns=(), width=100, max_rows=None)
    return ObservedClient(where, StreamOptions(), view, Output(out, out, quiet=True), signals).client


# --- full disks ----------------------------------------------------------------------------------

full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")


@full_device
def test_a_full_disk_under_standard_output_is_one_line_and_status_1() -> None:
    with hostile(flood(1_000)) as server, Path("/dev/full").open("wb") as full, contextlib.ExitStack() as stack:
        program = stack.enter_context(running(*at(server.url, "-n", "1000"), stdout=full))
        assert program.stderr is not None
        notices = program.stderr.read().decode().splitlines()
        assert program.wait(LONG_S) == 1

    assert notices[0] == "wscli: standard output: No space left on device"
    assert len(notices) <= 2


@full_device
def test_a_full_disk_under_the_recording_is_reported_and_the_stream_goes_on() -> None:
    with hostile(flood(1_000)) as server, running(*at(server.url, "-n", "1000", "--record", "/dev/full")) as program:
        check_whole(program.stdout, 1_000)
        assert program.stderr is not None
        stderr = program.stderr.read().decode()
        assert program.wait(LONG_S) == 1

    assert 1 <= stderr.count("wscli: ") <= 2  # at once, and at the end
    assert "--record /dev/full: No space left on device" in stderr


def small_files(limit: int) -> Callable[[], None]:
    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return limited


def test_a_limit_of_file_size_leaves_whole_lines_in_the_recording(tmp_path: Path) -> None:
    record = tmp_path / "recording.jsonl"
    words = ("-n", "1000", "--record", str(record))
    with hostile(flood(1_000)) as server, running(*at(server.url, *words), preexec_fn=small_files(50_123)) as program:
        check_whole(program.stdout, 1_000)
        assert program.stderr is not None
        stderr = program.stderr.read().decode()
        assert program.wait(LONG_S) == 1
    data = record.read_bytes()

    assert "--record" in stderr
    assert 40_000 < len(data) <= 50_123
    assert data.endswith(b"\n")
    assert all(json.loads(line) for line in data.splitlines())


def test_a_limit_of_file_size_under_standard_output_is_reported(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with hostile(flood(1_000)) as server, out.open("wb") as file, contextlib.ExitStack() as stack:
        words = at(server.url, "-n", "1000")
        program = stack.enter_context(running(*words, stdout=file, preexec_fn=small_files(50_123)))
        assert program.stderr is not None
        stderr = program.stderr.read().decode()
        assert program.wait(LONG_S) == 1

    assert "standard output: File too large" in stderr
    assert out.read_bytes() == b"".join(lines_of(1_000))[:50_123]


# --- secrets -------------------------------------------------------------------------------------

CANARIES = {
    "KEY": "Canary-Key+of/the=test&1",
    "SECRET": "Canary-Secret+of/the=test&2",
    "TOKEN": "Canary-Token+of/the=test&3",
}
LETTERS = {"KEY": "CanaryKeyOfTheTest0001", "SECRET": "CanarySecretOfTheTest02", "TOKEN": "CanaryTokenOfTheTest003"}


def shapes(secret: str) -> list[str]:
    """Return a secret in every writing that could give it away."""
    data = secret.encode()
    quoted = urllib.parse.quote(secret, safe="")
    b64 = [base64.b64encode(b"x" * n + data).decode()[4:-4] for n in range(3)]
    return [secret, data.hex(), data.hex().upper(), quoted, quoted.lower(), json.dumps(secret)[1:-1], *b64]


def check_silent(text: str, secrets: Iterator[str] | list[str]) -> None:
    for secret in secrets:
        for shape in shapes(secret):
            assert shape not in text, f"{secret} is shown as {shape}"


PRIVATE_WORDS = {
    qualified_name(d): next(((c.example or c.name).split() for c in d.facts.channels if c.private), None)
    for d in DIALECTS
}


@pytest.mark.parametrize("secrets", [CANARIES, LETTERS], ids=["odd", "plain"])
@pytest.mark.parametrize("dialect", [d for d in DIALECTS if PRIVATE_WORDS[qualified_name(d)]], ids=qualified_name)
def test_no_secret_of_a_refused_login_is_written_anywhere(
    wscli: Wscli, sim: Sim, tmp_path: Path, dialect: Dialect, secrets: dict[str, str]
) -> None:
    record = tmp_path / "recording.jsonl"
    env = {f"WSCLI_{dialect.name.upper()}_{part}": value for part, value in secrets.items()}
    env[f"WSCLI_{dialect.name.upper()}_USER_ID"] = "4242"
    url = sim.urls.get(f"{qualified_name(dialect)}-private", sim.urls[qualified_name(dialect)])
    written = ""
    words = PRIVATE_WORDS[qualified_name(dialect)]
    assert words is not None
    for line in (
        ("subscribe", *words, "--all", "-v", "-o", "event", "--record", str(record)),
        ("auth", "-v", "--all", "-o", "json"),
        ("subscribe", *words, "--dry-run", "-v"),
    ):
        pinned = (dialect.name, "--api", dialect.api.name)
        ran = wscli(*pinned, *line, "--no-reconnect", "--url", url, "--wait", "3", "-n", "1", "--for", "1", env=env)
        assert "Traceback" not in ran.err
        written += ran.out + ran.err
    written += record.read_text()

    check_silent(written, list(secrets.values()))


FORCED = (
    "import faulthandler, sys, traceback\n"
    "faulthandler.enable()\n"
    "import wscli.{module} as module\n"
    "def broken(*words, **more):\n"
    "    raise RuntimeError('forced', words, more)\n"
    "module.{name} = broken\n"
    "from wscli.cli.main import main\n"
    "try:\n"
    "    sys.exit(main(sys.argv[1:]))\n"
    "except RuntimeError as error:\n"
    "    traceback.TracebackException.from_exception(error, capture_locals=True)\n"
    "    traceback.print_exc()\n"
    "    print(repr(error), error.__context__, file=sys.stderr)\n"
    "    held = error.__traceback__\n"
    "    while held is not None:\n"
    "        print({{n: v for n, v in held.tb_frame.f_locals.items() if n != 'env'}}, file=sys.stderr)\n"
    "        held = held.tb_next\n"
    "    faulthandler.dump_traceback()\n"
)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("session.connection", "Connection.remember_sent"),
        ("session.flows.tasks", "Tasks.resume"),
        ("transport.connect", "connect"),
        ("session.connection", "Connection.set_login_result"),
    ],
)
def test_no_secret_stands_in_a_traceback_or_in_what_its_frames_hold(sim: Sim, module: str, name: str) -> None:
    keys = sim.keys("bybit")
    env = {**os.environ, **keys}
    words = ("bybit", "subscribe", "order", "--no-reconnect", "-v", *sim.at("bybit-spot-v3-private"), "--for", "60")
    done = subprocess.run(
        [sys.executable, "-c", FORCED.format(module=module, name=name), *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=LONG_S,
    )

    assert "forced" in done.stderr, done.stderr
    check_silent(done.stdout + done.stderr, [keys["WSCLI_BYBIT_KEY"], keys["WSCLI_BYBIT_SECRET"]])


def test_no_secret_of_a_url_a_header_or_a_proxy_is_written_anywhere(wscli: Wscli, tmp_path: Path) -> None:
    record = tmp_path / "recording.jsonl"
    secrets = ["CanaryHeader01", "CanaryProxy0002"]
    written = ""

    def refuse(peer: Peer) -> None:
        """Say no to everybody."""
        peer.head()
        peer.send(b"HTTP/1.1 407 who are you\r\n\r\n")

    with hostile(refuse) as server:
        for more in (
            (server.url, "-H", f"Authorization: Bearer {secrets[0]}"),
            ("ws://venue.example/", "--proxy", f"http://me:{secrets[1]}@127.0.0.1:{server.port}"),
            ("ws://venue.example/", "--proxy", f"socks5h://me:{secrets[1]}@127.0.0.1:{server.port}"),
            ("ws://venue.example/", "--proxy", f"socks4a://me:{secrets[1]}@127.0.0.1:{server.port}"),
            ("ws://venue.example/", "--proxy", f"socks9://me:{secrets[1]}@127.0.0.1:{server.port}"),
        ):
            words = (*WORDS, "-v", "-n", "3", "--timeout", "1", "--record", str(record), "--url", *more)
            ran = wscli(*words)
            written += ran.out + ran.err
    written += record.read_text()

    check_silent(written, secrets)


def test_a_password_in_an_address_is_not_shown(wscli: Wscli) -> None:
    with hostile(flood(3)) as server:
        url = server.url.replace("ws://", "ws://me:CanaryOfTheUrl01@")
        ran = wscli(*WORDS, "-v", "-n", "3", "--url", url)

    check_silent(ran.out + ran.err, ["CanaryOfTheUrl01"])


@linux
def test_the_simulator_that_is_started_sees_no_secret(tmp_path: Path) -> None:
    env = {**os.environ, "WSCLI_BYBIT_KEY": LETTERS["KEY"], "WSCLI_BYBIT_SECRET": LETTERS["SECRET"]}
    with running("--sim", "bybit", "subscribe", "trade.BTCUSDT", env=env) as program:
        assert program.stdout is not None
        assert program.stdout.readline()
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
        exposed = b"".join(
            Path(f"/proc/{pid}/{part}").read_bytes() for pid in children for part in ("environ", "cmdline")
        )
        exposed += Path(f"/proc/{program.pid}/cmdline").read_bytes()
        program.send_signal(signal.SIGINT)
        assert program.wait(LONG_S) == 130

    assert children
    check_silent(exposed.decode("utf-8", "replace"), list(LETTERS.values()))
