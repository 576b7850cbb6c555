"""Bitfinex, WebSocket API v2.

Docs    https://docs.bitfinex.com/docs/ws-general   (read 2026-11)
Symbol  "tBTCUSD": t and a pair, a colon where a leg is longer than three; "tBTCF0:USTF0" a perpetual; "fUSD" lending
Size    amounts in base units, signed: above zero the taker bought, or a bid (a lending book: an ask); small ones as 7e-7
Time    integer milliseconds
Beat    [chanId,"hb"] every 15 s on each channel; {"event":"ping","cid":…} is optional
Book    [PRICE, COUNT, AMOUNT], or [ORDER_ID, PRICE, AMOUNT] with prec=R0; a sequence and a checksum when asked for
Conf    {"event":"conf","flags":…} asks for time stamps, sequence, checksums, bulk updates: for the whole connection
Limits  25 channels a socket (30 by another page), 5 connects in 15 s (20 a minute on the public host)
List    https://docs.bitfinex.com/reference/rest-public-conf
Login   HMAC-SHA384 hex of "AUTH" + nonce (microseconds) in an auth frame, with a filter; the account is then channel 0

Data never names its symbol: the chanId of the ack is the only link. An answer is tied to its request by what it echoes
(bitfinex_answers). The flags stand in the parameters of what is subscribed, so that coming back asks for them again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from wscli.core.book_rules import BookRule, BookSides, ChecksumResult, SequencePoint
from wscli.core.dialect import (
    Api,
    Codec,
    Dialect,
    Endpoint,
    Endpoints,
    Facts,
    KeepAlive,
    Limits,
    Login,
    RequestedAction,
    ServerUrls,
    SymbolList,
    channel_symbol_key,
    split_by_symbol,
)
from wscli.core.errors import Unsupported, UsageError
from wscli.core.jsontext import Json
from wscli.core.messages import (
    Auth,
    Command,
    Credentials,
    Event,
    Frame,
    Key,
    Kind,
    LoginSteps,
    Ping,
    Query,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.exchanges.bitfinex.answers import ChannelIds, without_duplicates
from wscli.exchanges.bitfinex.login import VECTOR, key_nonce_signature, login_result_of
from wscli.exchanges.bitfinex.v2.account_catalogue import TAGS, account_channel, trailing_account_values
from wscli.exchanges.bitfinex.v2.catalogue import CHANNELS, CODES, FLAGS, MARKETS, SYMBOL, trailing_values
from wscli.exchanges.bitfinex.v2.checksum import CHECKSUM_DEPTH, checksum
from wscli.exchanges.bitfinex.v2.decoder import ACCOUNT_CHAN_ID, decode
from wscli.exchanges.bitfinex.v2.state import FLAG_BITS, LOGIN_PARAMS, current_flags, flags_of, learn, request_of

SYMBOL_LISTS_PATH = "/v2/conf/pub:list:pair:exchange,pub:list:pair:futures,pub:list:currency"


# --- what we send ---------------------------------------------------------------------------------


def encode(commands: Sequence[Command], state: State, context: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`: conf where flags are asked for that are not on, then one a symbol.

    The account has none: the login opens it, unauth ends it. Raises UsageError for an unsubscribe whose chanId is not
    known, and for a filter that came after the login.
    """
    frames: list[Frame] = []
    numbers = ChannelIds(state)
    on = current_flags(state)
    if wanted := {bit for command in commands for bit in flags_of(command)} - on:
        frames.append({"event": "conf", "flags": sum(FLAG_BITS[bit] for bit in wanted | on)})
    for command in commands:
        match command:
            case Subscribe(channel="account", params=params):
                _check_login_unchanged(params, state)
            case Subscribe():
                frames += [frame(one) for one in split_by_symbol(command)]
            case Unsubscribe(channel="account"):
                frames.append({"event": "unauth"})
            case Unsubscribe():
                frames += [{"event": "unsubscribe", "chanId": number} for number in numbers(command)]
            case Ping():
                frames.append({"event": "ping", "cid": next(context.request_ids)})
            case Query(name):
                raise Unsupported(f"bitfinex has no query named {name!r}: this API has no queries")
    return without_duplicates(frames)


def frame(subscribe: Subscribe) -> Frame:
    """Return the frame of one subscription.

    >>> frame(Subscribe("candles", ("tBTCUSD",), {"timeframe": "1m", "flags": "sequence"}))
    {'event': 'subscribe', 'channel': 'candles', 'key': 'trade:1m:tBTCUSD'}
    """
    params = {k: v for k, v in subscribe.params.items() if k != "flags"}
    symbol = subscribe.symbols[0] if subscribe.symbols else None
    if subscribe.channel == "candles":
        symbol = f"trade:{params.pop('timeframe', '1m')}:{symbol}"
    if params.get("prec") == "R0":
        params.pop("freq", None)
    named = {"key" if subscribe.channel in ("candles", "status") else "symbol": symbol} if symbol else {}
    return {"event": "subscribe", "channel": subscribe.channel, **named, **params}


def _check_login_unchanged(params: Mapping[str, Json], state: State) -> None:
    """Raise UsageError where the account is open and something else is asked of its login now."""
    open_now = state.active.get(ACCOUNT_CHAN_ID)
    requested = {k: v for k, v in params.items() if k in LOGIN_PARAMS}
    if open_now is not None and any(open_now.subscribe.params.get(k) != v for k, v in requested.items()):
        raise UsageError(
            "bitfinex accepts filter and dms only with the login, and this connection is already logged in",
            "leave, connect again, and type subscribe account filter=…",
        )


def with_login_options(frame: Frame, commands: Sequence[Command]) -> tuple[Frame, ...]:
    """Return the login with what the account's words ask of it: flags before it, a filter, a dead man's switch.

    >>> with_login_options({"event": "auth"}, [Subscribe("account", (), {"filter": "trading,wallet", "flags": "sequence"})])
    ({'event': 'conf', 'flags': 65536}, {'event': 'auth', 'filter': ['trading', 'wallet']})
    """
    flags = sum(FLAG_BITS[bit] for bit in frozenset().union(*map(flags_of, commands)))
    for command in commands:
        if isinstance(command, Subscribe) and command.channel == "account" and frame.get("event") == "auth":
            requested = {k: command.params[k] for k in LOGIN_PARAMS if k in command.params}
            if "filter" in requested:
                requested["filter"] = requested["filter"].split(",")
            frame = {**frame, **requested}
    return ({"event": "conf", "flags": flags}, frame) if flags else (frame,)


def subscription_key(payload: Json, subscribe: Subscribe) -> Key:
    match payload:
        case [int(number), *_]:
            return number
        case _:
            return channel_symbol_key(subscribe)


def route(command: Command) -> str:
    """The account has a host of its own, which serves the public channels as well."""
    match command:
        case Auth() | Subscribe(channel="account") | Unsubscribe(channel="account"):
            return "private"
        case _:
            return "public"


# --- the login -----------------------------------------------------------------------------------


def login(credentials: Credentials, context: RequestContext, endpoint: Endpoint) -> LoginSteps:
    """Sign a nonce and send it: {"event":"auth","apiKey":…,"authNonce":…,"authPayload":"AUTH<nonce>","authSig":…}.

    Raises CredentialsError without key and secret, Rejected when the exchange refuses them.
    """
    key, nonce, signature = key_nonce_signature(credentials, context)
    reply = yield {
        "event": "auth",
        "apiKey": key,
        "authNonce": nonce,
        "authPayload": f"AUTH{nonce}",
        "authSig": signature,
    }
    return login_result_of(reply)


def symbols(answer: Json) -> list[str]:
    """[["BTCUSD","AVAX:USD",…],["BTCF0:USTF0",…],["USD",…]]: pairs, perpetuals, and the currencies that may be lent."""
    lists_of = [part for part in answer if isinstance(part, list)] if isinstance(answer, list) else []
    pairs = [f"t{name}" for part in lists_of[:2] for name in part if isinstance(name, str)]
    return [*pairs, *(f"f{name}" for part in lists_of[2:3] for name in part if isinstance(name, str))]


def notice(event: Event) -> RequestedAction | None:
    """A restarting server is left and rejoined; after a refreshed engine every channel is to be subscribed anew."""
    if event.kind is not Kind.STATUS:
        return None
    words: dict[str, RequestedAction] = {"20051": "reconnect", "20060": "pause", "20061": "reconnect"}
    return words.get(str(event.code))


def sequence_of(event: Event) -> SequencePoint | None:
    """Return the sequence behind an array, which counts those of the whole connection.

    The answer to a request of the account has none: the number behind it counts the messages about the account.
    """
    match event.payload:
        case [0, str(tag), payload, *rest] if tag in TAGS:
            number = trailing_account_values(tag, payload, rest).get("sequence")
            return (
                SequencePoint(number, number - 1, ("sequence", "sequence"), per_connection=True)
                if isinstance(number, int)
                else None
            )
        case [int(), "hb", *rest] | [int(), str(), _, *rest] | [int(), list(), *rest]:
            number = trailing_values(rest).get("sequence")
            return (
                SequencePoint(number, number - 1, ("sequence", "sequence"), per_connection=True)
                if isinstance(number, int)
                else None
            )
        case _:
            return None


def checksums_of(event: Event, sides: BookSides) -> ChecksumResult | None:
    """Return the checksum a message brings, and that of the book so far."""
    match event.payload:
        case [_, "cs", int(said), *_] if event.channel == "book":
            lent = event.symbols[:1] != () and event.symbols[0].startswith("f")
            params = event.subscription.params if event.subscription is not None else {}
            raw = params.get("prec") == "R0"
            bids, asks = (
                [
                    (order if raw else level.price, f"-{size}" if (side == "bid") == lent else size)
                    for level in sides.top(side, CHECKSUM_DEPTH)
                    for order, size in sorted(level.orders, key=lambda one: int(one[0] or 0))
                ]
                for side in ("bid", "ask")
            )
            return ChecksumResult(
                said,
                checksum(bids, asks),
                f"{min(len(bids), CHECKSUM_DEPTH)} bids and {min(len(asks), CHECKSUM_DEPTH)} asks",
            )
        case _:
            return None


BITFINEX_V2 = Dialect(
    name="bitfinex",
    title="Bitfinex v2",
    api=Api("v2", "live", "2026-09", "its documentation of 2026-02; it answered in September 2026"),
    endpoints=Endpoints(
        production=ServerUrls(
            {"public": "wss://api-pub.bitfinex.com/ws/2", "private": "wss://api.bitfinex.com/ws/2"},
            "https://api-pub.bitfinex.com",
        ),
        keepalive=KeepAlive(20, idle_only=True),  # a ping is optional, but a socket without channels is cut after 60 s
        limits=Limits(subscriptions=25, takes_more_connections=True, connects=(5, 15), idle_s=60),
        route_of=route,
    ),
    codec=Codec(
        encode=encode,
        decode=decode,
        request_of=request_of,
        learn=learn,
        explain_key=subscription_key,
        requested_action=notice,
        data_prefix=re.compile(
            rb'\[\d+,(?:\[\[|\[-?\d|"(?:f?t[eu]|p[snuc]|w[su]|o[snuc]|f[ocl][snuc]|bu|[mf]iu|n)",\[)'
        ),
    ),
    facts=Facts(
        docs="https://docs.bitfinex.com/docs/ws-general",
        channels=(*CHANNELS, account_channel(FLAGS)),
        symbol_spelling=SYMBOL,
        code_meanings=CODES,
        book_rules={
            "book": BookRule(
                sequence_of,
                checksums_of,
                detects_loss=True,
                is_numbered=lambda subscribe: "sequence" in flags_of(subscribe),
                deletes_must_exist=True,
                crossed_limit=10,
                symbol_pattern="t.+",
                required_args=("flags=sequence,checksum",),
            )
        },
        common_symbols=MARKETS,
        symbol_list=SymbolList(SYMBOL_LISTS_PATH, symbols),
        unsubscribe_by_id=True,
        silence_note="bitfinex sends the state of a channel right after it acknowledges it",
        notes="one symbol per request; unsubscribe by the chanId of the acknowledgement, or by name while connected; flags= applies to the whole connection",
    ),
    login=Login(
        unknown_key_codes=("apikey: invalid",),
        steps=login,
        frames=with_login_options,
        summary="HMAC-SHA384 login frame",
        required=("key", "secret"),
        test_vector=VECTOR,
    ),
)
