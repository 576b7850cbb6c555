"""Madeup: an exchange that does not exist, in a package of its own; what a package for wscli looks like."""

from wscli.exchanges.entry import Exchange

EXCHANGE = Exchange(
    name="madeup",
    title="Madeup v1",
    apis={"v1": "madeup_wscli.dialect:MADEUP"},
    simulated=("madeup_wscli.simulated:SIMULATED",),
)
