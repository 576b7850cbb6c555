"""The filter of a Bitfinex v2 login, which chooses the messages about the account."""

from collections.abc import Sequence

from wscli.exchanges.bitfinex.simulated.account import Row

GROUPS = {
    "trading": "ps pn pu pc os on ou oc te tu miu",
    "funding": "fos fon fou foc fcs fcn fcu fcc fls fln flu flc fte ftu fiu",
    "wallet": "ws wu",
    "balance": "bu",
    "notify": "n",
    "algo": "",
}
SYMBOL_INDEX = {"ps": 0, "pn": 0, "pu": 0, "pc": 0, "os": 3, "on": 3, "ou": 3, "oc": 3}  # in a row; else 1
SNAPSHOTS = frozenset("ps ws os fos fcs fls".split())


class AccountFilter:
    """The messages that a login chose: all of them without a filter. Raises ValueError for an invalid filter.

    filters: GROUP, GROUP-SYMBOL or wallet-TYPE-CURRENCY, as in the request.
    """

    def __init__(self, filters: object) -> None:
        self._rules = [_rule(text) for text in filters] if isinstance(filters, list) else []

    def apply(self, tag: str, row: Row) -> Row | None:
        """Return a message that was chosen, of a snapshot the rows that were; None for a message that was not."""
        if not self._rules:
            return row
        rules = [about for tags, about in self._rules if tag in tags]
        if tag in SNAPSHOTS:
            rows: Row = [one for one in row if isinstance(one, list) and _is_chosen(tag, one, rules)]
            return rows if rules else None
        return row if _is_chosen(tag, row, rules) else None


def _rule(text: object) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the tags of a filter, and what their rows must be about."""
    group, *about = str(text).split("-")
    if group not in GROUPS or len(about) not in ((0, 2) if group == "wallet" else (0, 1)):
        raise ValueError(text)
    return frozenset(GROUPS[group].split()), tuple(about)


def _is_chosen(tag: str, row: Row, rules: Sequence[tuple[str, ...]]) -> bool:
    about = tuple(map(str, row[:2])) if tag in ("ws", "wu") else (str(row[SYMBOL_INDEX.get(tag, 1)]),)
    return any(not rule or rule == about for rule in rules)
