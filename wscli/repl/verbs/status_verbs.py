"""The verbs of the prompt that list connections and subscriptions: as a table, as an object a line, as csv."""

from __future__ import annotations

from collections.abc import Iterator
from time import time_ns

from wscli.core.messages import Subscribe, request_text
from wscli.core.secrets import masked_url
from wscli.core.tables.listing import ListColumn
from wscli.output.rows import differs
from wscli.repl.display.counters import counter_key
from wscli.repl.display.streams import Stream, one_per_symbol
from wscli.repl.verbs.invocation import Invocation, require_no_arguments
from wscli.repl.verbs.listings import Entry, EntryList, print_listing
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace

EXCHANGE_COLUMNS = (
    ListColumn("", importance=9),
    ListColumn("exchange", importance=9),
    ListColumn("state", importance=8),
    ListColumn("login", importance=3),
    ListColumn("on", "right", importance=5),
    ListColumn("messages", "right", importance=5),
    ListColumn("a second", "point", importance=6),
    ListColumn("lag", "right", importance=4),
    ListColumn("URL", wraps=True, importance=2),
)
SUBSCRIPTION_COLUMNS = (
    ListColumn("exchange", importance=7),
    ListColumn("subscription", wraps=True, importance=9),
    ListColumn("goes to", wraps=True, importance=8),
    ListColumn("filter", wraps=True, importance=6),
    ListColumn("messages", "right", importance=2),
    ListColumn("a second", "point", importance=5),
    ListColumn("last", "right", importance=4),
    ListColumn("lag", "right", importance=3),
)


def status(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    entries = [_exchange_entry(workspace, label, worker) for label, worker in workspace.workers.items()]
    rows = [_exchange_row(entry) for entry in entries]
    empty = "no exchange is open: use EXCHANGE opens one"
    print_listing(workspace, invocation, EntryList(EXCHANGE_COLUMNS, entries, rows, empty))


def _exchange_row(entry: Entry) -> tuple[str, ...]:
    urls = entry["urls"]
    return (
        "*" if entry["used"] else "",
        str(entry["exchange"]),
        str(entry["state"]),
        "yes" if entry["logged_in"] else "no",
        str(entry["subscriptions"]),
        f"{entry['messages']:,}",
        f"{entry['a_second']}",
        _lag_text(entry),
        " ".join(map(str, urls)) if isinstance(urls, list) else "",
    )


def _lag_text(entry: Entry) -> str:
    lag = entry["lag_ms"]
    return f"{lag:,.0f} ms" if isinstance(lag, float) else ""


def _exchange_entry(workspace: Workspace, label: str, worker: Worker) -> Entry:
    from wscli.repl.workspace.lag import lag_ms  # lazily: it brings datetime

    now = time_ns()
    routes = worker.sessions() if worker.target is not None else {}
    urls = (
        {masked_url(worker.target.endpoint(route).url).partition("?")[0] for route in routes}
        if worker.target is not None
        else set()
    )
    lag = lag_ms(worker, now)
    return {
        "exchange": label,
        "api": worker.dialect.api.name,
        "place": worker.location_flags.strip() or None,
        "used": label == workspace.current_label,
        "state": worker.status_text(),
        "logged_in": worker.logged_in(),
        "subscriptions": len(worker.subscriptions()),
        "messages": worker.streams.total.count,
        "a_second": round(worker.streams.total.rate(now), 1),
        "lag_ms": None if lag is None else round(lag, 1),
        "recording": worker.recorder.path if worker.recorder is not None else None,
        "urls": sorted(urls),
    }


def subscriptions(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    entries = [
        entry
        for label, worker in workspace.workers.items()
        for entry in _subscription_entries(workspace, label, worker)
    ]
    rows = [_subscription_row(entry) for entry in entries]
    empty = "no subscriptions: subscribe CHANNEL SYMBOL starts a stream"
    print_listing(workspace, invocation, EntryList(SUBSCRIPTION_COLUMNS, entries, rows, empty))


def _subscription_row(entry: Entry) -> tuple[str, ...]:
    sinks = entry["sinks"]
    last_s = entry["last_s"]
    last = "not connected" if not entry["on"] else "never" if last_s is None else f"{last_s:.1f} s ago"
    return (
        str(entry["exchange"]),
        str(entry["words"]),
        ", ".join(map(str, sinks)) if isinstance(sinks, list) else "",
        str(entry["filter"] or ""),
        f"{entry['messages']:,}" if entry["on"] else "",
        f"{entry['a_second']}" if entry["on"] else "",
        last,
        _lag_text(entry),
    )


def _subscription_entries(workspace: Workspace, label: str, worker: Worker) -> Iterator[Entry]:
    from wscli.repl.workspace.lag import last_lag_ms  # lazily: it brings datetime

    now = time_ns()
    for state in worker.states():
        for topic, active in state.active.items():
            key = counter_key(worker.dialect, topic, active.subscribe.channel, active.subscribe)
            counter, lag = worker.streams.counters.get(key), last_lag_ms(worker, key)
            yield _subscription_entry(workspace, label, worker, active.subscribe) | {
                "on": True,
                "messages": counter.count if counter is not None else 0,
                "a_second": round(counter.rate(now), 1) if counter is not None else 0.0,
                "last_s": round((now - counter.last_ns) / 1e9, 1) if counter is not None else None,
                "lag_ms": None if lag is None else round(lag, 1),
            }
    for subscription in worker.pending_subscriptions():
        yield _subscription_entry(workspace, label, worker, subscription) | {
            "on": False,
            "messages": None,
            "a_second": None,
            "last_s": None,
            "lag_ms": None,
        }


def _subscription_entry(workspace: Workspace, label: str, worker: Worker, subscription: Subscribe) -> Entry:
    streams = _streams_of(worker, subscription)
    on_screen = [stream for stream in streams if stream.redirect is None][-1:]
    redirected = [stream for stream in streams if stream.redirect is not None]
    targets = [stream.redirect.description for stream in redirected if stream.redirect is not None]
    screen = [_screen_text(workspace)] if on_screen or not streams else []
    recording = [f"recording {worker.recorder.path}"] if worker.recorder is not None else []
    displays = [stream.display or worker.streams.display for stream in (*on_screen, *redirected)]
    filters = dict.fromkeys(text for display in displays or [worker.streams.display] for text in display.filters)
    return {
        "exchange": label,
        "words": request_text(subscription),
        "channel": subscription.channel,
        "symbol": subscription.symbols[0] if subscription.symbols else None,
        "params": dict(subscription.params),
        "goes_to": targets[0] if targets else None,
        "sinks": [*screen, *targets, *recording],
        "filter": ", ".join(filters) or None,
    }


def _screen_text(workspace: Workspace) -> str:
    name = "screen" if workspace.interactive else "standard output"
    return f"{name} (paused)" if workspace.paused else name


def _streams_of(worker: Worker, subscription: Subscribe) -> list[Stream]:
    """Return the streams that asked for a subscription, in the order of their lines."""
    channel = worker.dialect.channel(subscription.channel)

    def same(other: Subscribe) -> bool:
        return (other.channel, other.symbols) == (subscription.channel, subscription.symbols) and not differs(
            channel, other, subscription
        )

    return [
        stream
        for stream in worker.streams.running
        if not stream.finished and any(map(same, one_per_symbol(stream.subscriptions)))
    ]
