"""The simulated exchanges as one loopback server: one port, the exchanges' own paths, one market for all of them.

`run` blocks until the process is to end; `running_simulator` serves for as long as a with-block, for tests.
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
MAX_BEHIND_MS = 20_000  # further behind the wall clock, ticks are skipped
SETTLE_MS = 150  # from the last subscription to the first step of the market
MAX_SETTLE_MS = 2_000  # the same, from the first subscription
MAX_STEPS = 400  # of the market, in one tick: after a sleep of the machine the rest of the time is skipped
MAX_RATE = 100.0
LOOP_DESCRIPTORS = 3  # of an event loop: a selector, and a pair of sockets that wakes it
RESOURCE_ERRNOS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

Ready = Callable[[dict[str, object]], None]


def wall_clock_ms() -> int:
    """Return the time of day in unix milliseconds."""
    return time.time_ns() // 1_000_000


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
    """Serve until SIGINT, SIGTERM or, with until_stdin_ends, the end of standard input.

    exchanges: the classes of the simulated exchanges; /echo is always served. faults: as `parse_fault` reads them.
    ready: called once the server listens, with
    {"urls": {name: url}, "http": url, "credentials": {"key", "secret", "user_id"}, "seed": seed}.
    Raises UsageError for an invalid host, rate or fault, ConnectionFailed if it cannot listen, OSError if there are too few
    file descriptors.
    """
    _check_descriptors()
    import asyncio

    simulation = SimulatorServer(exchanges, host=host, port=port, seed=seed, rate=rate, faults=faults)
    asyncio.run(simulation.serve(ready, signals=True, until_stdin_ends=until_stdin_ends))


def _check_descriptors() -> None:
    """Raise OSError if there are too few descriptors for an event loop: a half-made loop prints warnings."""
    with contextlib.ExitStack() as stack:
        for _ in range(LOOP_DESCRIPTORS):
            stack.callback(os.close, os.open(os.devnull, os.O_RDONLY))


@contextlib.contextmanager
def running_simulator(
    exchanges: Sequence[type[SimulatedExchange]],
    *,
    seed: int = 7,
    rate: float = 1.0,
    fault: str | None = None,
    faults: Sequence[str] = (),
    wall_ms: Callable[[], int] = wall_clock_ms,
) -> Iterator[dict[str, object]]:
    """Serve from a thread for as long as the block, which gets what `run` passes to `ready`.

    fault: one more fault. wall_ms: the clock that the market follows, in unix milliseconds.
    """
    import asyncio

    all_faults = [*faults, *([fault] if fault is not None else [])]
    simulation = SimulatorServer(exchanges, seed=seed, rate=rate, faults=all_faults, wall_ms=wall_ms)
    infos: list[dict[str, object]] = []
    listening = threading.Event()

    def ready(info: dict[str, object]) -> None:
        infos.append(info)
        listening.set()

    def serve() -> None:
        try:
            asyncio.run(simulation.serve(ready))
        finally:
            listening.set()

    thread = threading.Thread(target=serve, name="simulator", daemon=True)
    thread.start()
    listening.wait()
    if not infos:
        raise ConnectionFailed("the simulator did not start")
    try:
        yield infos[0]
    finally:
        simulation.end()
        thread.join()


class SimulatorServer:
    """A market, the exchanges that show it, and the port that serves them."""

    def __init__(
        self,
        exchanges: Sequence[type[SimulatedExchange]],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 7,
        rate: float = 1.0,
        faults: Sequence[str] = (),
        wall_ms: Callable[[], int] = wall_clock_ms,
    ) -> None:
        _check_arguments(host, rate)
        self._host = host
        self._port = port
        self._seed = seed
        self._wall_ms = wall_ms
        self._now_ms = wall_ms()
        self._market = Market(seed, rate, start_ms=self._now_ms)
        self._credentials = credentials_of(seed)
        classes: list[type[SimulatedExchange]] = [*exchanges, EchoExchange]
        self._exchanges = [cls(self._market, self._credentials) for cls in classes]
        plans = [parse_fault(text) for text in faults]
        check_faults(plans, self._exchanges)
        self._faults = FaultInjection(plans) if plans else None
        self._market_moving, self._market_moves_ms = False, 0
        self._open_sockets: set[ClientSocket] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    async def serve(self, ready: Ready, *, signals: bool = False, until_stdin_ends: bool = False) -> None:
        """Listen, call `ready`, and tick until `end` is called."""
        import asyncio

        from wscli.simulator.connection import ClientSocket

        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(ShortageHandler(sys.stderr))
        self._stop = asyncio.Event()
        context = self._server_context()
        open_sockets: set[ClientSocket] = self._open_sockets
        try:
            server = await self._loop.create_server(lambda: ClientSocket(context, open_sockets), self._host, self._port)
        except OSError as error:
            raise ConnectionFailed(
                f"cannot listen on {self._host}:{self._port}: {error.strerror or error}", "use port 0 for a free one"
            ) from error
        if signals:
            for number in (signal.SIGINT, signal.SIGTERM):
                if (
                    signal.getsignal(number) is not signal.SIG_IGN
                ):  # a signal that was ignored from the start stays ignored
                    self._loop.add_signal_handler(number, self._stop.set)
        if until_stdin_ends:
            threading.Thread(target=self._watch_stdin, name="stdin", daemon=True).start()
        port = server.sockets[0].getsockname()[1]
        ready(self.connection_info(port))
        try:
            await self._tick_until(self._stop)
        finally:
            server.close()
            for client_socket in [*self._open_sockets]:
                client_socket.shut_down()
            await asyncio.sleep(0)

    def end(self) -> None:
        """Make `serve` return; from any thread."""
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended already
                self._loop.call_soon_threadsafe(self._stop.set)

    def connection_info(self, port: int) -> dict[str, object]:
        """Return what a client needs to connect, as passed to `ready`."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        paths = _paths_by_name(self._exchanges)
        credentials = self._credentials
        return {
            "urls": {name: f"ws://{host}:{port}{path}" for name, path in paths.items()},
            "http": f"http://{host}:{port}",
            "credentials": {"key": credentials.key, "secret": credentials.secret, "user_id": credentials.user_id},
            "seed": self._seed,
        }

    def now_ms(self) -> int:
        """Return the time in unix milliseconds, which never decreases; once the market moves, that of the last tick.

        So what a client sees depends on the ticks that ran, not on the speed of the machine.
        """
        if not self._market.started:
            self._now_ms = max(self._now_ms, self._wall_ms())
        return self._now_ms

    def _due_tick_times(self) -> Iterator[int]:
        """Yield the times of all ticks that are due; after a sleep of the machine only the last one."""
        if not self._market.started:
            yield self.now_ms()
            return
        wall_ms = self._wall_ms()
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

        sockets = {path.rstrip("/") or "/": (each, path) for each in self._exchanges for path in each.paths.values()}
        http = {path.rstrip("/") or "/": each for each in self._exchanges for path in each.http_paths}
        return ServerContext(sockets, http, self.now_ms, self._on_subscribe, self._faults)

    def _on_subscribe(self) -> None:
        """Start the market with the first subscription; it moves once there has been no other for a moment.

        So the data does not depend on how quickly a client sends its subscriptions.
        """
        if not self._market.started:
            self._market.start(self.now_ms())
        if not self._market_moving:
            self._market_moves_ms = min(self._wall_ms() + SETTLE_MS, self._market.start_ms + MAX_SETTLE_MS)

    async def _tick_until(self, stop: "asyncio.Event") -> None:
        import asyncio

        due = time.monotonic()
        while not stop.is_set():
            for now_ms in self._due_tick_times():
                if self._market.started:
                    self._market.advance(now_ms, MAX_STEPS)
                for client_socket in [*self._open_sockets]:
                    client_socket.tick(now_ms)
                await asyncio.sleep(0)  # lets sockets write, and requests be answered, before the next tick
            due = max(due + TICK_S, time.monotonic() + 0.001)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), due - time.monotonic())

    def _watch_stdin(self) -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 65536):
                pass
        self.end()


def _paths_by_name(exchanges: Iterable[SimulatedExchange]) -> dict[str, str]:
    """Return URL name -> path. Where an exchange has several APIs, the first one also has names without its API.

    For example bybit-v5 and bybit-v5-private are also bybit and bybit-private.
    """
    paths = {name: path for exchange in exchanges for name, path in exchange.paths.items()}
    first_apis: dict[str, SimulatedExchange] = {}
    for exchange in exchanges:
        first_apis.setdefault(exchange.name.partition("-")[0], exchange)
    aliases = {
        short_name + name.removeprefix(exchange.name): path
        for short_name, exchange in first_apis.items()
        for name, path in exchange.paths.items()
    }
    return {**aliases, **paths}


class ShortageHandler:
    """An exception handler for asyncio: reports a shortage of descriptors in one line, once; leaves the rest to asyncio."""

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


def _check_arguments(host: str, rate: float) -> None:
    if not 0 < rate <= MAX_RATE:
        raise UsageError(f"the rate must be above 0 and at most {MAX_RATE:g}, not {rate:g}")
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(f"the simulator listens on this machine only, not on {host!r}", "use 127.0.0.1")
