"""A condition against the fields that are known: what can never match is a mistake, what is only unlikely to match is a remark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wscli.core.errors import edit_distance, nearest
from wscli.core.record import record
from wscli.output.conditions.comparing import ORDERING, decimal
from wscli.output.conditions.fields import KnownFields, RowField
from wscli.output.conditions.tree import Comparison, Condition, Span
from wscli.output.conditions.values import NEXT_CONDITION

MAX_LISTED = 12  # values that a message names
SAME_AS_MISSING = ("", "null", "true", "false")  # what a field of numbers may hold in place of one
MIN_NAME_LENGTH = 3  # of a name that can be a slip of another one
_SYNONYMS = {
    "qty": "size", "quantity": "size", "amount": "size", "vol": "volume", "px": "price", "rate": "price", "timestamp": "time",
    "ts": "time", "date": "time", "market": "symbol", "pair": "symbol", "instrument": "symbol", "ticker": "symbol",
    "direction": "side", "last_price": "last", "best_bid": "bid", "best_ask": "ask", "bid_price": "bid", "ask_price": "ask", "id": "trade_id",
}  # fmt: skip
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9:.]*Z?)?)?)?")


@record
class Mistake:
    """What is wrong with a part of a condition. corrected: the whole text as it was probably meant. advice: what to type, where there is
    no such text. is_fatal: it can never match."""

    reason: str
    span: Span
    corrected: str | None = None
    advice: str = ""
    is_fatal: bool = True


def mistakes_in(text: str, condition: Condition, known: KnownFields) -> Iterator[Mistake]:
    """Yield what is wrong with a condition, and what is odd about it, in the order of the text."""
    for one in condition.comparisons:
        about = known.fields.get(one.name)
        if one.dotted:  # a path into the message is the exchange's business
            continue
        if about is None:
            yield from _unknown_name(text, one, known)
            continue
        yield from _joined_without_word(text, one, known)
        for value, span in zip(one.values, one.value_spans, strict=True):
            mistake = _value_mistake(text, one, about, value, span, known)
            if mistake is not None:
                yield mistake


# --- names ---------------------------------------------------------------------------------------


def _unknown_name(text: str, one: Comparison, known: KnownFields) -> Iterator[Mistake]:
    if one.name in known.other_words():
        return
    whose = f"{' and '.join(known.channels)} have" if len(known.channels) > 1 else f"{''.join(known.channels)} has"
    near = near_name(one.name, known.fields)
    if near is not None:
        reason = f"{whose} no field {one.name}" if len(known.channels) < 4 else f"there is no field {one.name}"
        yield Mistake(reason, one.name_span, _replaced(text, one, name=near))
        return
    meant = _SYNONYMS.get(one.name.lower())
    corrected = _replaced(text, one, name=meant) if meant in known.fields else None
    fields = " ".join(known.fields)
    reason = f"no field {one.name} is documented" + (
        f" for {' '.join(known.channels)}" if len(known.channels) < 4 else ""
    )
    yield Mistake(reason, one.name_span, corrected, f"the fields: {fields}", is_fatal=False)


def near_name(name: str, names: Iterable[str]) -> str | None:
    """Return the name that another one is a slip of; None where none is alike enough.

    >>> near_name("sied", ["side", "size"]), near_name("Price", ["price"]), near_name("p", ["price"]), near_name("rate", ["price"])
    ('side', 'price', None, None)
    """
    folded = name.lower()
    if len(folded) < MIN_NAME_LENGTH:
        return next((one for one in names if one.lower() == folded), None)
    most = 1 if len(folded) < 6 else 2
    distances = {one: edit_distance(folded, one.lower()) for one in names if abs(len(one) - len(folded)) <= most}
    near = min(distances, key=distances.__getitem__, default=None)
    return near if near is not None and distances[near] <= most else None


def _joined_without_word(text: str, one: Comparison, known: KnownFields) -> Iterator[Mistake]:
    """Yield that a regular expression goes on with another condition: in other values the grammar sees to that."""
    if one.op not in ("~", "!~") or text[one.value_spans[0][0]] in "'\"":
        return
    start, end = one.value_spans[0]
    found = NEXT_CONDITION.search(text, start + 1, end)
    name = re.compile(r"[\w.]+").match(text, found.end()) if found is not None else None
    if found is not None and name is not None and name[0] in known.fields:
        corrected = f"{text[: found.start()]} and {text[found.end() :]}"
        yield Mistake("two conditions need 'and' or 'or' between them", name.span(), corrected)


# --- values --------------------------------------------------------------------------------------


def _value_mistake(
    text: str, one: Comparison, about: RowField, value: str, span: Span, known: KnownFields
) -> Mistake | None:
    if one.op in ("~", "!~"):
        return _pattern_mistake(text, one, about, value, span)
    if value in SAME_AS_MISSING and one.op in ("=", "!=", "in"):
        return None
    if about.is_number:
        return _number_mistake(text, one, value, span, known)
    if about.is_time:
        return _time_mistake(text, one, value, span)
    if one.name == "symbol" and one.op in ("=", "!=", "in"):
        return _symbol_mistake(text, one, value, span, known)
    if about.values and one.op in ("=", "!=", "in"):
        return _word_mistake(text, one, about, value, span)
    return None


def _number_mistake(text: str, one: Comparison, value: str, span: Span, known: KnownFields) -> Mistake | None:
    if decimal(value) is not None:
        return None
    if value in known.fields:
        reason = f"a field is compared with a value, not with another field ({value})"
        return Mistake(reason, span, advice=_replaced(text, one, value, "100"))
    plain = plain_number(value)
    corrected = _replaced(text, one, value, plain) if plain is not None else None
    return Mistake(f"{one.name} is a number, {value!r} is not", span, corrected, _replaced(text, one, value, "100"))


def plain_number(text: str) -> str | None:
    """Return a number that is written for people as its digits; None for what is none.

    >>> plain_number("36,500.10"), plain_number("$36_500"), plain_number("1.5k"), plain_number("abc")
    ('36500.10', '36500', '1500', None)
    """
    match = re.fullmatch(r"[$€]?([+-]?[0-9][0-9,_ ]*(?:\.[0-9]+)?)\s*([kKmM]?)[%$€]?", text)
    if match is None:
        return None
    digits = re.sub(r"[,_ ]", "", match[1])
    if not match[2]:
        return digits
    whole, _, fraction = digits.partition(".")
    places = 3 if match[2] in "kK" else 6
    return f"{whole}{fraction[:places].ljust(places, '0')}{f'.{fraction[places:]}' if fraction[places:] else ''}"


def _time_mistake(text: str, one: Comparison, value: str, span: Span) -> Mistake | None:
    is_order = one.op in (*ORDERING, "between")
    reason = f"{one.name} is compared with a time such as 2026-11-29T12:00:00Z"
    if re.fullmatch(r"[0-9]{4}", value):
        first_day = _replaced(text, one, value, f"{value}-01-01")
        return Mistake(reason, span, first_day) if is_order else None
    if _DATE.fullmatch(value):
        return None
    spaced = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\s+([0-9]{2}:[0-9]{2}(?::[0-9.]+)?)Z?", value)
    moment = f"{spaced[1]}T{spaced[2]}Z" if spaced is not None else _moment(value)
    example = _replaced(text, one, value, "2026-11-29T12:00:00Z")
    corrected = _replaced(text, one, value, moment) if moment is not None else None
    if corrected is None and decimal(value) is not None:
        return None  # what is no time is shown as it was sent
    return Mistake(reason, span, corrected, example, is_fatal=is_order)


def _moment(value: str) -> str | None:
    """Return seconds, milliseconds or more since 1970 as rows show them; None for another value."""
    if re.fullmatch(r"[1-9](?:[0-9]{9}|[0-9]{12}|[0-9]{15}|[0-9]{18})", value) is None:
        return None
    from wscli.output.rows import rfc3339_time

    return str(rfc3339_time(value, "s"))


def _symbol_mistake(text: str, one: Comparison, value: str, span: Span, known: KnownFields) -> Mistake | None:
    if not known.spellings or any(spelling.matches(value) for spelling in known.spellings):
        return None
    guesses = [found for spelling in known.spellings if (found := spelling.suggestion(value))]
    near = next((guess for guess in guesses if _letters(guess) == _letters(value)), None)
    if near is None:
        return None  # rows may have symbols of another spelling than subscriptions
    return Mistake(f"symbols are written like {known.spellings[0].example}", span, _replaced(text, one, value, near))


def _letters(symbol: str) -> str:
    return re.sub(r"[^a-z0-9]", "", symbol.lower())


def _word_mistake(text: str, one: Comparison, about: RowField, value: str, span: Span) -> Mistake | None:
    if value in about.values:
        return None
    shown = [*about.values][:MAX_LISTED]
    reason = f"{one.name} is one of: {' '.join([*shown, *(['…'] if len(shown) < len(about.values) else [])])}"
    words = [word for word in re.split(r"\s*(?:[,|/]|\s(?:and|or)\s|\s)\s*", value.strip("[](){} ")) if word]
    if one.op in ("=", "!=") and len(words) > 1 and all(word in about.values for word in words):
        op = "in" if one.op == "=" else "not in"
        start, end = one.span
        return Mistake(
            reason, span, f"{text[:start]}{text[slice(*one.name_span)]} {op} ({', '.join(words)}){text[end:]}"
        )
    if one.op == "in" and len(words) > 1 and all(word in about.values for word in words):
        return Mistake(reason, span, _replaced(text, one, value, ", ".join(words)))
    folded = {known.lower(): known for known in (*about.codes, *about.values)}
    near = folded.get(value.lower())
    is_same_word = near is not None
    normalised = about.normalise(value)
    near = (
        near
        or (normalised if normalised in about.values else None)
        or near_name(value, about.values)
        or nearest(value, about.values)
    )
    corrected = _replaced(text, one, value, about.codes.get(near, near)) if near is not None else None
    example = _replaced(text, one, value, shown[0])
    return Mistake(reason, span, corrected, example, is_fatal=about.has_all_values or is_same_word)


def _pattern_mistake(text: str, one: Comparison, about: RowField, value: str, span: Span) -> Mistake | None:
    if not about.values or any(re.search(value, word) for word in about.values):
        return None
    reason = f"{one.name} is one of: {' '.join(about.values)}, and none of them matches"
    folded = value.lower()
    fits = folded != value and any(re.search(folded, word) for word in about.values)
    return Mistake(reason, span, _replaced(text, one, value, folded) if fits else None, is_fatal=False)


def _replaced(
    text: str, one: Comparison, value: str | None = None, better: str = "", *, name: str | None = None
) -> str:
    """Return the whole text with another field, or another value, in a comparison."""
    start, end = one.span
    needs_quotes = re.search(r"[\s,()'\"]", better) is not None and one.op != "in"
    spelled = f"'{better}'" if needs_quotes and "'" not in better else better
    return (
        f"{text[:start]}{one.respelled(text, name=name, values={} if value is None else {value: spelled})}{text[end:]}"
    )
