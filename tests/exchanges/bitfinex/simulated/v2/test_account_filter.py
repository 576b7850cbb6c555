"""The filter of a login at the simulated Bitfinex v2."""

import pytest

from wscli.exchanges.bitfinex.simulated.v2.account_filter import AccountFilter

USD, BTC, FUNDING = ["exchange", "USD", 5], ["exchange", "BTC", 6], ["funding", "USD", 7]
TRADE = [1, "tBTCUSD", 2]
ORDER = [1, None, 2, "tBTCUSD"]

CHOSEN = [
    # filters                             tag      row                    what is sent of it
    (None,                                "wu",    USD,                   USD),
    ([],                                  "wu",    USD,                   USD),
    (["wallet"],                          "wu",    USD,                   USD),
    (["wallet"],                          "te",    TRADE,                 None),
    (["wallet-exchange-USD"],             "wu",    USD,                   USD),
    (["wallet-exchange-USD"],             "wu",    FUNDING,               None),
    (["wallet-exchange-USD"],             "ws",    [USD, BTC, FUNDING],   [USD]),
    (["wallet-exchange-USD", "wallet-exchange-BTC"], "ws", [USD, BTC],    [USD, BTC]),
    (["wallet-exchange-EUR"],             "ws",    [USD],                 []),
    (["trading"],                         "ws",    [USD],                 None),
    (["trading-tBTCUSD"],                 "te",    TRADE,                 TRADE),
    (["trading-tETHUSD"],                 "te",    TRADE,                 None),
    (["trading-tBTCUSD"],                 "on",    ORDER,                 ORDER),
    (["trading-tETHUSD"],                 "os",    [ORDER],               []),
    (["trading-tBTCUSD"],                 "pn",    ["tBTCUSD", "ACTIVE"], ["tBTCUSD", "ACTIVE"]),
    (["trading-tETHUSD", "notify"],       "n",     [1, "on-req"],         [1, "on-req"]),
    (["algo"],                            "n",     [1, "on-req"],         None),
]  # fmt: skip


@pytest.mark.parametrize(("filters", "tag", "row", "sent"), CHOSEN)
def test_a_filter_chooses_messages_and_the_rows_of_snapshots(
    filters: object, tag: str, row: list[object], sent: list[object] | None
) -> None:
    assert AccountFilter(filters).apply(tag, row) == sent


@pytest.mark.parametrize("text", ["money", "wallet-exchange", "trading-tBTCUSD-x", "", 7, None])
def test_an_invalid_filter_is_an_error(text: object) -> None:
    with pytest.raises(ValueError):
        AccountFilter([text])
