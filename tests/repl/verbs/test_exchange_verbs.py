"""The verbs that send something, at an exchange that only looks open: what each would do there, show and refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.repl.conftest import Rehearsal
from wscli.commands.options import Options
from wscli.core.dialect import Dialect
from wscli.core.errors import TimedOut, UsageError
from wscli.core.messages import Command, Ping, Query, Subscribe, Unsubscribe
from wscli.core.record import replace
from wscli.exchanges import find_dialect
from wscli.exchanges.generic import generic_dialect
from wscli.repl.verbs import exchange_verbs
from wscli.repl.verbs.exchange_verbs import _covers
from wscli.repl.workspace import worker_jobs
from wscli.session import operations

V5 = find_dialect("bybit", "v5")
SEND_EXAMPLE = 'send {"req_id":"spot-1","op":"subscribe","args":["publicTrade.BTCUSDT"]}'


class Bench:
    """A workspace with one exchange that seems open, and what the verbs had done there: `jobs`."""

    def __init__(
        self,
        workspace: Rehearsal,
        monkeypatch: pytest.MonkeyPatch,
        dialect: Dialect = V5,
        subscriptions: Sequence[Subscribe] = (),
    ) -> None:
        self.workspace, self.jobs = workspace, list[Any]()
        self.ended: list[Any] = []
        self.notices: list[str] = []
        self.client: Any = SimpleNamespace(dialect=dialect, events=SimpleNamespace(notice=self.notices.append))
        self.failure: Exception | None = None  # what a job raises
        self.worker = SimpleNamespace(
            label=dialect.name,
            dialect=dialect,
            options=Options(api=dialect.api.name),
            alive=True,
            streams=SimpleNamespace(
                print_command_output=lambda text: None,
                running=(),
                display=workspace.display_of(dialect, workspace.options),
            ),
            subscriptions=lambda: subscriptions,
            release_stalled_redirects=lambda: None,
            submit=lambda job: job,
        )
        monkeypatch.setattr(exchange_verbs, "worker_of", lambda *_: self.worker)
        monkeypatch.setattr(exchange_verbs, "run_job", self._run_job)
        monkeypatch.setattr(exchange_verbs, "at_once", lambda work: work)
        monkeypatch.setattr(workspace.waits, "result", lambda job, meanwhile: job("client"))
        monkeypatch.setattr(worker_jobs, "begin_stream", lambda client, streams, stream: ("stream", stream))
        monkeypatch.setattr(worker_jobs, "end_stream", lambda streams, stream: self.ended.append(stream))
        monkeypatch.setattr(worker_jobs, "unsubscribe_all", lambda client, streams: len(subscriptions))
        monkeypatch.setattr(operations, "log_in_and_show", lambda client: "login")
        monkeypatch.setattr(operations, "send_frames", lambda client, texts, product: ("frames", texts, product))
        monkeypatch.setattr(
            operations, "request", lambda client, commands, timed=False: ("request", [*commands], timed)
        )

    def _run_job(
        self, workspace: object, worker: object, invocation: object, job: Any, *more: object, **how: object
    ) -> None:
        if self.failure is not None:
            raise self.failure
        done = job(self.client)
        self.jobs.append(tuple(done) if isinstance(done, Iterator) else done)

    def do(self, verb: str, *words: str, redirect: Any = None, **flags: Any) -> None:
        """Run a verb with the words and flags of its line."""
        invocation: Any = SimpleNamespace(
            line=SimpleNamespace(text=" ".join((verb, *words)), redirect=redirect),
            arguments=words,
            flags=Options(**flags),
            options=replace(self.workspace.options, **flags),
            is_redirected=redirect is not None,
            is_typed=True,
        )
        getattr(exchange_verbs, verb)(self.workspace, invocation)

    @property
    def answers(self) -> str:
        return "".join(self.workspace.sheet.answers)


@pytest.fixture
def bench(opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(opened(), monkeypatch)


REQUESTS = [
    # the line                                        what is asked of the exchange                                       timed?
    (("ping",),                                       [Ping()],                                                           True),
    (("unsubscribe", "publicTrade", "BTCUSDT"),       [Unsubscribe("publicTrade", ("BTCUSDT",))],                         False),
]  # fmt: skip


@pytest.mark.parametrize(("line", "commands", "is_timed"), REQUESTS)
def test_a_request_is_sent_and_only_a_ping_is_timed(
    bench: Bench, line: Sequence[str], commands: list[Command], is_timed: bool
) -> None:
    bench.do(*line)

    ((kind, sent, timed),) = bench.jobs
    assert kind == "request"
    assert [(type(one), getattr(one, "channel", ""), getattr(one, "symbols", ())) for one in sent] == [
        (type(one), getattr(one, "channel", ""), getattr(one, "symbols", ())) for one in commands
    ]
    assert timed is is_timed


def test_a_query_is_sent_and_not_timed(opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(opened(), monkeypatch, find_dialect("whitebit"))
    bench.do("query", "time")

    ((_, (command,), timed),) = bench.jobs
    assert (type(command), command.name, timed) == (Query, "time", False)


def test_a_login_is_run_as_a_job(bench: Bench) -> None:
    bench.do("auth")

    assert bench.jobs == ["login"]


# --- subscribe -----------------------------------------------------------------------------------


def stream_of(bench: Bench) -> Any:
    ((kind, stream),) = bench.jobs
    assert kind == "stream"
    return stream


def test_a_subscription_begins_a_stream_that_is_shown_as_everything_else(bench: Bench) -> None:
    bench.do("subscribe", "publicTrade", "BTCUSDT")
    stream = stream_of(bench)

    assert [(one.channel, one.symbols) for one in stream.subscriptions] == [("publicTrade", ("BTCUSDT",))]
    assert (stream.display, stream.redirect) == (None, None)
    assert bench.workspace.sheet.answers == []


@pytest.mark.parametrize("flags", [{"output": "csv"}, {"where": ("side = buy",)}, {"count": 3}])
def test_a_stream_with_flags_has_a_display_of_its_own(bench: Bench, flags: dict[str, Any]) -> None:
    bench.do("subscribe", "publicTrade", "BTCUSDT", **flags)
    stream = stream_of(bench)

    assert stream.display is not None
    assert stream.wanted.count == flags.get("count")


def test_the_columns_of_csv_are_shown_before_its_rows(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(opened(output="csv"), monkeypatch)
    bench.do("subscribe", "publicTrade", "BTCUSDT")

    assert stream_of(bench).display is None  # the columns are those of everything that is shown
    assert "price" in bench.answers


def test_a_redirected_stream_has_its_columns_in_the_file(bench: Bench, tmp_path: Path) -> None:
    target = tmp_path / "trades.csv"
    bench.do("subscribe", "publicTrade", "BTCUSDT", output="csv", redirect=SimpleNamespace(op=">", target=str(target)))
    stream = stream_of(bench)
    stream.redirect.close()

    assert "price" in target.read_text().splitlines()[0]
    assert bench.workspace.sheet.answers == []


@pytest.mark.parametrize("interactive", [True, False])
def test_a_command_writes_for_a_terminal_only_where_the_prompt_is_on_one(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch, interactive: bool
) -> None:
    bench = Bench(opened(interactive), monkeypatch)
    made: list[tuple[Any, dict[str, bool]]] = []

    def redirect(*words: object, **more: bool) -> Any:
        made.append((words[:2], more))
        return SimpleNamespace(write=lambda text, idle: None)

    monkeypatch.setattr(exchange_verbs, "Redirect", redirect)
    bench.do("subscribe", "publicTrade", "BTCUSDT", redirect=SimpleNamespace(op="|", target="jq ."))

    assert made == [(("|", "jq ."), {"for_terminal": interactive})]


@pytest.mark.parametrize(("alive", "ended"), [(True, 0), (False, 1)])
def test_a_stream_of_an_exchange_that_has_ended_is_ended_too(bench: Bench, alive: bool, ended: int) -> None:
    bench.failure, bench.worker.alive = TimedOut("no answer"), alive
    with pytest.raises(TimedOut):
        bench.do("subscribe", "publicTrade", "BTCUSDT")

    assert len(bench.ended) == ended


# --- unsubscribe ---------------------------------------------------------------------------------

TRADE, BOOK = Subscribe("publicTrade", ("BTCUSDT", "ETHUSDT")), Subscribe("orderbook", ("BTCUSDT",))
COVERED = [
    # the request                                        the subscription  is it covered?
    (Unsubscribe("publicTrade", ("BTCUSDT", "ETHUSDT")), TRADE,            True),
    (Unsubscribe("publicTrade", ("ETHUSDT", "BTCUSDT", "X")), TRADE,       True),
    (Unsubscribe("publicTrade", ("BTCUSDT",)),           TRADE,            False),
    (Unsubscribe("publicTrade", ()),                     TRADE,            True),
    (Unsubscribe("orderbook", ()),                       TRADE,            False),
    (Unsubscribe("publicTrade", (), id="7"),             TRADE,            False),
    (Ping(),                                             TRADE,            False),
]  # fmt: skip


@pytest.mark.parametrize(("command", "subscription", "is_covered"), COVERED)
def test_a_request_covers_a_subscription_of_its_channel_and_symbols(
    command: Command, subscription: Subscribe, is_covered: bool
) -> None:
    assert _covers(command, subscription) is is_covered


def test_a_stream_whose_subscriptions_are_all_ended_is_ended(bench: Bench) -> None:
    first, second = (SimpleNamespace(subscriptions=list(one)) for one in ([TRADE], [TRADE, BOOK]))
    bench.worker.streams.running = (first, second)
    bench.do("unsubscribe", "publicTrade", "BTCUSDT,ETHUSDT")

    assert bench.ended == [first]


def test_without_words_everything_is_unsubscribed(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(opened(), monkeypatch, subscriptions=[TRADE, BOOK])
    bench.do("unsubscribe")

    assert bench.jobs == []
    worker: Any = bench.worker
    assert exchange_verbs.stop_all(bench.workspace, [worker, worker]) == 4


def test_without_subscriptions_there_is_nothing_to_end(bench: Bench) -> None:
    with pytest.raises(UsageError) as refused:
        bench.do("unsubscribe")

    assert refused.value.message == "bybit has no subscriptions"
    assert refused.value.hint == "subscribe publicTrade BTCUSDT"


# --- --dry-run -----------------------------------------------------------------------------------

FRAMES = [
    # the line                                   in the frame
    (("subscribe", "publicTrade", "BTCUSDT"),    '"op":"subscribe","args":["publicTrade.BTCUSDT"]'),
    (("unsubscribe", "publicTrade", "BTCUSDT"),  '"op":"unsubscribe","args":["publicTrade.BTCUSDT"]'),
    (("ping",),                                  '"op":"ping"'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "frame"), FRAMES)
@pytest.mark.parametrize("verbose", [False, True])
def test_with_dry_run_the_frame_is_shown_and_nothing_is_done(
    bench: Bench, line: Sequence[str], frame: str, verbose: bool
) -> None:
    bench.do(*line, dry_run=True, verbose=verbose)

    assert frame in bench.answers
    assert bench.jobs == []
    assert any("wss://stream.bybit.com/v5" in words for words in bench.workspace.sheet.words) is verbose


def test_a_dry_run_is_of_the_place_that_is_open(bench: Bench) -> None:
    bench.worker.options = replace(bench.worker.options, testnet=True)
    bench.do("ping", dry_run=True, verbose=True)

    assert any("wss://stream-testnet.bybit.com/v5" in words for words in bench.workspace.sheet.words)


# --- send ----------------------------------------------------------------------------------------


def test_json_is_sent_as_it_was_typed(bench: Bench) -> None:
    bench.do("send", '{"op":', '"ping"}', product="linear")

    assert bench.jobs == [("frames", ['{"op": "ping"}'], "linear")]


@pytest.mark.parametrize("url", [None, "wss://a.example/"])
def test_a_frame_is_of_the_api_and_the_url_that_are_open_whatever_is_configured(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, url: str | None
) -> None:
    routed: list[Any] = []
    monkeypatch.setattr(exchange_verbs.api_routing, "route_frames", lambda *words, **more: routed.append((words, more)))
    bench.workspace.options = replace(bench.workspace.options, api="spot-v3", url="wss://b.example/")
    bench.worker.options = Options(api="v5", url=url)
    bench.do("send", '{"op":"ping"}')
    ((settings, frames), more) = routed[0]

    assert (settings.dialect, settings.options.api, settings.options.url) == (V5, "v5", url)
    assert (frames, more) == ([{"op": "ping"}], {"at_open_connection": True})


def test_with_dry_run_json_is_shown_with_its_secrets_masked(bench: Bench) -> None:
    bench.do("send", '{"op":"auth","args":["key-0001",1,"signature-0001"]}', dry_run=True)

    assert '"op":"auth"' in bench.answers
    assert "signature-0001" not in bench.answers
    assert bench.jobs == []


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [((), "send needs JSON", SEND_EXAMPLE), (("{nope}",), "not JSON: ", SEND_EXAMPLE)],
)
def test_what_is_no_json_is_refused(bench: Bench, words: Sequence[str], message: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        bench.do("send", *words)

    assert refused.value.message.startswith(message)
    assert refused.value.hint == hint


def test_any_other_socket_is_sent_any_text_and_has_no_channels(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(opened(), monkeypatch, generic_dialect())
    posted: list[list[bytes]] = []
    connection = SimpleNamespace(post=posted.append)

    def open_route(client: Any, route: str) -> Any:
        assert route == "the public route"
        return connection
        yield

    monkeypatch.setattr(exchange_verbs, "open_route", open_route)
    bench.client = SimpleNamespace(route=lambda name: f"the {name} route")
    bench.do("send", "{no", "json", "é")

    assert [*bench.jobs[0]] == []  # the flow, run to its end
    assert posted == [["{no json é".encode()]]

    with pytest.raises(UsageError, match="is not an exchange: all its messages are shown") as refused:
        bench.do("subscribe", "trade")
    assert refused.value.hint == "send TEXT sends a message"


# --- which API -----------------------------------------------------------------------------------


def test_words_of_a_retired_api_are_translated_with_a_notice(bench: Bench) -> None:
    bench.do("subscribe", "trade", "BTCUSDT")

    assert [one.channel for one in stream_of(bench).subscriptions] == ["publicTrade"]
    assert any("publicTrade" in words for words in bench.workspace.sheet.words)


def test_at_a_url_the_words_are_those_of_its_api(bench: Bench) -> None:
    bench.worker.options = replace(bench.worker.options, url="wss://a.example/")
    with pytest.raises(UsageError):
        bench.do("subscribe", "trade", "BTCUSDT")
