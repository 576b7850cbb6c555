"""The public feeds of the simulated DigiFinex: which there are, and when they push."""

from wscli.exchanges.digifinex.simulated.feeds import ALL_SYMBOLS, MarketFeeds
from wscli.simulator.market import Market

START_MS = 1_700_000_000_000


def feeds(market: Market) -> MarketFeeds:
    return MarketFeeds(market, {"BTC_USDT": "BTC/USDT", "ZEC_USDT": "ZEC/USDT"})


def test_there_is_a_feed_for_each_channel_of_a_known_symbol() -> None:
    market = Market(start_ms=START_MS)
    has_feed = {
        (channel, name): feeds(market).feed(channel, name) is not None
        for channel in ("trades", "depth", "ticker")
        for name in ("BTC_USDT", "btc_usdt")
    }

    assert has_feed == {key: key[1] == "BTC_USDT" for key in has_feed}
    assert feeds(market).feed("all_ticker", ALL_SYMBOLS) is not None


def test_a_ticker_comes_at_once_and_not_again_without_a_change() -> None:
    market = Market(start_ms=START_MS)
    feed = feeds(market).feed("ticker", "BTC_USDT")
    assert feed is not None
    counts = [len(feed(START_MS)), len(feed(START_MS + 300))]
    market.advance(START_MS + 2_000)
    counts += [len(feed(START_MS + 310)), len(feed(START_MS + 320))]

    assert counts == [1, 0, 1, 0]


def test_a_depth_is_complete_every_minute_and_else_what_changed() -> None:
    market = Market(start_ms=START_MS)
    feed = feeds(market).feed("depth", "BTC_USDT")
    assert feed is not None
    full = []
    for now_ms in range(START_MS, START_MS + 61_000, 500):
        market.advance(now_ms)
        full += [(now_ms - START_MS, params[1]) for params in feed(now_ms) if params[0]]

    assert [time_ms for time_ms, _ in full] == [0, 60_000]
    assert all(isinstance(book, dict) and len(book["asks"]) == len(book["bids"]) == 50 for _, book in full)
