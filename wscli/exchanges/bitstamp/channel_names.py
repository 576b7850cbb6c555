"""Bitstamp: the names of channels on the wire, which hold the symbol and the user."""

from __future__ import annotations

import re

from wscli.core.messages import (
    LoginResult,
    Subscribe,
    Unsubscribe,
)
from wscli.exchanges.bitstamp.catalogue import CHANNELS

CHANNELS_BY_NAME = {c.name: c for c in CHANNELS}
UNKNOWN_USER = "***"  # stands for the user's number in a dry run; a login that gives none is refused


def channel_names(command: Subscribe | Unsubscribe, login_result: LoginResult | None = None) -> tuple[str, ...]:
    """Return the wire names of a command's channels, of the user it names, else of the login's.

    >>> channel_names(Subscribe("private-my_orders", ("btcusd-perp",), {"user_id": 4242}))
    ('private-my_orders_btcusd-perp-4242',)
    """
    channel = CHANNELS_BY_NAME.get(command.channel)
    if channel is None:  # a frame of the user's own, asked for again after a reconnect
        return (command.channel,)
    name = channel.wire_name
    if channel.private:
        user = command.params.get("user_id") or (login_result.user_id if login_result else None) or UNKNOWN_USER
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
