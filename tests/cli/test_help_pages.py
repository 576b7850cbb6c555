"""Every page of `--help`: an example first, flags in sections, at most 80 columns; without a process."""

from __future__ import annotations

import re

import pytest

from wscli.cli.main import main
from wscli.commands.flag_table import FLAGS, VERB_FLAGS, own_flags_of, shown_flags_of
from wscli.commands.flags import SECTIONS
from wscli.commands.verb_table import shell_verbs
from wscli.exchanges import DIALECTS, titles

OF_EXCHANGE = [verb.name for verb in shell_verbs(of_exchange=True)]
OF_NO_EXCHANGE = [verb.name for verb in shell_verbs(of_exchange=False)]
PAGES = [
    "",
    *titles(),
    *OF_NO_EXCHANGE,
    *OF_EXCHANGE,
    *(f"{d.name} --api {d.api.name}" for d in DIALECTS),
    *(f"{d.name} --api {d.api.name} {verb}" for d in DIALECTS for verb in OF_EXCHANGE),
]


def help_page(line: str, capfd: pytest.CaptureFixture[str]) -> str:
    assert main([*line.split(), "--help"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("columns", ["80", "200"])
@pytest.mark.parametrize("line", PAGES)
def test_a_page_has_an_example_first_and_at_most_80_columns(
    line: str, columns: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    page = help_page(line, capfd)
    first = "Usage" if line.endswith("query") and "  wscli" not in page.partition("\n\n")[0] else "Example"

    assert page.startswith(first)
    assert "Usage:\n  wscli" in page
    assert [text for text in page.splitlines() if len(text) > 80] == []


@pytest.mark.parametrize("name", [*OF_EXCHANGE, *OF_NO_EXCHANGE])
def test_the_page_of_a_verb_has_the_flags_that_it_takes_and_no_others(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    page = help_page(f"bybit {name}" if name in OF_EXCHANGE else name, capfd)
    shown = re.findall(r"^  (?:-\w, )?(-{1,2}[\w-]+)", page, re.M)

    assert sorted(shown) == sorted(
        [*(flag.long_name for flag in (*shown_flags_of(name), *own_flags_of(name))), "--help"]
    )


def test_the_sections_of_a_page_are_in_order(capfd: pytest.CaptureFixture[str]) -> None:
    page = help_page("bybit subscribe", capfd)

    assert re.findall(r"^(\S.*):$", page, re.M) == ["Example", "Usage", *SECTIONS]


@pytest.mark.parametrize("flag", (*FLAGS, *VERB_FLAGS), ids=lambda flag: flag.long_name)
def test_a_flag_says_what_it_does_in_a_sentence(flag: object) -> None:
    assert flag.section in SECTIONS  # type: ignore[attr-defined]
    assert re.fullmatch(r"[A-Za-z].*\.", flag.help)  # type: ignore[attr-defined]


LINES = [
    # wscli …              the page has
    ("subscribe --help",   "wscli EXCHANGE subscribe [FLAGS] CHANNEL"),
    ("subscribe -h -n 3",  "wscli bybit subscribe publicTrade BTCUSDT -n 3"),
    ("query --help",       "wscli whitebit query depth BTC_USDT"),
    ("bybit query --help", "wscli bybit query [FLAGS] NAME"),
    ("bitstamp book -h",   "wscli bitstamp book btcusd"),
    ("bybit subscribe --api spot-v3 -h", "wscli bybit subscribe trade BTCUSDT"),
    ("--help",             "-o, --output FORMAT"),
    ("bitfinex --help",    "wscli bitfinex subscribe ticker tBTCUSD"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "text"), LINES)
def test_a_page_is_about_the_verb_and_the_exchange_typed(
    line: str, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 0

    assert text in capfd.readouterr().out
