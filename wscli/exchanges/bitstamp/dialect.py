"""Bitstamp, WebSocket API v2.

Docs    https://www.bitstamp.net/websocket/v2/   (read 2026-09)
Symbol  "btcusd", "btcusd-perp": small letters, glued to the channel's name; one that does not exist is acknowledged, silent
Size    `amount_str` in base units, `price_str` in quote units per base; the numbers beside them may have float noise
Time    `microtimestamp`: microseconds; `timestamp`: seconds, both as text
Beat    we send {"event":"bts:heartbeat"} every 20 s and get the same back
Book    `order_book` is whole each time, `diff_order_book` absolute sizes; no sequence, no checksum
Limits  one channel and under 512 bytes a frame; 1,024 channels a connection; 90 days
List    https://www.bitstamp.net/api/#tag/Market-info: /api/v2/markets/
Login   a token for 60 s and the user's number by a signed POST; both go into the subscribe message
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wscli.core.book_rules import BookRule, HttpSnapshot, rising_number
from wscli.core.dialect import (
    Api,
    Codec,
    Dialect,
    Endpoints,
    Facts,
    KeepAlive,
    Limits,
    Login,
    LoginTestVector,
    ServerUrls,
    SymbolList,
)
from wscli.core.errors import Unsupported, UsageError
from wscli.core.jsontext import Json, Secret, written
from wscli.core.messages import (
    Command,
    Event,
    Frame,
    Key,
    Kind,
    Ping,
    Query,
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.core.record import replace
from wscli.exchanges.bitstamp.catalogue import CHANNELS, CODES, MARKETS, SHAPE
from wscli.exchanges.bitstamp.channel_names import CHANNELS_BY_NAME, channel_names, subscription_of
from wscli.exchanges.bitstamp.decoder import decode
from wscli.exchanges.bitstamp.login import login
from wscli.exchanges.common import ends_subscription, standard_learn, text_values

MAX_FRAME_BYTES = 511  # "read limited at 513 bytes", says the close; the page says below 512
MAX_CHANNELS = 1024  # number 1,025 closes the socket without a word


# --- what we send ---------------------------------------------------------------------------------


def encode(commands: Sequence[Command], state: State, context: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`, one a channel and market.

    Raises UsageError for a frame of 512 bytes or more and for the 1,025th channel of a connection.
    """
    frames: list[Frame] = []
    open_names = {*state.active, *(k[1] for k in state.pending if isinstance(k, tuple) and k[0] == "bts:subscribe")}
    for command in commands:
        match command:
            case Unsubscribe():
                for name in names_to_unsubscribe(command, state):
                    open_names.discard(name)
                    frames.append(checked_size({"event": "bts:unsubscribe", "data": {"channel": name}}))
            case Subscribe():
                for name in channel_names(command, state.login_result):
                    open_names.add(name)
                    frames.append(
                        checked_size({"event": "bts:subscribe", "data": {"channel": name, **auth_field(name, state)}})
                    )
                if len(open_names) > MAX_CHANNELS:
                    raise UsageError(
                        f"bitstamp allows {MAX_CHANNELS} channels per connection (with these it would be {len(open_names)})",
                        "use fewer markets, or start wscli a second time",
                    )
            case Ping():
                frames.append({"event": "bts:heartbeat"})
            case Query(name):
                raise Unsupported(f"bitstamp has no query named {name!r}: this API has no queries")
    return tuple(frames)


def checked_size(frame: Frame) -> Frame:
    """Return the frame if the server will read it: a longer one makes it close the socket (1009)."""
    size = len(written(frame, masked=False).encode())
    if size > MAX_FRAME_BYTES:
        raise UsageError(
            f"bitstamp accepts frames of at most {MAX_FRAME_BYTES} bytes (this one has {size})",
            "check the token: a valid one is much shorter",
        )
    return frame


def auth_field(name: str, state: State) -> Frame:
    token = state.login_result.token if state.login_result else None
    return {"auth": token or Secret("")} if name.startswith("private-") else {}


def names_to_unsubscribe(command: Unsubscribe, state: State) -> tuple[str, ...]:
    """Return the wire names that a command ends: of a private channel those that are open, whoever's they are."""
    channel = CHANNELS_BY_NAME.get(command.channel)
    if channel is None or not channel.private:
        return channel_names(command)
    names: list[str] = []
    for symbol in command.symbols or ("",):
        one = replace(command, symbols=(symbol,) if symbol else ())
        mine = [str(k) for k, active in state.active.items() if ends_subscription(one, k, active.subscribe)]
        names += mine or channel_names(one, state.login_result)
    return tuple(names)


def subscription_key(subscribe: Subscribe) -> Key:
    return next(iter(channel_names(subscribe)), subscribe.channel)


def request_of(frame: Frame) -> Request | None:
    """Return what a frame of ours means, under its verb and full channel name: there is no request id."""
    data = frame.get("data")
    name = data.get("channel") if isinstance(data, dict) else None
    match frame.get("event"):
        case "bts:heartbeat":
            return Request(("bts:heartbeat", ""), (Ping(),))
        case "bts:subscribe" if isinstance(name, str):
            return Request(("bts:subscribe", name), (subscription_of(name),))
        case "bts:unsubscribe" if isinstance(name, str):
            found = subscription_of(name)
            return Request(("bts:unsubscribe", name), (Unsubscribe(found.channel, found.symbols, found.params),))
        case _:
            return None


# --- what we receive --------------------------------------------------------------------------------


# --- the login -----------------------------------------------------------------------------------


def symbols(answer: Json) -> list[str]:
    """[{"name":"BTC/USD","market_symbol":"btcusd",…},…]"""
    return text_values(answer, "market_symbol") if isinstance(answer, list) else []


def snapshot_from_http(answer: Json, subscribe: Subscribe) -> Event | None:
    """Return the book that HTTP gives as the message it would be; None for another shape."""
    match answer:
        case {"bids": list(), "asks": list()}:
            payload = {"event": "data", "channel": "_".join([subscribe.channel, *subscribe.symbols]), "data": answer}
            return Event(Kind.SNAPSHOT, payload, subscribe.channel, subscribe.symbols, subscription=subscribe)
        case _:
            return None


RISING_TIMESTAMPS = rising_number("data.microtimestamp")
BOOKS = {
    # The page warns that a frame may be crossed for an instant; the next one is not.
    "order_book": BookRule(RISING_TIMESTAMPS, full_snapshots=True, crossed_limit=2),
    "detail_order_book": BookRule(RISING_TIMESTAMPS, full_snapshots=True, crossed_limit=2),
    "diff_order_book": BookRule(
        RISING_TIMESTAMPS,
        deletes_must_exist=True,
        crossed_limit=3,
        http_snapshot=HttpSnapshot(
            lambda subscribe: f"/api/v2/order_book/{subscribe.symbols[0]}/?group=1", snapshot_from_http
        ),
    ),
}

BITSTAMP = Dialect(
    name="bitstamp",
    title="Bitstamp v2",
    api=Api("v2", "live", "2026-09", "its documentation and a test of its WebSocket in September 2026"),
    endpoints=Endpoints(
        production=ServerUrls({"public": "wss://ws.bitstamp.net"}, "https://www.bitstamp.net"),
        alternative_urls={"sandbox": "wss://ws.sandbox.bitstamp.net"},  # seen in one script only; REST has a sandbox
        keepalive=KeepAlive(20),
        limits=Limits(
            args_per_frame=1, frame_bytes=MAX_FRAME_BYTES, subscriptions=MAX_CHANNELS, lifetime_s=90 * 24 * 3600
        ),
    ),
    codec=Codec(
        encode=encode,
        decode=decode,
        request_of=request_of,
        learn=standard_learn(request_of, subscription_key),
        requested_action=lambda event: (
            "replace" if event.kind is Kind.STATUS and event.reason == "bts:request_reconnect" else None
        ),
        explain_key=lambda payload, subscribe: subscription_key(subscribe),
        data_prefix=re.compile(
            rb'\{"(?:event":"(?:data|trade|self_trade|funding_rate_saved|settlement|stop_(?:in)?active'
            rb'|order_(?:created|changed|deleted|replaced))"|data":\{"(?:id|timestamp|microtimestamp|market|bids|asks)")'
        ),
    ),
    facts=Facts(
        docs="https://www.bitstamp.net/websocket/v2/",
        channels=CHANNELS,
        symbol_spelling=SHAPE,
        code_meanings=CODES,
        book_rules=BOOKS,
        common_symbols=MARKETS,
        symbol_list=SymbolList("/api/v2/markets/", symbols),
        silence_note="bitstamp acknowledges markets that do not exist",
        notes="a market that does not exist is acknowledged, but sends no data; errors do not name the request that they answer",
    ),
    login=Login(
        unknown_key_codes=("API0001",),
        steps=login,
        has_timestamp=True,
        summary="token by a signed HTTP request",
        required=("key", "secret"),
        test_vector=LoginTestVector(
            "demo-key",
            "demo-secret",
            1_700_000_000_000,
            "ded53e319610a74bcb5c52d04880cf8d3a308d333d21e83f9027f3429f1c9395",
            "6b1a2f9e-1a2b-4c3d-8e4f-5a6b7c8d9e0f",
        ),
    ),
)
