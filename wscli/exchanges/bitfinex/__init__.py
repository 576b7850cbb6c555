"""Bitfinex: its dialects, catalogues and simulated exchange."""

from wscli.exchanges.entry import Exchange

EXCHANGE = Exchange(
    name="bitfinex",
    title="Bitfinex v2, v1.1",
    apis={
        "v2": "wscli.exchanges.bitfinex.v2.dialect:BITFINEX_V2",
        "v1": "wscli.exchanges.bitfinex.v1.dialect:BITFINEX",
    },
    simulated=(
        "wscli.exchanges.bitfinex.simulated.v2.exchange:SIMULATED",
        "wscli.exchanges.bitfinex.simulated.v1.exchange:SIMULATED",
    ),
    api_detector="wscli.exchanges.bitfinex.evidence:api_of",
)
