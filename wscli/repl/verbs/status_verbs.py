"""The verbs of the prompt that list connections and subscriptions: in columns, or with -o json as an object a line."""

from __future__ import annotations

from collections.abc import Iterator
from time import time_ns

from wscli.app import list_output
from wscli.core.jsontext import Json, written
from wscli.core.messages import Key, Subscribe, request_text
from wscli.core.secrets import masked_url
from wscli.core.tables.listing import aligned_columns
from wscli.output.rows import differs
from wscli.repl.display.counters import MessageCounter, counter_key
from wscli.repl.display.streams import one_per_symbol
from wscli.repl.verbs.invocation import Invocation, require_no_arguments
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace

StatusRecord = dict[str, Json]


def status(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    records = [_exchange_record(workspace, label, worker) for label, worker in workspace.workers.items()]
    if list_output.wants_json(invocation.flags):
        workspace.print_result(_json_lines(records))
        return
    if not records:
        workspace.print_result("no exchange is open: use EXCHANGE opens one")
        return
    table = [("", "exchange", "state", "login", "on", "messages", "URL")]
    for record in records:
        used, login = "*" if record["used"] else "", "yes" if record["logged_in"] else "no"
        shown = (
            record["state"],
            login,
            str(record["subscriptions"]),
            f"{record['messages']:,}",
            " ".join(record["urls"]),
        )
        table.append((used, record["exchange"], *shown))
    workspace.print_result(aligned_columns(table))


def _exchange_record(workspace: Workspace, label: str, worker: Worker) -> StatusRecord:
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
        "urls": sorted(urls),
    }


def subscriptions(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    records = [one for label, worker in workspace.workers.items() for one in _subscription_records(label, worker)]
    if list_output.wants_json(invocation.flags):
        workspace.print_result(_json_lines(records))
        return
    if not records:
        workspace.print_result("no subscriptions: subscribe CHANNEL SYMBOL starts a stream")
        return
    table = [("exchange", "subscription", "messages", "a second", "last", "writes to")]
    for record in records:
        counts = ("", "", "until it has reconnected")
        if record["on"]:
            last = "never" if record["last_s"] is None else f"{record['last_s']:.1f} s ago"
            counts = (f"{record['messages']:,}", f"{record['a_second']:.1f}" if record["messages"] else "0", last)
        table.append((record["exchange"], record["words"], *counts, record["goes_to"] or ""))
    workspace.print_result(aligned_columns(table))


def _subscription_records(label: str, worker: Worker) -> Iterator[StatusRecord]:
    now = time_ns()
    for state in worker.states():
        for topic, active in state.active.items():
            tally = _counter_of(worker, topic, active.subscribe)
            yield _subscription_record(label, worker, active.subscribe) | {
                "on": True,
                "messages": tally.count if tally is not None else 0,
                "a_second": round(tally.rate(now), 1) if tally is not None else 0.0,
                "last_s": round((now - tally.last_ns) / 1e9, 1) if tally is not None else None,
            }
    for subscription in worker.pending_subscriptions():
        yield _subscription_record(label, worker, subscription) | {
            "on": False,
            "messages": None,
            "a_second": None,
            "last_s": None,
        }


def _subscription_record(label: str, worker: Worker, subscription: Subscribe) -> StatusRecord:
    return {
        "exchange": label,
        "words": request_text(subscription),
        "channel": subscription.channel,
        "symbol": subscription.symbols[0] if subscription.symbols else None,
        "params": dict(subscription.params),
        "goes_to": _redirect_of(worker, subscription) or None,
    }


def _json_lines(records: list[StatusRecord]) -> str:
    return "".join(f"{written(one)}\n" for one in records)


def _counter_of(worker: Worker, topic: Key, subscription: Subscribe) -> MessageCounter | None:
    return worker.streams.counters.get(counter_key(worker.dialect, topic, subscription.channel, subscription))


def _redirect_of(worker: Worker, subscription: Subscribe) -> str:
    """Return the file or command that a subscription is redirected to; "" for the screen."""
    channel = worker.dialect.channel(subscription.channel)

    def same(other: Subscribe) -> bool:
        return (other.channel, other.symbols) == (subscription.channel, subscription.symbols) and not differs(
            channel, other, subscription
        )

    redirects = (
        s.redirect
        for s in worker.streams.running
        if s.redirect is not None and any(map(same, one_per_symbol(s.subscriptions)))
    )
    return next((sink.description for sink in redirects), "")
