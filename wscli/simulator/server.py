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
from wscli.core.fault_words import planned
from wscli.simulator.contract import Venue, credentials_of
from wscli.simulator.echo import Echo
from wscli.simulator.fault_injection import Faults
from wscli.simulator.fault_injection import check as check_faults
from wscli.simulator.market import Market

if TYPE_CHECKING:
    import asyncio

    from wscli.simulator.connection import Doors, Front

TICK_S = 0.05
TICK_MS = 50
MOST_BEHIND_MS = 20_000
SETTLE_MS = 150  # after a subscription, before the market moves
MOST_SETTLE_MS = 2_000
MOST_STEPS = 400  # a tick; a machine that slept does not replay the night
MOST_RATE = 100.0
LOOP_DESCRIPTORS = 3  # a selector, and a pair of sockets that wakes it
SHORTAGES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

Ready = Callable[[dict[str, object]], None]


def run(
    exchanges: Sequence[type[Venue]],
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

    simulation = Simulation(exchanges, host=host, port=port, seed=seed, rate=rate, faults=faults)
    asyncio.run(simulation.serve(ready, signals=True, until_stdin_ends=until_stdin_ends))


def _check_descriptors() -> None:
    """Raise OSError where an event loop lacks descriptors: one that is half made leaves warnings on standard error."""
    with contextlib.ExitStack() as held:
        for _ in range(LOOP_DESCRIPTORS):
            held.callback(os.close, os.open(os.devnull, os.O_RDONLY))


@contextlib.contextmanager
def serving(
    exchanges: Sequence[type[Venue]],
    *,
    seed: int = 7,
    rate: float = 1.0,
    fault: str | None = None,
    faults: Sequence[str] = (),
) -> Iterator[dict[str, object]]:
    """Serve from a thread for as long as the block, which gets what `ready` hears. fault: one more of the faults."""
    import asyncio

    every = [*faults, *([fault] if fault is not None else [])]
    simulation = Simulation(exchanges, seed=seed, rate=rate, faults=every)
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


class Simulation:
    """A market, its venues, and where they are served."""

    def __init__(
        self,
        exchanges: Sequence[type[Venue]],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 7,
        rate: float = 1.0,
        faults: Sequence[str] = (),
    ) -> None:
        _check(host, rate)
        self._host = host
        self._port = port
        self._seed = seed
        self._now_ms = time.time_ns() // 1_000_000
        self._market = Market(seed, rate, start_ms=self._now_ms)
        self._credentials = credentials_of(seed)
        classes: list[type[Venue]] = [*exchanges, Echo]
        self._venues = [cls(self._market, self._credentials) for cls in classes]
        plans = [planned(words) for words in faults]
        check_faults(plans, self._venues)
        self._faults = Faults(plans) if plans else None
        self._moving, self._moves_ms = False, 0
        self._fronts: set[Front] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    async def serve(self, ready: Ready, *, signals: bool = False, until_stdin_ends: bool = False) -> None:
        """Listen, say so, and tick until the end."""
        import asyncio

        from wscli.simulator.connection import Front

        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(Quietly(sys.stderr))
        self._stop = asyncio.Event()
        doors = self._doors()
        everybody: set[Front] = self._fronts
        try:
            server = await self._loop.create_server(lambda: Front(doors, everybody), self._host, self._port)
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
        ready(self.facts(port))
        try:
            await self._ticks(self._stop)
        finally:
            server.close()
            for front in [*self._fronts]:
                front.leave()
            await asyncio.sleep(0)

    def end(self) -> None:
        """Make `serve` return; from any thread."""
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):  # it ended already
                self._loop.call_soon_threadsafe(self._stop.set)

    def facts(self, port: int) -> dict[str, object]:
        """Return what a client must know, as `ready` hears it."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        paths = _named_paths(self._venues)
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
        if not self._market.begun:
            self._now_ms = max(self._now_ms, _wall_ms())
        return self._now_ms

    def _due(self) -> Iterator[int]:
        """Yield the times of the ticks that are due, none left out; after a sleep of the machine, the present alone."""
        if not self._market.begun:
            yield self.now_ms()
            return
        wall_ms = _wall_ms()
        self._moving = self._moving or wall_ms >= self._moves_ms
        if not self._moving:
            return
        if wall_ms - self._now_ms > MOST_BEHIND_MS:
            self._now_ms = wall_ms - TICK_MS
        while self._now_ms + TICK_MS <= wall_ms:
            self._now_ms += TICK_MS
            yield self._now_ms

    def _doors(self) -> "Doors":
        from wscli.simulator.connection import Doors

        sockets = {path.rstrip("/") or "/": (venue, path) for venue in self._venues for path in venue.paths.values()}
        http = {path.rstrip("/") or "/": venue for venue in self._venues for path in venue.http_paths}
        return Doors(sockets, http, self.now_ms, self._subscribed, self._faults)

    def _subscribed(self) -> None:
        """Let the market begin with the first subscription, and move once no other has come for a moment.

        How soon a client subscribes, and how long it waits for each acknowledgement, is then no matter.
        """
        if not self._market.begun:
            self._market.begin(self.now_ms())
        if not self._moving:
            self._moves_ms = min(_wall_ms() + SETTLE_MS, self._market.start_ms + MOST_SETTLE_MS)

    async def _ticks(self, stop: "asyncio.Event") -> None:
        import asyncio

        due = time.monotonic()
        while not stop.is_set():
            for now_ms in self._due():
                if self._market.begun:
                    self._market.advance(now_ms, MOST_STEPS)
                for front in [*self._fronts]:
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


def _named_paths(venues: Iterable[Venue]) -> dict[str, str]:
    """Return url name -> path. Where an exchange has several APIs its bare name, too, is its first one's: `bybit`, `bybit-private`."""
    paths = {name: path for venue in venues for name, path in venue.paths.items()}
    firsts: dict[str, Venue] = {}
    for venue in venues:
        firsts.setdefault(venue.name.partition("-")[0], venue)
    aliases = {
        exchange + name.removeprefix(venue.name): path
        for exchange, venue in firsts.items()
        for name, path in venue.paths.items()
    }
    return {**aliases, **paths}


class Quietly:
    """An asyncio exception handler: a shortage of descriptors is one line, once; anything else is what asyncio makes of it."""

    def __init__(self, where: TextIO) -> None:
        self._where = where
        self._told = False

    def __call__(self, loop: "asyncio.AbstractEventLoop", context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in SHORTAGES:
            loop.default_exception_handler(context)
        elif not self._told:
            self._told = True
            self._where.write(f"wscli: simulate: {error.strerror}: new connections wait\n")
            self._where.flush()


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


def _check(host: str, rate: float) -> None:
    if not 0 < rate <= MOST_RATE:
        raise UsageError(f"the rate must be above 0 and at most {MOST_RATE:g}, not {rate:g}")
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(f"the simulator listens on this machine only, not on {host!r}", "leave it at 127.0.0.1")
