"""What the prompt knows while a line is typed, in a fixed state, and lines to try on it."""

from __future__ import annotations

from hypothesis import strategies as st

from wscli.commands.flag_table import PROMPT_FLAGS
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.core.dialect import Dialect
from wscli.core.record import replace
from wscli.exchanges import find_dialect, titles
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.setting_table import SETTINGS

FILES = ("a.txt", "my notes.txt", "morning/")


def seed(name: str, api: str | None = None) -> Dialect:
    """Return the API of an exchange that most of these tables are about: the seed's."""
    return find_dialect(name, api or {"bybit": "spot-v3", "bitfinex": "v1"}.get(name))


def knows(name: str | None = "bybit", **more: object) -> Context:
    dialect = seed(name) if name else None
    known = Context(
        titles(),
        seed,
        PROMPT_VERBS,
        PROMPT_FLAGS,
        dialect,
        open_exchanges=(name,) if name else (),
        symbols=dialect.facts.common_symbols if dialect else (),
        favourites=("morning", "night watch"),
        complete_path=lambda prefix: [f for f in FILES if f.startswith(prefix)],
        settings=SETTINGS,
    )
    return replace(known, **more)  # type: ignore[arg-type]


PIECES = st.sampled_from(
    [*PROMPT_VERBS, *titles(), *PROMPT_FLAGS, "trade", "trade.", "BTCUSDT", "interval=", "kline.1m.", "live_trades_", "'", '"', "\\", "{", "[",
     " ", "  ", ",", "=", ">", ">=", "|", "#", "-o", "--", "-", "side", "price", "\n", "é", "\0", "\ud800", "depth BTC_USDT "]
)  # fmt: skip


LINES = st.lists(PIECES | st.text(max_size=8), max_size=8).map("".join) | st.lists(PIECES, max_size=8).map(" ".join)


VENUES = st.sampled_from([None, *titles()])
