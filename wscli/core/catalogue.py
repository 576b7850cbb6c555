"""The catalogue of an exchange as data: channels, parameters, fields, symbol shapes. One source for validation,
completion, `channels`, `explain`, rows and help."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from wscli.core.jsontext import Json
from wscli.core.messages import Event
from wscli.core.record import field, record

ParamType: TypeAlias = Literal[
    "int",
    "text",
    "bool",
    "decimal",  # a number whose text is sent as it was typed
    "time",  # sent as seconds since the epoch; typed so, or as -1h, now, 2026-11-29T12:00:00Z
]
OFFERED_TIMES = ("-1h", "-1d", "now")
_TIME_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_MAX_EPOCH_S = 99_999_999_999  # more digits are milliseconds

FieldType: TypeAlias = Literal[
    "text",  # as it is: strings, numbers by their literal, true/false/null as they are
    "signed",  # a number whose sign is the taker's side: gives `side` (buy/sell) and the size without its sign
    "abs",  # a number whose sign says something that stands elsewhere: shown without it
    "s",  # seconds since the epoch, as a number or digits, with or without a fraction
    "ms",  # milliseconds, likewise
    "us",  # microseconds, likewise
]


@record
class Param:
    """A request field: `name=value` on the command line.

    allowed: the values, typed as they go out; empty means any of the type within minimum and maximum.
    default: sent when none is typed; None means the parameter is required unless `optional`.
    is_list:    several of the allowed, joined by commas, kept as that text in the order of `allowed`; one of these may be a
             template ("trading-{symbol}").
    normalise:   guesses what was meant by a value that is not allowed.
    column:  the name its value has in rows and in `event`, where it changes what is received: it distinguishes two subscriptions
             that differ in nothing else.
    """

    name: str
    type: ParamType = "text"
    allowed: tuple[Json, ...] = ()
    default: Json = None
    optional: bool = False
    minimum: int | None = None
    maximum: int | None = None
    is_list: bool = False
    note: str = ""
    normalise: Callable[[str], str] = str
    column: str = ""

    @property
    def offered_values(self) -> tuple[Json, ...]:
        """The values that completion offers."""
        return self.literal_values or (OFFERED_TIMES if self.type == "time" else ())

    @property
    def literal_values(self) -> tuple[Json, ...]:
        """The allowed values that are whole, not templates."""
        return tuple(value for value in self.allowed if not (isinstance(value, str) and "{" in value))


def time_value(text: str) -> int | str:
    """Return a typed time: seconds since the epoch, or a text that is relative to now (`epoch_s` converts it). Raises ValueError.

    >>> time_value("1767220200"), time_value("2026-01-01T00:00:00+01:00"), time_value("2026-01-01"), time_value("-90m"), time_value("now")
    (1767220200, 1767222000, 1767225600, '-90m', 'now')
    """
    if text.isascii() and text.isdecimal():
        if not 0 < int(text[:20]) <= _MAX_EPOCH_S:
            raise ValueError("not seconds since the epoch")
        return int(text)
    if text == "now" or (
        text.isascii() and text[:1] == "-" and text[-1:] in _TIME_UNITS_S and text[1:-1].isdecimal() and len(text) < 12
    ):
        return text
    from datetime import UTC, datetime  # lazily: few requests have a time

    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp())


def epoch_s(value: Json, now_ns: int) -> Json:
    """Return the value of a time parameter as seconds since the epoch.

    >>> [epoch_s(value, 1_767_225_600_000_000_000) for value in ("now", "-1h", "-2d", 7)]
    [1767225600, 1767222000, 1767052800, 7]
    """
    if not isinstance(value, str):
        return value
    now_s = now_ns // 1_000_000_000
    return now_s if value == "now" else now_s - int(value[1:-1]) * _TIME_UNITS_S[value[-1]]


@record
class Field:
    """One labelled value of a row.

    key:    where the exchange puts it: a key of an object, an index of an array.
    name:  what wscli calls it: the name of STANDARD_FIELD_NAMES where it means that, else the exchange's documented name.
    unit:  "quote", "base", "base per quote", "ratio", … for a user; times are shown as RFC 3339, `type` says what was received.
    note:  about the value as wscli shows it. wire_note: about the value as the exchange sends it, where wscli shows another one: the
           pages of channels have it, beside the key of the exchange; an explained message has not.
    code_names: the exchange's codes in words ({"1": "buy"}); a code that is not in it is shown as it came.
    is_event_time: of a `time`: when it happened or was sent, so that its age is how late it came. Not the start of a candle, not the
           last change of a state that is sent again and again.
    """

    key: str | int
    name: str
    type: FieldType = "text"
    unit: str = ""
    note: str = ""
    wire_note: str = ""
    code_names: Mapping[str, str] = field(default_factory=dict)
    is_event_time: bool = False


STANDARD_FIELD_NAMES = frozenset(
    "symbol side price size action count trade_id time bid bid_size ask ask_size open high low close last last_size "
    "volume quote_volume change change_ratio interval order_id client_order_id order_type status time_in_force "
    "filled filled_value average_price remaining original_size fill_price fill_size fee fee_currency maker "
    "buy_order_id sell_order_id counterparty_order_id currency available locked total created_time updated_time "
    "stop_price mark_price index_price funding_rate next_funding_time period update_id reason code meaning".split()
)


@record
class RawRow:
    """One row before it is labelled: the exchange's array or object, and what its surroundings say.

    layout: which of Channel.layouts labels it. extra: finished values that the row itself does not hold, in order
    (side and action of a book level); they come before its fields.
    """

    data: Json
    symbol: str | None = None
    layout: str = "row"
    extra: Mapping[str, Json] = field(default_factory=dict)


BOOK_EXTRA_COLUMNS = ("side", "action")  # what a book level adds to its row


def level_rows(
    side: str, rows: Json, symbol: str | None, *, layout: str = "row", size_index: int = 1
) -> Iterable[RawRow]:
    """Yield the RawRows of one side of a book whose rows hold an absolute size; zero, however spelled, deletes the level.

    >>> [dict(i.extra) for i in level_rows("bid", [["1.0", "0.000"]], "X")]
    [{'side': 'bid', 'action': 'delete'}]
    """
    for row in rows if isinstance(rows, list) else ():
        size = row[size_index] if isinstance(row, list) and len(row) > size_index else None
        gone = size is not None and is_zero(size)
        yield RawRow(row, symbol, layout, {"side": side, "action": "delete" if gone else "set"})


def is_zero(value: Json) -> bool:
    """Say whether a number (or its text) is zero, however it is spelled."""
    try:
        return float(value) == 0
    except (TypeError, ValueError, OverflowError):  # a whole number of 400 digits is no float
        return False


def no_rows(event: Event) -> Iterable[RawRow]:
    """Yield no rows: for a channel whose messages are shown only whole."""
    return ()


@record
class Channel:
    """A channel (or, in Dialect.queries, a question) as data: the one source for validation, completion, help and rows.

    name:     the word on the command line.
    wire_name:     the exchange's own name, a template: "kline.{interval}.{symbol}". Accepted wherever a channel is.
    aliases:  other templates or words that mean the same.
    symbol_limits:  how many it takes: (least, most); None means no upper bound. (0, 0): none.
    replaces_previous: a second subscribe replaces the first, so that the union has to be sent.
    layouts:  field lists by name, most important fields first; `unpack` cuts an event into RawRows that name one of them.
    extra_columns:     the names that RawRow.extra brings, for the fixed columns of csv.
    symbol_spelling:    the symbols' shape where it is not the dialect's (currencies of a balance channel).
    example:  words that subscribe to it (or ask it).
    known_as: what other APIs call it, for the near miss.
    update_rate:  how often it speaks, in words.
    is_frequent:     on a market that trades it speaks within seconds: trades, books, tickers; not own orders, liquidations, notices.
    """

    name: str
    summary: str
    wire_name: str = ""
    aliases: tuple[str, ...] = ()
    private: bool = False
    symbol_limits: tuple[int, int | None] = (1, None)
    params: tuple[Param, ...] = ()
    replaces_previous: bool = False
    is_book: bool = False
    layouts: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    unpack: Callable[[Event], Iterable[RawRow]] = no_rows
    extra_columns: tuple[str, ...] = ()
    symbol_spelling: SymbolSpelling | None = None
    example: str = ""
    update_rate: str = ""
    is_frequent: bool = False
    docs: str = ""
    known_as: tuple[str, ...] = ()

    @property
    def templates(self) -> tuple[str, ...]:
        return tuple(t for t in (self.wire_name, *self.aliases) if t)

    @property
    def has_event_time(self) -> bool:
        """Whether the `time` of its rows is that of an event, in each layout that has one."""
        times = [one.is_event_time for fields in self.layouts.values() for one in fields if one.name == "time"]
        return bool(times) and all(times)

    @property
    def columns(self) -> tuple[str, ...]:
        """The row names this channel can give, in order, each once: its parameters, `adds`, then the layouts' fields."""
        names = [*(param.column for param in self.params if param.column), *self.extra_columns]
        for fields in self.layouts.values():
            for item in fields:
                names += ["side", item.name] if item.type == "signed" else [item.name]
        return tuple(dict.fromkeys(names))


@record
class SymbolSpelling:
    """How symbols are spelled: a pattern, an example, the rule in words, and `spell`, which guesses what was meant."""

    pattern: str
    example: str
    description: str
    normalise: Callable[[str], str] = str

    def matches(self, symbol: str) -> bool:
        return re.fullmatch(self.pattern, symbol) is not None

    def suggestion(self, symbol: str) -> str | None:
        """Return the right spelling of a near miss, or None."""
        guess = self.normalise(symbol)
        return guess if guess != symbol and self.matches(guess) else None


QUOTE_CURRENCIES = ("USDT", "USDC", "USD", "EUR", "GBP", "BTC", "ETH", "TRY", "UST")


def base_and_quote(symbol: str) -> tuple[str, str] | None:
    """Split a symbol however it is spelled; upper case. None when the quote is not known.

    >>> base_and_quote("btc-usdt"), base_and_quote("ETHBTC"), base_and_quote("tBTCUSD")
    (('BTC', 'USDT'), ('ETH', 'BTC'), ('TBTC', 'USD'))
    """
    if parts := re.fullmatch(r"([A-Za-z0-9]+)[-_/:]([A-Za-z0-9]+)", symbol):
        return parts[1].upper(), parts[2].upper()
    for quote in QUOTE_CURRENCIES:
        if symbol.upper().endswith(quote) and len(symbol) > len(quote) + 1:
            return symbol[: -len(quote)].upper(), quote
    return None
