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
from urllib.parse import urlsplit

from wscli.core.book_rules import BookRule, HttpSnapshot, rising_number
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
    LoginTestVector,
    ServerUrls,
    SymbolList,
)
from wscli.core.errors import CredentialsError, Rejected, Unsupported, UsageError
from wscli.core.jsontext import Json, Secret, literal, parsed, written
from wscli.core.messages import (
    Command,
    Credentials,
    Event,
    Frame,
    HttpRequest,
    HttpResponse,
    Key,
    Kind,
    LoginResult,
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
from wscli.exchanges.bitstamp.catalogue import CHANNELS, CODES, MARKETS, SHAPE
from wscli.exchanges.common import channel_and_symbols, ends_subscription, standard_learn, text_values
from wscli.exchanges.signing import hmac_hex

CHANNELS_BY_NAME = {c.name: c for c in CHANNELS}
SNAPSHOT_CHANNELS = frozenset({"order_book", "detail_order_book"})  # each frame replaces the one before
MAX_FRAME_BYTES = 511  # "read limited at 513 bytes", says the close; the page says below 512
MAX_CHANNELS = 1024  # number 1,025 closes the socket without a word
UNKNOWN_USER = "***"  # stands for the user's number in a dry run; a login that gives none is refused
MAX_QUOTED_CHARACTERS = 200  # characters of an answer worth repeating


# --- what we say ---------------------------------------------------------------------------------


def encode(commands: Sequence[Command], state: State, stamp: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`, one a channel and market.

    Raises UsageError for a frame of 512 bytes or more and for the 1,025th channel of a connection.
    """
    wires: list[Frame] = []
    open_names = {*state.active, *(k[1] for k in state.pending if isinstance(k, tuple) and k[0] == "bts:subscribe")}
    for command in commands:
        match command:
            case Unsubscribe():
                for name in names_to_unsubscribe(command, state):
                    open_names.discard(name)
                    wires.append(checked_size({"event": "bts:unsubscribe", "data": {"channel": name}}))
            case Subscribe():
                for name in channel_names(command, state.login_result):
                    open_names.add(name)
                    wires.append(
                        checked_size({"event": "bts:subscribe", "data": {"channel": name, **auth_field(name, state)}})
                    )
                if len(open_names) > MAX_CHANNELS:
                    raise UsageError(
                        f"bitstamp takes {MAX_CHANNELS} channels a connection (this makes {len(open_names)})",
                        "name fewer markets, or open a second wscli bitstamp",
                    )
            case Ping():
                wires.append({"event": "bts:heartbeat"})
            case Query(name):
                raise Unsupported(f"bitstamp has no query named {name!r}: its socket answers none")
    return tuple(wires)


def checked_size(wire: Frame) -> Frame:
    """Return the frame if the server will read it: a longer one makes it close the socket (1009)."""
    size = len(written(wire, masked=False).encode())
    if size > MAX_FRAME_BYTES:
        raise UsageError(
            f"bitstamp reads frames of at most {MAX_FRAME_BYTES} bytes (this one has {size})",
            "check the token: a usual one is far shorter",
        )
    return wire


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


def channel_names(command: Subscribe | Unsubscribe, grant: LoginResult | None = None) -> tuple[str, ...]:
    """Return the wire names of a command's channels, of the user it names, else of the login's.

    >>> channel_names(Subscribe("private-my_orders", ("btcusd-perp",), {"user_id": 4242}))
    ('private-my_orders_btcusd-perp-4242',)
    """
    channel = CHANNELS_BY_NAME.get(command.channel)
    if channel is None:  # a frame of the user's own, asked for again after a reconnect
        return (command.channel,)
    name = channel.wire_name
    if channel.private:
        user = command.params.get("user_id") or (grant.user_id if grant else None) or UNKNOWN_USER
        name = name.replace("{user_id}", str(user))
    if "{symbol}" not in name:
        return (name,)
    return tuple(name.replace("{symbol}", symbol) for symbol in command.symbols)


def subscription_of(name: str) -> Subscribe:
    """Return what a wire name means; the reverse of names_of. A name nobody documents is a channel of its own.

    Markets hold no underscore, so the last one ends the channel's word; they may hold a hyphen (-perp), so only
    digits after the last one are the user's number.

    >>> subscription_of("private-my_orders_btcusd-perp-4242")
    Subscribe(channel='private-my_orders', symbols=('btcusd-perp',), params={'user_id': 4242})
    >>> subscription_of("private-my_orders_btcusd-perp")
    Subscribe(channel='private-my_orders', symbols=('btcusd-perp',), params={})
    """
    stem, params = name, {}
    if name.startswith("private-") and (owned := re.fullmatch(r"(.+)-([0-9]{1,18}|\*\*\*)", name)):
        stem = owned[1]
        params = {"user_id": int(owned[2])} if owned[2] != UNKNOWN_USER else {}
    channel, _, market = stem.rpartition("_")
    if channel in CHANNELS_BY_NAME and "{symbol}" in CHANNELS_BY_NAME[channel].wire_name and market:
        return Subscribe(channel, (market,), params)
    if stem in CHANNELS_BY_NAME and "{symbol}" not in CHANNELS_BY_NAME[stem].wire_name:
        return Subscribe(stem, (), params)
    return Subscribe(name)


def subscription_key(subscribe: Subscribe) -> Key:
    return next(iter(channel_names(subscribe)), subscribe.channel)


def request_of(wire: Frame) -> Request | None:
    """Return what a frame of ours means, under its verb and full channel name: there is no request id."""
    data = wire.get("data")
    name = data.get("channel") if isinstance(data, dict) else None
    match wire.get("event"):
        case "bts:heartbeat":
            return Request(("bts:heartbeat", ""), (Ping(),))
        case "bts:subscribe" if isinstance(name, str):
            return Request(("bts:subscribe", name), (subscription_of(name),))
        case "bts:unsubscribe" if isinstance(name, str):
            found = subscription_of(name)
            return Request(("bts:unsubscribe", name), (Unsubscribe(found.channel, found.symbols, found.params),))
        case _:
            return None


# --- what we hear --------------------------------------------------------------------------------

REQUEST_OF_ACK = {"bts:subscription_succeeded": "bts:subscribe", "bts:unsubscription_succeeded": "bts:unsubscribe"}


def decode(payload: Json, state: State) -> Event:
    """Classify one message: control by its event, data by its channel."""
    match payload:
        case {"event": ("bts:subscription_succeeded" | "bts:unsubscription_succeeded") as event, "channel": str(name)}:
            found = subscription_of(name)
            request = (REQUEST_OF_ACK[event], name)
            return Event(
                Kind.ACK,
                payload,
                found.channel,
                found.symbols,
                reason=event,
                request_id=request if request in state.pending else None,
                topic=name,
                subscription=found,
            )
        case {"event": "bts:heartbeat"}:
            request = ("bts:heartbeat", "")
            return Event(Kind.PONG, payload, request_id=request if request in state.pending else None)
        case {"event": "bts:error"}:
            return rejection(payload, state)
        case {"event": ("bts:request_reconnect" | "bts:connection_established") as event}:
            return Event(Kind.STATUS, payload, reason=event)
        case {"event": str(event), "channel": str(name), "data": dict()} if not event.startswith("bts:"):
            found = subscription_of(name)
            if found.channel not in CHANNELS_BY_NAME or not channel_names(
                found
            ):  # the second: a name that lacks its market
                return Event(Kind.UNKNOWN, payload)
            kind = Kind.SNAPSHOT if found.channel in SNAPSHOT_CHANNELS else Kind.UPDATE
            return Event(kind, payload, found.channel, found.symbols, topic=name, subscription=found)
        case _:
            return Event(Kind.UNKNOWN, payload)


def rejection(payload: dict[str, Json], state: State) -> Event:
    """Classify an error. It names no request, so it is laid at the door of the likeliest: see `blamed`."""
    data = payload.get("data")
    told = data if isinstance(data, dict) else {"message": data}
    code, reason = told.get("code"), told.get("message")
    request = rejected_request(payload.get("channel"), code, state)
    channel, symbols = channel_and_symbols(state, request)
    return Event(
        Kind.ERROR,
        payload,
        channel,
        symbols,
        reason=literal(reason) if reason is not None else None,
        code=code if isinstance(code, int | str) and not isinstance(code, bool) else None,
        request_id=request,
    )


def rejected_request(channel_name: Json, code: Json, state: State) -> Key | None:
    """Return the pending request that an error answers: the only one, else the oldest that it can be about.

    4009 is about a private channel, and a heartbeat is never refused; an error that does name a channel means it.
    """
    keys = [k for k in state.pending if isinstance(k, tuple)]
    if channel_name:
        return next((k for k in keys if k[1] == channel_name), None)
    if code == 4009:
        likely = [k for k in keys if k[1].startswith("private-")]
    else:
        likely = [k for k in keys if k[0] != "bts:heartbeat"]
    return next(iter(likely or keys), None)


# --- the login -----------------------------------------------------------------------------------


def login(credentials: Credentials, stamp: RequestContext, endpoint: Endpoint) -> LoginSteps:
    """Ask for a token with a signed request; a token and a user's number at hand need none.

    The string to sign: "BITSTAMP " + key, method, host, path, nonce, timestamp (ms), "v2", without separators.
    The body is empty, and then a Content-Type is refused (API0020).
    Raises CredentialsError without credentials, Rejected when the venue refuses them.
    """
    if credentials.token is not None and credentials.user_id:
        return LoginResult(credentials.token, credentials.user_id)
    if credentials.key is None or credentials.secret is None:
        raise CredentialsError(
            "bitstamp's private channels need a key and a secret (or a token and a user id)",
            "set WSCLI_BITSTAMP_KEY and WSCLI_BITSTAMP_SECRET",
        )
    if endpoint.http_url is None:
        raise UsageError(
            "bitstamp's login needs an HTTP address to ask for a token",
            "set WSCLI_BITSTAMP_TOKEN and WSCLI_BITSTAMP_USER_ID instead",
        )
    url = f"{endpoint.http_url.rstrip('/')}/api/v2/websockets_token/"
    where, who = urlsplit(url), f"BITSTAMP {credentials.key.reveal()}"
    if not (who.isascii() and who.isprintable()):  # http.client would quote it in its ValueError
        raise CredentialsError("bitstamp's key holds characters that no header can carry", credentials.source)
    nonce, timestamp = str(stamp.new_uuid()), str(stamp.now_ms)
    text = f"{who}POST{where.netloc}{where.path}{nonce}{timestamp}v2"
    signature = hmac_hex(credentials.secret.reveal(), text, "sha256")
    reply = yield HttpRequest(
        "POST",
        url,
        {
            "X-Auth": Secret(who),
            "X-Auth-Signature": Secret(signature),
            "X-Auth-Nonce": nonce,
            "X-Auth-Timestamp": timestamp,
            "X-Auth-Version": "v2",
        },
    )
    if not isinstance(reply, HttpResponse):
        raise Rejected("bitstamp did not answer the token request")
    try:
        body = parsed(reply.body.decode(errors="replace"))
    except ValueError:
        body = None
    match body:
        case {"token": str(token), "user_id": int() | str() as user} if (
            reply.status == 200 and token and re.fullmatch("[0-9]{1,18}", str(user))
        ):
            return LoginResult(Secret(token), str(user))
    told = rejection_text(reply, body, (credentials.key.reveal(), signature))
    raise Rejected(f"bitstamp refused the token request: {told}", f"the credentials come from {credentials.source}")


def rejection_text(reply: HttpResponse, body: Json, hidden: Sequence[str] = ()) -> str:
    """Return a refusal's status, code, words and what the code means: printable, the words at most 200 characters.

    body: the parsed body, or None. hidden: what is not to be repeated, should the venue do so.

    >>> rejection_text(HttpResponse(403, {}, b""), {"status": "error", "reason": "Invalid signature", "code": "API0005"})
    'HTTP 403: API0005 Invalid signature (bad signature: check the secret)'
    """
    known = body if isinstance(body, dict) else {}
    words = " ".join(literal(known[name]) for name in ("code", "reason") if known.get(name) is not None)
    if not words and reply.status != 200 and not known:  # a proxy's page; what else JSON holds may be a token
        words = reply.body.decode(errors="replace")
    for secret in hidden:
        words = words.replace(secret, "***")
    quoted = (
        "".join(c if c.isprintable() else " " for c in words[:MAX_QUOTED_CHARACTERS]).strip() or "no token and user id"
    )
    meaning = CODES.get(str(known.get("code")))
    return f"HTTP {reply.status}: {quoted}" + (f" ({meaning})" if meaning else "")


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
    api=Api("v2", "live", "2026-09", "its page was read and its socket probed in September 2026; clients follow it"),
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
        notes="a market that does not exist is acknowledged and stays silent; errors do not say which request they answer",
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
