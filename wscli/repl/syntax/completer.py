"""Tab: what the word before the cursor may become, best first. A pure function of the text and what is known."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping

from wscli.commands import fuzzy
from wscli.commands.book_args import books
from wscli.commands.parser import endings, spoken
from wscli.commands.suggestions import MOST, Offer, best, condition, finished, fuzzily, ordered, words
from wscli.core.catalogue import Channel
from wscli.core.fault_words import FAULT_KINDS
from wscli.core.messages import Kind
from wscli.core.record import replace, value
from wscli.repl.syntax.context import FlagFacts, Known, Takes
from wscli.repl.syntax.lexer import Line, Said, Word, read, split


@value
class Completion:
    """A word that may be inserted: `text` replaces the last `start` characters before the cursor."""

    text: str
    start: int
    meaning: str = ""


@value
class Spot:
    """Where the cursor is: in the last word of a line. before: the words of the command in front of it. typed: it, so far."""

    known: Known
    said: Said
    line: Line
    word: Word
    before: tuple[str, ...]
    typed: str

    @property
    def symbols(self) -> tuple[str, ...]:
        return self.known.symbols_of(self.said.dialect) if self.said.dialect is not None else ()


Found = tuple[str, Iterable[Offer]]  # the part of what is typed that is replaced, and by what


def completions(before: str, known: Known) -> list[Completion]:
    """Return what may stand at the end of `before`, best first."""
    line = split(before)
    if line.comment is not None:
        return []
    if line.tail is not None:
        return _tail(line, known)
    said = read(line.until_end(), known)
    part = said.parts[-1]
    ahead = tuple(word.text for word in (said.words[:-1] if part.role == "word" else said.words))
    spot = Spot(known, said, line, part.word, ahead, part.word.text)
    if part.role == "flag":
        _, equals, value = spot.typed.partition("=")
        if equals and part.flag is not None:
            return _placed(spot, _of_flag(replace(spot, typed=value), part.flag))
        return _placed(spot, (spot.typed, _flags(spot)))
    if part.role == "value" and part.flag is not None:
        return _placed(spot, _of_flag(spot, part.flag))
    if part.role in ("command", "exchange"):
        return _placed(spot, _beginning(spot))
    return _placed(spot, OFFERS[said.facts.takes](spot)) if said.facts is not None else []


def _tail(line: Line, known: Known) -> list[Completion]:
    tail = line.tail
    if tail is None or tail.op == "|":
        return []
    word = split(line.text[tail.at :]).until_end()[-1]
    names = known.files(word.text)
    return [Completion(shlex.quote(name), word.end - word.start, "") for name in names][:MOST]


def _placed(spot: Spot, found: Found) -> list[Completion]:
    """Return the offers as completions: quoted where the word has quotes already or the offer needs them."""
    replaced, offers = found
    word = spot.word
    kept = word.text.removesuffix(replaced)
    made: list[Completion] = []
    for offer in [*offers][:MOST]:
        if word.plain and (offer.several or _needs_no_quotes(offer.text)):
            made.append(Completion(offer.text, len(replaced), offer.meaning))
        else:
            whole = kept + offer.text
            text = word.open + whole if word.open in ("'", '"') and word.open not in whole else shlex.quote(whole)
            made.append(Completion(text, word.end - word.start, offer.meaning))
    return made


def _needs_no_quotes(text: str) -> bool:
    return re.fullmatch(r"[^\s'\"\\#|{\[][^\s'\"\\]*", text) is not None


# --- what may stand there ------------------------------------------------------------------------


def _beginning(spot: Spot) -> Found:
    """What begins a line; after an exchange its verbs, or at once its channels and questions."""
    known, dialect = spot.known, spot.said.dialect
    begun = any(part.role == "exchange" and part.word is not spot.word for part in spot.said.parts)
    offers = [Offer(name, facts.meaning) for name, facts in known.commands.items() if facts.of_venue or not begun]
    if not begun or dialect is None:
        offers += _exchanges(known)
        return spot.typed, ordered(best(spot.typed, offers))
    channels = words(dialect, dialect.channels, (), spot.typed, spot.symbols)[1]
    queries = [Offer(q.name, q.summary) for q in dialect.queries if spot.typed]
    return spot.typed, ordered([*best(spot.typed, offers), *((1, o) for o in channels), *best(spot.typed, queries)])


def _exchanges(known: Known) -> list[Offer]:
    return [Offer(name, f"{title} (open)" if name in known.open else title) for name, title in known.exchanges.items()]


def _flags(spot: Spot) -> list[Offer]:
    facts, given = spot.said.facts, {part.flag for part in spot.said.parts[:-1] if part.flag is not None}
    flags = [
        flag
        for name, flag in spot.known.flags.items()
        if (facts is None or name in facts.flags) and (flag.multiple or flag not in given)
    ]
    return ordered(best(spot.typed, (Offer(name, flag.meaning) for flag in flags for name in reversed(flag.names))))


def _of_flag(spot: Spot, flag: FlagFacts) -> Found:
    """The values of a flag."""
    dialect, typed = spot.said.dialect, spot.typed
    match flag.names[-1]:
        case "--where" | "--until":
            return condition(dialect, meant(spot.said, spot.known), typed, spot.symbols)
        case "--symbol":
            return typed, ordered(fuzzily(typed, spot.symbols))
        case "--channel":
            offers = [Offer(c.name, c.summary) for c in dialect.channels] if dialect is not None else []
        case "--kind":
            offers = [Offer(str(kind)) for kind in Kind]
        case "--fault":
            offers = [Offer(kind) for kind in FAULT_KINDS]
        case "--record" | "--cacert":
            return typed, [Offer(name) for name in spot.known.files(typed)]
        case "--api":
            offers = [Offer(*one) for one in spot.known.apis(dialect.name)] if dialect is not None else []
        case _:
            times = ("500ms", "10s", "30s", "5m", "1h") if flag.metavar == "TIME" else ()
            offers = [Offer(value) for value in (*flag.values, *times)]
    return typed, ordered(best(typed, offers))


def meant(said: Said, known: Known) -> tuple[Channel, ...]:
    """Return the channels whose rows a condition is about: those of the line, else those that are on, else all."""
    dialect = said.dialect
    if dialect is None:
        return ()
    asked = said.facts is not None and said.facts.takes == "query"
    channels = dialect.queries if asked else dialect.channels
    on = [] if known.dialect is not dialect else [w for phrase in known.subscriptions for w in phrase.split()]
    spoken_of = [word.text for word in said.words] if said.facts and said.facts.takes != "condition" else []
    groups = spoken(channels, spoken_of) or spoken(channels, on)
    return tuple(group.channel for group in groups) or channels


def _channels(spot: Spot) -> Found:
    dialect = spot.said.dialect
    if dialect is None:
        return spot.typed, ()
    return words(dialect, dialect.channels, spot.before, spot.typed, spot.symbols)


def _query(spot: Spot) -> Found:
    dialect = spot.said.dialect
    if dialect is None:
        return spot.typed, ()
    return words(dialect, dialect.queries, spot.before, spot.typed, spot.symbols)


def _book(spot: Spot) -> Found:
    """The books, and symbols of the first of them, whose name may be left out."""
    dialect, before = spot.said.dialect, spot.before
    kept = books(dialect) if dialect is not None else ()
    if dialect is None or not kept:
        return spot.typed, ()
    named = bool(spoken(kept, before[:1], dialect.prefix))
    whole = before if named else (kept[0].name, *before)
    if before:
        replaced, offers = words(dialect, kept, whole, spot.typed, spot.symbols)
        groups = spoken(kept, whole, dialect.prefix)
        if groups and groups[-1].symbols and "=" not in spot.typed:  # one symbol is all that a book takes
            offers = [offer for offer in offers if offer.text.endswith("=")]
        return replaced, offers
    replaced, offers = words(dialect, kept, before, spot.typed, spot.symbols)
    _, more = words(dialect, kept, whole, spot.typed, spot.symbols)
    return replaced, [*offers, *(offer for offer in more if not offer.text.endswith("="))]


def _subscriptions(spot: Spot) -> Found:
    """What is on first, as it was asked for; then what the catalogue has."""
    dialect, before = spot.said.dialect, spot.before
    if dialect is None:
        return spot.typed, ()
    on = spot.known.subscriptions if dialect is spot.known.dialect else ()
    again = finished(dialect.channels, before)
    offers = []
    for phrase in on:
        parts = tuple(phrase.split())
        said = next((n for n in range(len(parts) - 1, 0, -1) if before[-n:] == parts[:n]), 0)
        if said or (again and phrase not in " ".join(before)):
            offers.append(Offer(" ".join(parts[said:]), "on", several=True))
    replaced, others = _channels(spot)
    ends = [Offer(word, f"ends {name}") for word, name in endings(dialect.channels).items() if again and spot.typed]
    found = [*best(spot.typed, offers), *((fuzzy.APART, offer) for offer in others), *best(spot.typed, ends)]
    return (spot.typed, ordered(found)) if replaced == spot.typed else (replaced, others)


def _channel(spot: Spot) -> Found:
    dialect = spot.said.dialect
    entries = (*dialect.channels, *dialect.queries) if dialect is not None and not spot.before else ()
    return spot.typed, ordered(best(spot.typed, (Offer(c.name, c.summary) for c in entries)))


def _message(spot: Spot) -> Found:
    return _channels(replace(spot, before=spot.before[1:])) if spot.before else (spot.typed, ())


def _condition(spot: Spot) -> Found:
    said = spot.said.expression
    typed = spot.line.text[said[0].start :]
    if said[-1] is not spot.word or (typed[:1] in ("'", '"') and len(said) > 1):
        return spot.typed, ()
    if typed[:1] in ("'", '"'):
        typed = spot.typed
    return condition(spot.said.dialect, meant(spot.said, spot.known), typed, spot.symbols)


def _exchange(spot: Spot) -> Found:
    return spot.typed, ordered(best(spot.typed, _exchanges(spot.known))) if not spot.before else ()


def _open(spot: Spot) -> Found:
    titles = spot.known.exchanges
    offers = [Offer(name, titles.get(name, "")) for name in spot.known.open]
    return spot.typed, ordered(best(spot.typed, offers)) if not spot.before else ()


def _format(spot: Spot) -> Found:
    flag = spot.known.flag("--output")
    return (spot.typed, ()) if flag is None or spot.before else _of_flag(spot, flag)


def _file(spot: Spot) -> Found:
    return spot.typed, [Offer(name) for name in spot.known.files(spot.typed)] if not spot.before else ()


def _favourite(spot: Spot) -> Found:
    offers = [Offer(name, "favourite") for name in spot.known.favourites]
    return spot.typed, ordered(best(spot.typed, offers)) if not spot.before else ()


def _setting(spot: Spot) -> Found:
    settings = spot.known.settings
    if not spot.before:
        return spot.typed, ordered(best(spot.typed, (Offer(name, facts.meaning) for name, facts in settings.items())))
    facts = settings.get(spot.before[0])
    values = facts.values if facts is not None and len(spot.before) == 1 else ()
    return spot.typed, ordered(best(spot.typed, (Offer(value) for value in values)))


def _symbols(spot: Spot) -> Found:
    offers = [Offer("refresh", "ask the venue for its list, and keep it")] if not spot.before else []
    return spot.typed, ordered(best(spot.typed, offers))


def _topic(spot: Spot) -> Found:
    known = spot.known
    if not spot.before:
        offers = [Offer(name, facts.meaning) for name, facts in known.commands.items()] + _exchanges(known)
        return spot.typed, ordered([*best(spot.typed, offers), *((fuzzy.APART, o) for o in _channel(spot)[1])])
    if len(spot.before) == 1 and spot.before[0] in known.exchanges:
        dialect = known.dialects(spot.before[0])
        return _channel(replace(spot, before=(), said=replace(spot.said, dialect=dialect)))
    return spot.typed, ()


def _nothing(spot: Spot) -> Found:
    return spot.typed, ()


OFFERS: Mapping[Takes, Callable[[Spot], Found]] = {
    "nothing": _nothing,
    "channels": _channels,
    "subscriptions": _subscriptions,
    "query": _query,
    "book": _book,
    "channel": _channel,
    "json": _nothing,
    "message": _message,
    "exchange": _exchange,
    "open": _open,
    "condition": _condition,
    "regex": _nothing,
    "format": _format,
    "file": _file,
    "favourite": _favourite,
    "name": _nothing,
    "number": _nothing,
    "setting": _setting,
    "symbols": _symbols,
    "topic": _topic,
}
