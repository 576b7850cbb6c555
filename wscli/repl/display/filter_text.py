"""The filters in force, in words: for the toolbar and `subscriptions`."""

from __future__ import annotations

from wscli.commands.options import Options


def filter_texts(options: Options) -> tuple[str, ...]:
    """Return each filter that the flags ask for, as it is typed at the prompt; () for none.

    >>> filter_texts(Options(where=("price>1", "side=buy"), symbol=("BTCUSDT", "ETHUSDT")))
    ('where price>1 and side=buy', 'symbol BTCUSDT ETHUSDT')
    """
    found = {
        "where": " and ".join(options.where),
        "grep": options.grep or "",
        "symbol": " ".join(options.symbol),
        "channel": " ".join(options.channel),
        "kind": " ".join(options.kind),
        "query": options.query or "",
    }
    return tuple(f"{name} {text}" for name, text in found.items() if text)
