"""The symbols: read from an exchange's list, saved in a file that nothing can harm us with, shown by the verb."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import Sim, Wscli
from wscli.core.dialect import Endpoint
from wscli.core.errors import Rejected
from wscli.core.messages import HttpRequest, HttpResponse
from wscli.exchanges import DIALECTS, find_dialect
from wscli.simulator.instruments import INSTRUMENTS
from wscli.storage import symbol_cache
from wscli.transport import connect
from wscli.transport.dialer import NetworkOptions

LISTS = [
    # exchange      what its list answers                                                          the symbols
    ("bitfinex", '[["BTCUSD","AVAX:USD"],["BTCF0:USTF0"],["USD"]]', ("fUSD", "tAVAX:USD", "tBTCF0:USTF0", "tBTCUSD")),
    ("bitfinex v1", '["ethusd","btcusd","avax:usd","btcusd"]', ("BTCUSD", "ETHUSD")),
    ("bitstamp", '[{"market_symbol":"btcusd","market_type":"SPOT"},{"market_symbol":"btcusd-perp"}]', ("btcusd", "btcusd-perp")),
    ("whitebit", '[{"name":"BTC_USDT","type":"spot"},{"name":"BTC_PERP"},{"stock":"X"}]', ("BTC_PERP", "BTC_USDT")),
    ("bybit", '{"retCode":0,"result":{"category":"spot","list":[{"symbol":"BTCUSDT"}]}}', ("BTCUSDT",)),
    ("digifinex", '{"code":0,"symbol_list":[{"symbol":"LTC_USDT"},{"symbol":"btc_usdt"}]}', ("BTC_USDT", "LTC_USDT")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "expected"), LISTS, ids=[row[0] for row in LISTS])
def test_a_list_is_read_as_the_socket_spells_it(name: str, answer: str, expected: tuple[str, ...]) -> None:
    assert symbol_cache.symbols_in_response(find_dialect(*name.split()), answer.encode()) == expected


@pytest.mark.parametrize("name", [d.name for d in DIALECTS])
@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "7", '"BTCUSD"', "[[1]]", '{"result":{"list":7}}', '{"symbol_list":null}', "<html>", "[" * 5000, "\xff"]
)  # fmt: skip
def test_an_answer_of_another_shape_holds_no_symbol(name: str, answer: str) -> None:
    assert symbol_cache.symbols_in_response(find_dialect(name), answer.encode("latin-1")) == ()


SYMBOLS = b'{"result":{"list":[{"symbol":"BTCUSDT"},{"symbol":"ETHUSDT"}]}}'
TOO_LONG = b" " * (symbol_cache.MAX_BODY_BYTES + 1)
FETCHED = [
    # status  body                                the failure; None: the list is kept
    (200,     SYMBOLS,                            None),
    (200,     SYMBOLS.ljust(symbol_cache.MAX_BODY_BYTES), None),
    (200,     TOO_LONG,                           "api.example sent more than 8 MiB for a list of symbols"),
    (503,     b"busy\n\x1b[2J",                   "api.example did not send its list of symbols: HTTP 503: busy ?[2J"),
    (201,     SYMBOLS,                            "api.example did not send its list of symbols: HTTP 201: "),
    (200,     b"[]",                              "api.example sent no list of symbols: []"),
    (200,     b"",                                "api.example sent no list of symbols: nothing"),
    (200,     b"x" * 300,                         f"api.example sent no list of symbols: {'x' * 200}"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "failure"), FETCHED, ids=lambda value: str(value)[:12])
def test_a_list_that_was_fetched_is_kept_or_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, failure: str | None
) -> None:
    dialect, env = find_dialect("bybit"), {"XDG_CACHE_HOME": str(tmp_path)}
    symbol_cache.write_cache(dialect, ("OLDUSDT",), "before", env)
    requests = []

    def http_request(request: HttpRequest, *_: object, **limits: float) -> HttpResponse:
        requests.append((request.method, request.url, limits))
        return HttpResponse(status, {}, body)

    monkeypatch.setattr(connect, "http_request", http_request)
    endpoint, network = Endpoint("wss://api.example", "https://api.example/"), NetworkOptions()
    if failure is None:
        assert symbol_cache.refresh_cache(dialect, endpoint, network, env=env) == ("BTCUSDT", "ETHUSDT")
    else:
        with pytest.raises(Rejected) as raised:
            symbol_cache.refresh_cache(dialect, endpoint, network, env=env)
        assert raised.value.message.startswith(failure)
    cached = symbol_cache.read_cache(dialect, env)
    url = "https://api.example/v5/market/instruments-info?category=spot"

    assert cached is not None
    assert (cached.symbols, cached.origin) == (
        (("BTCUSDT", "ETHUSDT"), url) if failure is None else (("OLDUSDT",), "before")
    )
    assert requests == [("GET", url, {"max_body_bytes": symbol_cache.MAX_BODY_BYTES + 1, "response_timeout_s": 10.0})]


# --- the file ------------------------------------------------------------------------------------


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    path = symbol_cache.write_cache(
        find_dialect("bybit", "spot-v3"), ("AAAUSDT", "BTCUSDT"), "https://api.bybit.com/list", env
    )
    cached = symbol_cache.read_cache(find_dialect("bybit", "spot-v3"), env)

    assert path == tmp_path / "wscli" / "symbols" / "bybit.txt"
    assert path.read_text() == "# https://api.bybit.com/list\nAAAUSDT\nBTCUSDT\n"
    assert cached is not None
    assert (cached.symbols, cached.origin) == (("AAAUSDT", "BTCUSDT"), "https://api.bybit.com/list")
    assert symbol_cache.known_symbols(find_dialect("bybit", "spot-v3"), env) == (
        *find_dialect("bybit", "spot-v3").facts.common_symbols,
        "AAAUSDT",
    )


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777], ids=oct)
def test_the_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        path = symbol_cache.write_cache(
            find_dialect("bybit", "spot-v3"), ("BTCUSDT",), "x", {"XDG_CACHE_HOME": str(tmp_path)}
        )
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (path, path.parent, path.parent.parent)]

    assert modes == [0o600, 0o700, 0o700]
    assert [p.name for p in path.parent.iterdir()] == ["bybit.txt"]


def test_a_link_in_the_files_place_is_replaced_not_followed(tmp_path: Path) -> None:
    env, other = {"XDG_CACHE_HOME": str(tmp_path)}, tmp_path / "precious"
    other.write_text("mine")
    path = symbol_cache.cache_path("bybit", env)
    path.parent.mkdir(parents=True)
    path.symlink_to(other)
    symbol_cache.write_cache(find_dialect("bybit", "spot-v3"), ("BTCUSDT",), "x", env)

    assert other.read_text() == "mine"
    assert not path.is_symlink()


HOSTILE = [
    # what the file holds                                                       the symbols that are taken
    (b"", ()),
    (b"# nothing\n", ()),
    (b"BTCUSDT\n", ("BTCUSDT",)),
    (b"BTCUSDT\nETHUSDT", ("BTCUSDT", "ETHUSDT")),
    (b"# \x1b[2Jfrom\nBTCUSDT\x1b[31m\nETHUSDT\n", ("ETHUSDT",)),
    (b"$(reboot)\n`id`\nBTC USDT\nbtcusdt\n../../etc\nLTCUSDT\n", ("LTCUSDT",)),
    (b"\xff\xfe\x00B\x00T\n\nXRPUSDT\r\nSOLUSDT\n", ("SOLUSDT",)),
    (b"BTCUSDT\n" + b"A" * (2 << 20), ("BTCUSDT",)),
    (b"BTCUSDT\n" * 300_000, ("BTCUSDT",)),
]


@pytest.mark.parametrize(("data", "taken"), HOSTILE, ids=range(len(HOSTILE)))
def test_only_words_of_the_exchanges_shape_are_taken_from_a_damaged_file(
    tmp_path: Path, data: bytes, taken: tuple[str, ...]
) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    path = symbol_cache.cache_path("bybit", env)
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    cached = symbol_cache.read_cache(find_dialect("bybit", "spot-v3"), env)

    assert (cached.symbols if cached is not None else ()) == taken
    assert cached is None or cached.origin.isprintable()


def test_a_pipe_or_a_folder_in_the_files_place_is_no_file(tmp_path: Path) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    path = symbol_cache.cache_path("bybit", env)
    path.parent.mkdir(parents=True)
    os.mkfifo(path)

    assert (
        symbol_cache.known_symbols(find_dialect("bybit", "spot-v3"), env)
        == find_dialect("bybit", "spot-v3").facts.common_symbols
    )
    path.unlink()
    path.mkdir()
    assert (
        symbol_cache.known_symbols(find_dialect("bybit", "spot-v3"), env)
        == find_dialect("bybit", "spot-v3").facts.common_symbols
    )


# --- the verb ------------------------------------------------------------------------------------


def test_without_a_list_the_catalogue_is_shown_and_how_to_fetch_it(wscli: Wscli) -> None:
    ran = wscli("bybit", "symbols")

    assert (ran.status, ran.lines) == (0, list(find_dialect("bybit", "spot-v3").facts.common_symbols))
    assert ran.err == "wscli: bybit: 8 in the catalogue; the exchange's whole list: wscli bybit symbols refresh\n"


@pytest.mark.parametrize("name", [d.name for d in DIALECTS])
def test_the_simulated_exchange_lists_what_its_socket_knows(wscli: Wscli, sim: Sim, name: str) -> None:
    fetched = wscli(name, "symbols", "refresh", *sim.at(name))
    shown = wscli(name, "symbols")
    dialect = find_dialect(name)

    assert (fetched.status, fetched.out) == (0, "")
    assert f" symbols from {sim.http}/" in fetched.err
    assert set(dialect.facts.common_symbols[:2]) <= set(shown.lines)
    assert len(shown.lines) == len(set(shown.lines)) <= len(dialect.facts.common_symbols) + len(INSTRUMENTS)
    assert len(shown.lines) > len(dialect.facts.common_symbols)
    assert all(dialect.facts.symbol_spelling.matches(line) for line in shown.lines)
    assert f"from {sim.http}/" in shown.err
    assert "ago (" in shown.err


def test_sim_fetches_the_simulated_list_and_says_so(wscli: Wscli) -> None:
    assert wscli("--sim", "digifinex", "symbols", "refresh").err == "wscli: digifinex: 7 symbols from the simulator\n"


def test_a_rehearsal_shows_the_request(wscli: Wscli) -> None:
    ran = wscli("bybit", "symbols", "refresh", "--testnet", "--dry-run")

    assert ran.out == "GET https://api-testnet.bybit.com/v5/market/instruments-info?category=spot\n"
    assert wscli("bybit", "symbols", "-o", "json", "-q").lines[0] == '"BTCUSDT"'


def test_a_slip_is_refused_with_the_near_miss(wscli: Wscli) -> None:
    ran = wscli("bybit", "symbols", "refesh")

    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "wscli: 'refesh' is not a value of symbols\n  hint: did you mean refresh? one of: refresh\n"


# --- what goes wrong on the way ------------------------------------------------------------------


@contextmanager
def answering(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve one answer to everything; yield the ws:// URL whose HTTP side it is."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in (headers or {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"ws://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join(5)


REFUSED = [
    # status  body                                          headers                      status, what is said
    (403, b"<h1>\x1b[31mForbidden</h1>", None, 4, "HTTP 403"),
    (302, b"", {"Location": "http://127.0.0.1:9/", "Content-Length": "0"}, 4, "HTTP 302"),
    (200, b'{"retCode":10001,"retMsg":"no such category"}', None, 4, "no such category"),
    (200, b"", None, 4, "sent no list of symbols: nothing"),
    (200, b" " * ((8 << 20) + 2), None, 4, "more than 8 MiB"),
    (200, b'{"result"', {"Content-Length": "100"}, 3, "IncompleteRead"),
]


@pytest.mark.parametrize(("status", "body", "headers", "ends", "message"), REFUSED, ids=[row[4] for row in REFUSED])
def test_an_answer_that_is_no_list_is_reported_in_two_lines_and_the_old_list_stays(
    wscli: Wscli, status: int, body: bytes, headers: Mapping[str, str] | None, ends: int, message: str
) -> None:
    path = symbol_cache.write_cache(find_dialect("bybit", "spot-v3"), ("OLDUSDT",), "before")
    with answering(status, body, headers) as url:
        ran = wscli("bybit", "symbols", "refresh", "--url", url)

    assert (ran.status, ran.out) == (ends, "")
    assert len(ran.err.splitlines()) == 2
    assert message in ran.err
    assert "\x1b" not in ran.err
    assert path.read_text() == "# before\nOLDUSDT\n"


def test_five_thousand_symbols_are_read_whole(wscli: Wscli) -> None:
    rows = [{"symbol": f"S{n}USDT", "filler": "x" * 200} for n in range(5000)]
    with answering(200, json.dumps({"result": {"list": rows}}).encode()) as url:
        assert wscli("bybit", "symbols", "refresh", "--url", url).status == 0

    assert len(wscli("bybit", "symbols").lines) == 5000 + len(find_dialect("bybit", "spot-v3").facts.common_symbols)


def test_nobody_listens_is_3_and_a_mute_server_is_5(wscli: Wscli) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        url = f"ws://127.0.0.1:{mute.getsockname()[1]}/"
        closed = wscli("bybit", "symbols", "refresh", "--url", url)
        mute.listen()
        silent = wscli("bybit", "symbols", "refresh", "--url", url, "--wait", "200ms")

    assert (closed.status, silent.status) == (3, 5)
    assert "did not answer completely within 0.2 s" in silent.err
    assert [len(ran.err.splitlines()) for ran in (closed, silent)] == [2, 2]


def test_a_cache_that_cannot_be_written_is_reported(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    ran = wscli("bybit", "symbols", "refresh", *sim.at("bybit-spot-v3"))

    assert ran.status == 1
    assert "bybit.txt: " in ran.err
    assert len(ran.err.splitlines()) == 2
