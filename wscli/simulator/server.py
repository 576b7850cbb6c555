"""The simulated venues as one loopback server: one port, the venues' own paths, one market behind them all.

`run` blocks until it is told to end; `serving` is the same for as long as a with-block, for tests.
"""

import contextlib
import errno
import ipaddress
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from wscli.core.errors import ConnectionFailed, UsageError
from wscli.core.fault_words import parse_fault
from wscli.simulator.contract import EchoExchange, SimulatedExchange, credentials_of
from wscli.simulator.fault_injection import FaultInjection
from wscli.simulator.fault_injection import check as check_faults
from wscli.simulator.market import Market

if TYPE_CHECKING:
    import asyncio

    from wscli.simulator.connection import ClientSocket, ServerContext

TICK_S = 0.05
TICK_MS = 50
MAX_BEHIND_MS = 20_000
SETTLE_MS = 150  # after a subscription, before the market moves
MAX_SETTLE_MS = 2_000
MAX_STEPS = 400  # a tick; a machine that slept does not replay the night
MAX_RATE = 100.0
LOOP_DESCRIPTORS = 3  # a selector, and a pair of sockets that wakes it
RESOURCE_ERRNOS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

Ready = Callable[[dict[str, object]], None]


def run(
    exchanges: Sequence[type[SimulatedExchange]],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    seed: int = 7,
    rate: float = 1.0,
    faults: Sequence[str] = (),
    ready: Ready,
    until_stdin_ends: bool = False,
) -> None:
    """Serve until SIGINT, SIGTERM or (when asked) the end of standard input.

    exchanges: the classes of the simulated exchanges; /echo is always there. faults: what goes wrong, as `moments` reads it. ready hears once, when listening:
    {"urls": {name: url}, "http": url, "credentials": {"key", "secret", "user_id"}, "seed": seed}.
    Raises UsageError for a host or rate that cannot be, ConnectionFailed when it cannot listen, OSError where descriptors lack.
    """
    _check_descriptors()
    import asyncio

    simulation = SimulatorServer(exchanges, host=host, port=port, seed=seed, rate=rate, faults=faults)
    asyncio.run(simulation.serve(ready, signals=True, until_stdin_ends=until_stdin_ends))


def _check_descriptors() -> None:
    """Raise OSError where an event loop lacks descriptors: one that is half made leaves warnings on standard error."""
    with contextlib.ExitStack() as held:
        for _ in range(LOOP_DESCRIPTORS):
            held.callback(os.close, os.open(os.devnull, os.O_RDONLY))


@contextlib.contextmanager
def running_simulator(
    exchanges: Sequence[type[SimulatedExchange]],
    *,
    seed: int = 7,
    rate: float = 1.0,
    fault: str | None = None,
    faults: Sequence[str] = (),
) -> Iterator[dict[str, object]]:
    """Serve from a thread for as long as the block, which gets what `ready` hears. fault: one more of the faults."""
    import asyncio

    every = [*faults, *([fault] if fault is not None else [])]
    simulation = SimulatorServer(exchanges, seed=seed, rate=rate, faults=every)
    heard: list[dict[str, object]] = []
    listening = threading.Event()

    def ready(facts: dict[str, object]) -> None:
        heard.append(facts)
        listening.set()

    def serve() -> None:
        try:
            asyncio.run(simulation.serve(ready))
        finally:
            listening.set()

    thread = threading.Thread(target=serve, name="simulator", daemon=True)
    thread.start()
    listening.wait()
    if not heard:
        raise ConnectionFailed("the simulator did not start")
    try:
        yield heard[0]
    finally:
        simulation.end()
        thread.join()


class SimulatorServer:
    """A market, its venues, and where they are served."""

    def __init__(
        self,
        exchanges: Sequence[type[SimulatedExchange]],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 7,
        rate: float = 1.0,
        faults: Sequence[str] = (),
    ) -> None:
        _check_arguments(host, rate)
        self._host = host
        self._port = port
        self._seed = seed
        self._now_ms = time.time_ns() // 1_000_000
        self._market = Market(seed, rate, start_ms=self._now_ms)
        self._credentials = credentials_of(seed)
        classes: list[type[SimulatedExchange]] = [*exchanges, EchoExchange]
        self._exchanges = [cls(self._market, self._credentials) for cls in classes]
        plans = [parse_fault(words) for words in faults]
        check_faults(plans, self._exchanges)
        self._faults = FaultInjection(plans) if plans else None
        self._market_moving, self._market_moves_ms = False, 0
        self._open_sockets: set[ClientSocket] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    async def serve(self, ready: Ready, *, signals: bool = False, until_stdin_ends: bool = False) -> None:
        """Listen, say so, and tick until the end."""
        import asyncio

        from wscli.simulator.connection import ClientSocket

        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(ShortageHandler(sys.stderr))
        self._stop = asyncio.Event()
        doors = self._server_context()
        everybody: set[ClientSocket] = self._open_sockets
        try:
            server = await self._loop.create_server(lambda: ClientSocket(doors, everybody), self._host, self._port)
        except OSError as error:
            raise ConnectionFailed(
                f"cannot listen on {self._host}:{self._port}: {error.strerror or error}", "port 0 takes a free one"
            ) from error
        if signals:
            for number in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(number) is not signal.SIG_IGN:  # what was ignored from the start stays ignored
                    self._loop.add_signal_handler(number, self._stop.set)
        if until_stdin_ends:
            threading.Thread(target=self._watch_stdin, name="stdin", daemon=True).start()
        port = server.sockets[0].getsockname()[1]
        ready(self.connection_info(port))
        try:
            await self._tick_until(self._stop)
        finally:
            server.close()
            for front in [*self._open_sockets]:
                front.shut_down()
            await asyncio.sleep(0)

    def end(self) -> None:
        """Make `serve` return; from any thread."""
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):  # it ended already
                self._loop.call_soon_threadsafe(self._stop.set)

    def connection_info(self, port: int) -> dict[str, object]:
        """Return what a client must know, as `ready` hears it."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        paths = _paths_by_name(self._exchanges)
        who = self._credentials
        return {
            "urls": {name: f"ws://{host}:{port}{path}" for name, path in paths.items()},
            "http": f"http://{host}:{port}",
            "credentials": {"key": who.key, "secret": who.secret, "user_id": who.user_id},
            "seed": self._seed,
        }

    def now_ms(self) -> int:
        """Return unix milliseconds, which never go back; once the market moves, those of the last tick.

        What a client sees depends on the ticks that ran, not on how fast the machine is.
        """
        if not self._market.started:
            self._now_ms = max(self._now_ms, _wall_ms())
        return self._now_ms

    def _due_tick_times(self) -> Iterator[int]:
        """Yield the times of the ticks that are due, none left out; after a sleep of the machine, the present alone."""
        if not self._market.started:
            yield self.now_ms()
            return
        wall_ms = _wall_ms()
        self._market_moving = self._market_moving or wall_ms >= self._market_moves_ms
        if not self._market_moving:
            return
        if wall_ms - self._now_ms > MAX_BEHIND_MS:
            self._now_ms = wall_ms - TICK_MS
        while self._now_ms + TICK_MS <= wall_ms:
            self._now_ms += TICK_MS
            yield self._now_ms

    def _server_context(self) -> "ServerContext":
        from wscli.simulator.connection import ServerContext

        sockets = {path.rstrip("/") or "/": (venue, path) for venue in self._exchanges for path in venue.paths.values()}
        http = {path.rstrip("/") or "/": venue for venue in self._exchanges for path in venue.http_paths}
        return ServerContext(sockets, http, self.now_ms, self._on_subscribe, self._faults)

    def _on_subscribe(self) -> None:
        """Let the market begin with the first subscription, and move once no other has come for a moment.

        How soon a client subscribes, and how long it waits for each acknowledgement, is then no matter.
        """
        if not self._market.started:
            self._market.start(self.now_ms())
        if not self._market_moving:
            self._market_moves_ms = min(_wall_ms() + SETTLE_MS, self._market.start_ms + MAX_SETTLE_MS)

    async def _tick_until(self, stop: "asyncio.Event") -> None:
        import asyncio

        due = time.monotonic()
        while not stop.is_set():
            for now_ms in self._due_tick_times():
                if self._market.started:
                    self._market.advance(now_ms, MAX_STEPS)
                for front in [*self._open_sockets]:
                    front.tick(now_ms)
                await asyncio.sleep(0)  # what was said is written, and what was heard is answered
            due = max(due + TICK_S, time.monotonic() + 0.001)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), due - time.monotonic())

    def _watch_stdin(self) -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 65536):
                pass
        self.end()


def _paths_by_name(exchanges: Iterable[SimulatedExchange]) -> dict[str, str]:
    """Return url name -> path. Where an exchange has several APIs its bare name, too, is its first one's: `bybit`, `bybit-private`."""
    paths = {name: path for venue in exchanges for name, path in venue.paths.items()}
    firsts: dict[str, SimulatedExchange] = {}
    for venue in exchanges:
        firsts.setdefault(venue.name.partition("-")[0], venue)
    aliases = {
        exchange + name.removeprefix(venue.name): path
        for exchange, venue in firsts.items()
        for name, path in venue.paths.items()
    }
    return {**aliases, **paths}


class ShortageHandler:
    """An asyncio exception handler: a shortage of descriptors is one line, once; anything else is what asyncio makes of it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._reported = False

    def __call__(self, loop: "asyncio.AbstractEventLoop", context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in RESOURCE_ERRNOS:
            loop.default_exception_handler(context)
        elif not self._reported:
            self._reported = True
            self._stream.write(f"wscli: simulate: {error.strerror}: new connections wait\n")
            self._stream.flush()


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


def _check_arguments(host: str, rate: float) -> None:
    if not 0 < rate <= MAX_RATE:
        raise UsageError(f"the rate must be above 0 and at most {MAX_RATE:g}, not {rate:g}")
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(f"the simulator listens on this machine only, not on {host!r}", "leave it at 127.0.0.1")
