"""DigiFinex: its dialects, catalogues and simulated exchange."""

from wscli.exchanges.entry import Exchange

EXCHANGE = Exchange(
    name="digifinex",
    title="DigiFinex spot v1",
    apis={
        "spot-v1": "wscli.exchanges.digifinex.dialect:DIGIFINEX",
    },
    simulated=("wscli.exchanges.digifinex.simulated.exchange:SIMULATED",),
)
