"""Bitstamp: its dialects, catalogues and simulated exchange."""

from wscli.exchanges.entry import Exchange

EXCHANGE = Exchange(
    name="bitstamp",
    title="Bitstamp v2",
    apis={
        "v2": "wscli.exchanges.bitstamp.dialect:BITSTAMP",
    },
    simulated=("wscli.exchanges.bitstamp.simulated.exchange:SIMULATED",),
)
