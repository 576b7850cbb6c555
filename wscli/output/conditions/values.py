"""The values of a condition, and where each of them ends."""

from __future__ import annotations

import re
from typing import Literal, NoReturn, TypeAlias

from wscli.core.record import record
from wscli.output.conditions.comparing import ORDERING, decimal
from wscli.output.conditions.mistakes import Unreadable, with_operator
from wscli.output.conditions.tree import Span

PieceKind: TypeAlias = Literal["field", "operator", "keyword", "value", "bracket"]

FIELD = r"[^\s=!<>~()]+(?:\([^\s=!<>~()]*\)[^\s=!<>~()]*)*"
_OPERATOR_START = r"\s*[=!<>~]|\s+(?:not\s+)?(?:in\s*\(|between\s)"
CONNECTOR = re.compile(r"\s+(and|or)(?![^\s(])", re.I)
CONNECTOR_AT_ONCE = re.compile(r"(and|or)(?=[\s(])", re.I)  # behind a bracket
CONDITION_START = re.compile(rf"\s*(?:not[\s(]\s*|\(\s*)*{FIELD}(?:{_OPERATOR_START})", re.I)
NEXT_CONDITION = re.compile(  # a condition that stands behind another one without `and`
    rf"(\s*[,;]\s*|\s+[&|]\s+|\s*(?:&&|\|\|)\s*|\s+)(?=[A-Za-z_][\w.]*(?:{_OPERATOR_START}))", re.I
)
_CLOSED_VALUE = re.compile(r"\s*(?:$|\)|\s(?:and|or)(?![^\s(]))", re.I)
_SET = re.compile(r"\[\^?\]?(?:[^]\\]|\\.)*\]", re.S)  # of a regular expression


@record
class Piece:
    """A part of a condition as it stands in the text: text[start:end]."""

    kind: PieceKind
    start: int
    end: int


class ValueReader:
    """Reads a text from its beginning to its end: at is how far. pieces: what was read so far."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.pieces: list[Piece] = []

    def _quoted_value(self, ends: re.Pattern[str] = _CLOSED_VALUE) -> Span | None:
        """Pass over a value in quotes; None where none stands here. Its end is the first such quote with what may follow a value."""
        start, quote = self.at, self.text[self.at : self.at + 1]
        if quote not in ("'", '"'):
            return None
        end = start
        while (end := self.text.find(quote, end + 1)) > 0:
            if ends.match(self.text, end + 1) is not None:
                self._piece("value", start, end + 1)
                return start, end + 1
        return None

    def _plain_value(self, field: str, op: str) -> Span:
        start = self.at
        is_regex = op in ("~", "!~")
        is_missing = (found := CONNECTOR_AT_ONCE.match(self.text, start)) and CONDITION_START.match(
            self.text, found.end()
        )
        end = len(self.text[: self._value_end(start, field, op)].rstrip())
        if end <= start or is_missing:
            self._fail(f"{op} needs a value behind it", (max(start - len(op), 0), start))
        value = self.text[start:end]
        if not is_regex:
            if value[0] in "'\"" and len(value) > 1 and value[0] not in value[1:]:
                self._fail("a quote is not closed", (start, end), f"{self.text.rstrip()}{value[0]}")
            if value[0] not in "[{":
                self._refuse_next_condition(start, end, op)
        self._piece("value", start, end)
        return start, end

    def _value_end(self, start: int, field: str, op: str) -> int:
        """Return where an unquoted value ends: at a bracket that was opened before it, or at an `and` or `or` between conditions."""
        text, at, open_brackets = self.text, start, 0
        is_regex = op in ("~", "!~")
        opening, closing = ("([{", ")]}") if text[start : start + 1] in ("[", "{") and not is_regex else ("(", ")")
        while at < len(text):
            character = text[at]
            if is_regex and character == "\\":
                at += 1
            elif is_regex and character == "[" and (found := _SET.match(text, at)) is not None:
                at = found.end() - 1
            elif character in opening:
                open_brackets += 1
            elif character in closing:
                if open_brackets == 0:
                    return at
                open_brackets -= 1
            elif open_brackets == 0 and character.isspace() and (found := CONNECTOR.match(text, at)) is not None:
                if self._joins(found, start, field, op):
                    return at
                at = found.end() - 1
            at += 1
        return at

    def _joins(self, connector: re.Match[str], start: int, field: str, op: str) -> bool:
        """Say whether an `and` or `or` joins two conditions; False where it is a word of the value. Raises Unreadable where it can be neither."""
        if CONDITION_START.match(self.text, connector.end()) is not None:
            return True
        rest = self.text[connector.end() :].strip()
        if not rest:
            return True
        before = self.text[start : connector.start()].strip()
        is_text = op in ("~", "!~") or (op not in ORDERING and decimal(before) is None)
        if is_text and (op in ("~", "!~") or re.match(r"[=!<>~]|(?:and|or)\s", rest) is None):
            return False
        follows = self._half_condition(rest, field)
        corrected = f"{self.text[: connector.end()]} {follows}" if follows is not None else None
        if follows is None and connector[1].lower() == "or" and op == "=":
            head = self.text[:start]
            corrected = f"{head[: head.rindex('=')].rstrip('= ')} in ({before}, {rest})"
        self._piece("value", start, start + len(before))
        self._piece("keyword", *connector.span(1))
        raise Unreadable(f"{connector[1]} needs a whole condition behind it", connector.span(1), corrected)

    def _half_condition(self, rest: str, field: str) -> str | None:
        """Return what was meant by a text behind `and` or `or` that is no condition; None where that is not known."""
        if (again := re.match(r"(?:and|or)\s+(?=\S)", rest, re.I)) is not None:
            return rest[again.end() :]
        if rest[0] in "=!<>~":
            return f"{field} {rest}"
        name = re.match(FIELD, rest)
        return with_operator(name[0], rest[name.end() :]) if name is not None and not name[0][0].isdigit() else None

    def _refuse_next_condition(self, start: int, end: int, op: str) -> None:
        found = NEXT_CONDITION.search(self.text, start + 1, end)
        if found is None or found.end() >= end:
            return
        word = "or" if "|" in found[1] else "and"
        corrected = f"{self.text[: found.start()]} {word} {self.text[found.end() :]}"
        value = self.text[start:end]
        may_be_text = op not in ORDERING and "'" not in value and decimal(self.text[start : found.start()]) is None
        quoted = f"{self.text[:start]}'{value}'{self.text[end:]}" if may_be_text else None
        next_word = re.compile(r"[\w.]+").match(self.text, found.end())
        span = next_word.span() if next_word is not None else (found.end(), end)
        self._fail("two conditions need 'and' or 'or' between them", span, corrected, quoted)

    def _list(self) -> list[Span]:
        """Pass over (VALUE, VALUE); return where the values stand."""
        opened = self.at
        if not self.text.startswith("(", opened):
            end = self._value_end(opened, "", "in")
            plain = self.text[opened:end].strip().strip("[]")
            corrected = f"{self.text[:opened]}({plain}){self.text[end:]}" if plain else None
            self._fail("in needs its values in brackets", (opened, max(end, opened + 1)), corrected)
        self._piece("bracket", opened, opened + 1)
        spans: list[Span] = []
        while True:
            self._skip_space()
            start = self.at
            quoted = self._quoted_value(re.compile(r"\s*[,)]"))
            if quoted is None:
                found = re.compile(r"[^,)]*").match(self.text, start)
                end = start + len(found[0].rstrip()) if found is not None else start
                if end > start:
                    self._piece("value", start, end)
                    spans.append((start, end))
            else:
                spans.append(quoted)
            if quoted is None and self.at == start:
                self._fail("a value is missing in the list", (start, start + 1))
            self._skip_space()
            closer = self.text[self.at : self.at + 1]
            if not closer:
                self._fail("a bracket is not closed", (opened, opened + 1), f"{self.text.rstrip().rstrip(',')})")
            self._piece("bracket", self.at, self.at + 1)
            if closer == ")":
                return spans

    def _range(self, field: str) -> list[Span]:
        """Pass over VALUE and VALUE; return where the two stand."""
        start = self.at
        least = self._quoted_value()
        if least is None:
            found = re.compile(r"(.+?)(?=\s+and\s)", re.I | re.S).match(self.text, start)
            if found is None:
                rest = self.text[start:].strip()
                pair = re.fullmatch(r"\(?\s*([^\s,()]+?)\s*(?:,|\.\.|-|\bto\b)\s*([^\s,()]+)\s*\)?", rest)
                corrected = f"{self.text[:start]}{pair[1]} and {pair[2]}" if pair is not None else None
                self._fail("between needs two values: between A and B", (start, len(self.text)), corrected)
            least = start, start + len(found[1].rstrip())
            self._piece("value", *least)
        connector = re.compile(r"\s+and(?=\s)", re.I).match(self.text, self.at)
        if connector is None:
            self._fail("between needs two values: between A and B", (start, len(self.text)))
        self._piece("keyword", connector.end() - 3, connector.end())
        self._skip_space()
        most = self._quoted_value() or self._plain_value(field, "between")
        low, high = (decimal(self.text[slice(*unquoted(self.text, span))]) for span in (least, most))
        if low is not None and high is not None and low > high:
            a, b = self.text[slice(*least)], self.text[slice(*most)]
            corrected = f"{self.text[: least[0]]}{b} and {a}{self.text[most[1] :]}"
            self._fail(f"nothing lies between {a} and {b}: the smaller one comes first", (least[0], most[1]), corrected)
        return [least, most]

    def _fail(self, reason: str, span: Span, corrected: str | None = None, quoted: str | None = None) -> NoReturn:
        raise Unreadable(reason, span, corrected, quoted)

    # --- moving on ---

    def _piece(self, kind: PieceKind, start: int, end: int) -> None:
        self.pieces.append(Piece(kind, start, end))
        self.at = end

    def _skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _without(self, at: int) -> str:
        return self.text[:at] + self.text[at + 1 :]


def unquoted(text: str, span: Span) -> Span:
    """Return where a value stands without the quotes around it."""
    start, end = span
    is_quoted = end - start > 1 and text[start] == text[end - 1] and text[start] in "'\""
    return (start + 1, end - 1) if is_quoted else span
