"""WhiteBIT: its dialects, catalogues and simulated exchange."""

from wscli.exchanges.entry import Exchange

EXCHANGE = Exchange(
    name="whitebit",
    title="WhiteBIT",
    apis={
        "v4": "wscli.exchanges.whitebit.dialect:WHITEBIT",
    },
    simulated=("wscli.exchanges.whitebit.simulated.exchange:SIMULATED",),
)
