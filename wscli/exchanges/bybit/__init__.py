"""Bybit: its dialects, catalogues and simulated exchange."""

from wscli.exchanges.entry import Exchange

EXCHANGE = Exchange(
    name="bybit",
    title="Bybit v5, spot v3",
    apis={
        "v5": "wscli.exchanges.bybit.v5.dialect:BYBIT_V5",
        "spot-v3": "wscli.exchanges.bybit.spot_v3.dialect:BYBIT",
    },
    simulated=(
        "wscli.exchanges.bybit.simulated.v5.exchange:SIMULATED",
        "wscli.exchanges.bybit.simulated.spot_v3.exchange:SIMULATED",
    ),
    api_detector="wscli.exchanges.bybit.evidence:api_of",
)
