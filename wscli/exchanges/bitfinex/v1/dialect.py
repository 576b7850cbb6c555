"""Bitfinex, WebSocket API v1.1.

Docs    https://docs.bitfinex.com/v1/docs/ws-general   (read 2026-11)
Symbol  "BTCUSD": six capital letters, no prefix; USDT is written UST
Size    amounts in base units, signed: above zero the taker bought, or a bid; JSON numbers, small ones as 7e-7
Time    integer seconds; orders carry ISO 8601 text
Beat    [chanId,"hb"] after a second without data, on each channel; {"event":"ping"} is optional
Book    [PRICE, COUNT, AMOUNT], or [ORDER_ID, PRICE, AMOUNT] with prec=R0; no sequence, no checksum
Limits  none documented for v1; v2's are assumed: 25 channels a socket, 5 connects in 15 s, idle sockets end after 60 s
List    https://docs.bitfinex.com/v1/reference/rest-public-symbols; pairs of other than six letters have no spelling here
Login   HMAC-SHA384 hex of "AUTH" + nonce (microseconds) in an auth frame; the account is then channel 0

Data never names its symbol: the chanId of the ack is the only link. Nor is there a request id: an answer is tied
to its request by what it echoes, else by its code, else to the oldest that it can answer (bitfinex_answers).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, count, product

from wscli.core.book_rules import BookRule
from wscli.core.catalogue import SymbolSpelling, base_and_quote
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
    Successor,
    SymbolList,
    channel_symbol_key,
    split_by_symbol,
)
from wscli.core.errors import Unsupported
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
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.core.record import replace
from wscli.core.shared_map import with_entries
from wscli.exchanges.bitfinex.answers import (
    ChannelIds,
    int_or_none,
    subscription_in,
    with_ack_applied,
    without_duplicates,
)
from wscli.exchanges.bitfinex.login import VECTOR, key_nonce_signature, login_result_of
from wscli.exchanges.bitfinex.v1.catalogue import (
    BOOK_PARAMS,
    CHANNELS,
    CODES,
    MARKETS,
)
from wscli.exchanges.bitfinex.v1.decoder import decode
from wscli.exchanges.common import standard_learn

# --- what we send ---------------------------------------------------------------------------------


def encode(commands: Sequence[Command], state: State, context: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`: one a symbol. The account has none: the login opens it, unauth ends it.

    Raises UsageError for an unsubscribe whose chanId is not known.
    """
    frames: list[Frame] = []
    numbers = ChannelIds(state)
    for command in commands:
        match command:
            case Subscribe(channel="account"):
                pass
            case Subscribe():
                frames += [frame(one) for one in split_by_symbol(command)]
            case Unsubscribe(channel="account"):
                frames.append({"event": "unauth"})
            case Unsubscribe():
                frames += [{"event": "unsubscribe", "chanId": number} for number in numbers(command)]
            case Ping():
                frames.append({"event": "ping"})
            case Query(name):
                raise Unsupported(f"bitfinex has no query named {name!r}: its v1 API has no queries")
    return without_duplicates(frames)


def frame(subscribe: Subscribe) -> Frame:
    """Return the frame of one subscription.

    >>> frame(Subscribe("book", ("ETHUSD",), {"prec": "R0", "freq": "F0", "len": "25"}))
    {'event': 'subscribe', 'channel': 'book', 'pair': 'ETHUSD', 'prec': 'R0', 'len': '25'}
    """
    params = {k: v for k, v in subscribe.params.items() if k != "freq" or subscribe.params.get("prec") != "R0"}
    pair = {"pair": subscribe.symbols[0]} if subscribe.symbols else {}
    return {"event": "subscribe", "channel": subscribe.channel, **pair, **params}


def request_of(frame: Frame) -> Request | None:
    """Return what a frame of ours means, under a key made of what its answer may echo, what is left out filled in."""
    commands: tuple[Command, ...]
    match frame.get("event"):
        case "subscribe" if (subscribe := subscription_in(frame)) is not None:
            return Request(
                ("subscribe", subscribe.channel, *subscribe.symbols, *subscribe.params.values()), (subscribe,)
            )
        case "unsubscribe" if (number := int_or_none(frame.get("chanId"))) is not None:
            return Request(("unsubscribe", number), (Unsubscribe(id=number),))
        case "ping":
            commands = (Ping(),)
        case "auth":
            commands = (Auth(), Subscribe("account"))  # the one opens the other
        case "unauth":
            commands = (Unsubscribe("account"),)
        case _:
            return None
    return Request((str(frame["event"]),), commands)


# --- what we receive --------------------------------------------------------------------------------


_learn_default = standard_learn(request_of)


def learn(state: State, message: Frame | Event) -> State:
    """Remember requests and chanIds. A request equal to a pending one waits beside it, under its key and a number.

    The ack's chanId opens or ends a channel even when nobody here asked (a recording, a frame of another spelling).
    """
    if not isinstance(message, Event):
        request = request_of(message)
        if request is None or not isinstance(request.key, tuple):
            return state
        names = chain([request.key], ((*request.key, f"#{n}") for n in count(2)))
        key = next(name for name in names if name not in state.pending)
        return replace(state, pending=with_entries(state.pending, {key: replace(request, key=key)}))
    after = _learn_default(state, message)
    if message.kind is not Kind.ACK or message.topic is None:
        return after
    return with_ack_applied(
        after, message, state.active.get(message.topic), is_our_request=message.request_id in state.pending
    )


def subscription_key(payload: Json, subscribe: Subscribe) -> Key:
    match payload:
        case [int(number), *_]:
            return number
        case _:
            return channel_symbol_key(subscribe)


# --- the login -----------------------------------------------------------------------------------


def login(credentials: Credentials, context: RequestContext, endpoint: Endpoint) -> LoginSteps:
    """Sign a nonce and send it: {"event":"auth","apiKey":…,"authPayload":"AUTH<nonce>","authSig":…,"authNonce":…}.

    Raises CredentialsError without key and secret, Rejected when the exchange refuses them.
    """
    key, nonce, signature = key_nonce_signature(credentials, context)
    reply = yield {
        "event": "auth",
        "apiKey": key,
        "authPayload": f"AUTH{nonce}",
        "authSig": signature,
        "authNonce": nonce,
    }
    return login_result_of(reply)


def symbols(answer: Json) -> list[str]:
    """["btcusd","ltcusd",…]: small letters there, capitals on the socket."""
    return [pair.upper() for pair in answer if isinstance(pair, str)] if isinstance(answer, list) else []


def spell(symbol: str) -> str:
    """Return a symbol as v1 writes it.

    >>> [spell(s) for s in ("btc-usd", "BTC/USD", "tBTCUSD", "ethusdt")]
    ['BTCUSD', 'BTCUSD', 'BTCUSD', 'ETHUST']
    """
    bare = re.sub(r"^t(?=[A-Z]|[a-z]{6}$)", "", symbol)  # v2 puts a t in front
    pair = base_and_quote(bare)
    return "".join({"USDT": "UST"}.get(leg, leg) for leg in pair) if pair else bare.upper()


def notice(event: Event) -> RequestedAction | None:
    """A restarting server is left and rejoined; after a refreshed engine every channel is to be subscribed anew."""
    if event.kind is not Kind.STATUS:
        return None
    words: dict[str, RequestedAction] = {"20051": "reconnect", "20060": "pause", "20061": "reconnect"}
    return words.get(str(event.code))


def v2_equivalents() -> dict[str, str]:
    """Return what means the same in v2: all of it, in the same words. A book's parameters stand as they were given."""
    books = (f"book prec={p} freq={f} len={n}" for p, f, n in product(*(param.allowed for param in BOOK_PARAMS)))
    return {words: words for words in ("ticker", "trades", "account", *books)}


BITFINEX = Dialect(
    name="bitfinex",
    title="Bitfinex v1.1",
    api=Api("v1", "unverified", "2026-11", "its pages are still online, but nothing shows that it answered in 2026"),
    endpoints=Endpoints(
        production=ServerUrls({"public": "wss://api.bitfinex.com/ws/1"}, "https://api.bitfinex.com"),
        alternative_urls={"public-only": "wss://api-pub.bitfinex.com/ws/1", "unversioned": "wss://api.bitfinex.com/ws"},
        keepalive=KeepAlive(20, idle_only=True),  # a ping is optional, but a socket without channels is cut after 60 s
        limits=Limits(subscriptions=25, takes_more_connections=True, connects=(5, 15), idle_s=60),
    ),
    codec=Codec(
        encode=encode,
        decode=decode,
        request_of=request_of,
        learn=learn,
        explain_key=subscription_key,
        requested_action=notice,
        data_prefix=re.compile(rb'\[\d+,(?:\[\[|-?\d|"(?:te|tu|ps|pn|pu|pc|ws|wu|os|on|ou|oc|hos|ts|hts)",)'),
    ),
    facts=Facts(
        docs="https://docs.bitfinex.com/v1/docs/ws-general",
        channels=CHANNELS,
        successor=Successor("v2", v2_equivalents(), "t{}".format),
        symbol_spelling=SymbolSpelling(r"[A-Z]{6}", "BTCUSD", "in six capital letters", spell),
        code_meanings=CODES,
        book_rules={
            "book": BookRule(deletes_must_exist=True, crossed_limit=10)
        },  # one level a message: crossed between two is no fault
        common_symbols=MARKETS,
        symbol_list=SymbolList("/v1/symbols", symbols),
        unsubscribe_by_id=True,
        notes="one pair per request; unsubscribe by the chanId of the acknowledgement, or by name while connected",
    ),
    login=Login(
        unknown_key_codes=("apikey: invalid",),
        steps=login,
        summary="HMAC-SHA384 login frame",
        required=("key", "secret"),
        test_vector=VECTOR,
    ),
)
