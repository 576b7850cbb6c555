"""The public channels of Bitfinex v2: the symbols there are, and a new feed for each subscription."""

from wscli.exchanges.bitfinex.simulated.feeds import ChannelFeed
from wscli.exchanges.bitfinex.simulated.v2.books import LAYOUTS, BitfinexV2BookFeed, funding_window, trading_window
from wscli.exchanges.bitfinex.simulated.v2.feeds import (
    TIMEFRAMES,
    BitfinexV2TickerFeed,
    BitfinexV2TradesFeed,
    CandlesFeed,
    DerivativeFeed,
    LiquidationsFeed,
)
from wscli.exchanges.bitfinex.simulated.v2.frames import ConfFlags
from wscli.exchanges.bitfinex.simulated.v2.funding_feeds import FundingCandlesFeed, FundingTickerFeed, LoansFeed
from wscli.exchanges.bitfinex.simulated.v2.lending import Lending
from wscli.exchanges.bitfinex.simulated.v2.requests import PERPETUAL_NAME
from wscli.simulator.instruments import PERPETUAL
from wscli.simulator.market import Market

FUNDING_CURRENCIES = ("USD", "BTC")


class PublicChannels:
    """The channels of one exchange. names: our symbol -> the exchange's; symbols: the other way round."""

    def __init__(self, market: Market) -> None:
        spot = [item for item in market.instruments.values() if not item.perpetual]
        self.names = {item.symbol: "t" + item.base + item.quote.replace("USDT", "UST") for item in spot}
        self.names[PERPETUAL] = PERPETUAL_NAME
        self.symbols = {name: symbol for symbol, name in self.names.items()}
        self.funding_names = frozenset(f"f{currency}" for currency in FUNDING_CURRENCIES)
        self._market = market
        self._lending_by_name: dict[str, Lending] = {}

    def advance(self, now_ms: int) -> None:
        """Run the lending up to now; the server runs the market."""
        for lending in self._lending_by_name.values():
            lending.advance(now_ms)

    def new_feed(self, key: tuple[str, ...], flags: ConfFlags, now_ms: int) -> ChannelFeed:
        """Return a new feed of a checked subscription. The lending begins with the first one, as the market does."""
        if not self._lending_by_name:
            self._lending_by_name = {
                f"f{currency}": Lending(self._market.seed, currency, self._market.start_ms)
                for currency in FUNDING_CURRENCIES
            }
            self.advance(now_ms)
        lending = self._lending_by_name.get(key[1])
        match key:
            case ("book", name, prec, freq, length):
                return self._book(name, prec, freq, int(length), flags, now_ms)
            case ("status", "liq:global"):
                return LiquidationsFeed(self._market, PERPETUAL_NAME)
            case ("status", _):
                return DerivativeFeed(self._market)
        return self._trading_feed(key) if lending is None else _funding_feed(key, lending)

    def _trading_feed(self, key: tuple[str, ...]) -> ChannelFeed:
        symbol = self.symbols[key[1]]
        match key:
            case ("ticker", _):
                return BitfinexV2TickerFeed(self._market, symbol)
            case ("trades", _):
                return BitfinexV2TradesFeed(self._market, symbol)
        return CandlesFeed(self._market, symbol, TIMEFRAMES[key[2]])

    def _book(self, name: str, prec: str, freq: str, length: int, flags: ConfFlags, now_ms: int) -> BitfinexV2BookFeed:
        lending = self._lending_by_name.get(name)
        if lending is not None:
            window = funding_window(lending, prec, length)
        else:
            symbol = self.symbols[name]
            last_price = self._market.last_trade(symbol).price
            window = trading_window(self._market.order_book(symbol), prec, length, last_price)
        layout = LAYOUTS[lending is not None, prec == "R0"]
        return BitfinexV2BookFeed(window, layout, flags, batched=freq == "F1", now_ms=now_ms)


def _funding_feed(key: tuple[str, ...], lending: Lending) -> ChannelFeed:
    match key:
        case ("ticker", _):
            return FundingTickerFeed(lending)
        case ("trades", _):
            return LoansFeed(lending)
    _, _, timeframe, shortest, longest = key
    return FundingCandlesFeed(lending, range(int(shortest), int(longest) + 1), TIMEFRAMES[timeframe])
