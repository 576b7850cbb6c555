"""The last trade beside a book: its exchange's channel of trades, subscribed on the same connection once the book stands.

Where the exchange rejects that, the book goes on without it.
"""

from __future__ import annotations

from collections.abc import Sequence

from wscli.commands.parser import parse
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError, WscliError
from wscli.core.jsontext import literal
from wscli.core.messages import DATA_KINDS, Command, ReceivedMessage, Subscribe
from wscli.output.json_layout import escape_controls
from wscli.output.rows import Row, rows_of
from wscli.session.client import Client
from wscli.session.events import Level, Role, SessionEvents
from wscli.session.flows.ask import ask
from wscli.session.flows.waits import Flow

FIELDS = frozenset({"price", "size", "side"})  # of a channel of trades


def trade_channel(dialect: Dialect) -> Channel | None:
    """Return the public channel of trades, where there is one."""
    return next(
        (
            channel
            for channel in dialect.facts.channels
            if not channel.private and "trade" in channel.name.lower() and _names(channel) >= FIELDS
        ),
        None,
    )


def _names(channel: Channel) -> set[str]:
    """Return the fields of its rows."""
    return {*channel.extra_columns, *(field.name for fields in channel.layouts.values() for field in fields)}


def trades_beside(dialect: Dialect, book: Subscribe) -> tuple[Command, ...]:
    """Return the commands that subscribe to the trades of a book's market; none where the exchange has no such channel."""
    channel, prefix = trade_channel(dialect), dialect.facts.prefix_param
    if channel is None:
        return ()
    place = [f"{prefix}={literal(book.params[prefix])}"] if prefix is not None and prefix in book.params else []
    try:
        return parse(dialect, "subscribe", [channel.name, *book.symbols, *place])
    except UsageError:
        return ()  # that market has no trades of its own


def trade_text(rows: Sequence[Row]) -> str:
    """Return the latest trade of a message in words; "" where it has none.

    >>> trade_text([{"time": "2", "side": "buy", "price": "7.10", "size": "1"}, {"time": "1", "side": "sell", "price": "7", "size": "3"}])
    '7.10 buy 1'
    """
    trades = [row for row in rows if row.keys() >= FIELDS]
    if not trades:
        return ""
    last = max(reversed(trades), key=lambda row: str(row.get("time", "")))
    return escape_controls(" ".join(literal(last[name]) for name in ("price", "side", "size")))


class LastTrade(SessionEvents):
    """The last trade of one market. text: in words, "" until there was one."""

    def __init__(self, client: Client, commands: Sequence[Command]) -> None:
        self.text = ""
        self._client, self._commands = client, commands
        self._channels = {one.channel for one in commands if isinstance(one, Subscribe)}
        self._is_asked_for = False
        client.events.add(self)

    def ask_once(self) -> None:
        """Subscribe to the trades, the first time."""
        if not self._is_asked_for and self._commands:
            self._is_asked_for = True
            self._client.tasks.start(self._subscribe())

    def _subscribe(self) -> Flow[None]:
        try:
            group = yield from ask(self._client, self._commands)
        except WscliError as error:
            self._client.events.notice(f"no trades beside the book: {error.message}", Level.DETAIL)
            return
        if group.rejection is not None or group.error is not None:
            self._client.events.notice("the exchange gives no trades beside the book", Level.DETAIL)

    def received(self, received: ReceivedMessage, role: Role) -> None:
        event = received.event
        if event.channel in self._channels and event.kind in DATA_KINDS and role not in (Role.OLD, Role.DUPLICATE):
            self.text = trade_text(tuple(rows_of(self._client.dialect, event))) or self.text
