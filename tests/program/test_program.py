"""The whole program, run as a person runs it: statuses, streams, signals, pipes, files."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.sync.server import ServerConnection

from tests.conftest import Sim, Wscli
from tests.support.scripted_exchange import ACK, TRADE, ack_and, program_that_pings, two_lines, websocket_server

# --- statuses ------------------------------------------------------------------------------------


def test_0_the_count_is_reached_and_standard_output_is_data_alone(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "-n", "3", *sim.at("bybit-spot-v3"))

    assert (ran.status, len(ran.lines)) == (0, 3)
    assert all(json.loads(line)["topic"] == "trade.BTCUSDT" for line in ran.lines)
    assert "ack trade BTCUSDT" in ran.err


def test_0_the_time_is_up(wscli: Wscli, sim: Sim) -> None:
    assert wscli("bybit", "subscribe", "trade.BTCUSDT", "--for", "3s", *sim.at("bybit-spot-v3")).status == 0


def test_0_until_is_met_and_its_message_is_the_last(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--until", "side = sell", "-o", "rows", *sim.at("bybit-spot-v3"))

    assert ran.status == 0
    assert json.loads(ran.lines[-1])["side"] == "sell"
    assert all(json.loads(line)["side"] == "buy" for line in ran.lines[:-1])


def test_2_nothing_is_sent_when_the_line_is_wrong(wscli: Wscli) -> None:
    ran = wscli("bybit", "subscribe", "trades.BTCUSDT", "--url", "ws://127.0.0.1:9/")

    assert (ran.status, ran.out) == (2, "")
    assert two_lines(ran.err)


def test_3_nobody_listens(wscli: Wscli) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--url", f"ws://127.0.0.1:{port}/")

    assert (ran.status, ran.out) == (3, "")
    assert f"cannot connect to 127.0.0.1:{port}" in ran.err
    assert two_lines(ran.err)


def test_3_the_server_says_no_to_the_websocket(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "ping", "--url", sim.http.replace("http", "ws") + "/nothing-here")

    assert ran.status == 3
    assert "HTTP 404" in ran.err


def test_3_a_server_that_accepts_and_says_nothing_is_given_up_on(wscli: Wscli) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        began = time.monotonic()
        ran = wscli("bybit", "ping", "--timeout", "500ms", "--url", f"ws://127.0.0.1:{mute.getsockname()[1]}/")

    assert ran.status == 3
    assert "within 0.5 s" in ran.err
    assert time.monotonic() - began < 60


def test_4_the_exchange_rejects(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "subscribe", "trade.NOPEUSDT", *sim.at("bybit-spot-v3"))

    assert (ran.status, ran.out) == (4, "")
    assert "Invalid symbol" in ran.err


def test_4_one_of_several_refused_is_refused(wscli: Wscli) -> None:
    def some(peer: ServerConnection) -> None:
        for _ in range(2):
            requested = json.loads(peer.recv())
            good = requested["req_id"] == "1"
            peer.send(
                json.dumps({"op": "subscribe", "success": good, "req_id": requested["req_id"], "ret_msg": "no such"})
            )
        peer.recv()

    symbols = [f"trade.A{n}USDT" for n in range(11)]
    with websocket_server(some) as url:
        ran = wscli("bybit", "subscribe", *symbols, "--url", url)

    assert ran.status == 4
    assert "no such" in ran.err


def test_4_a_wrong_secret_is_refused_and_the_hint_names_where_it_came_from(wscli: Wscli, sim: Sim) -> None:
    env = {**sim.keys("bybit"), "WSCLI_BYBIT_SECRET": "not-the-secret"}
    ran = wscli("bybit", "subscribe", "order", *sim.at("bybit-spot-v3-private"), env=env)

    assert ran.status == 4
    assert "WSCLI_BYBIT_SECRET" in ran.err
    assert "not-the-secret" not in ran.err


def test_5_nobody_answers(wscli: Wscli) -> None:
    with websocket_server(lambda peer: [None for _ in peer] and None) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--wait", "300ms", "--url", url)

    assert ran.status == 5
    assert "did not answer subscribe trade BTCUSDT within 0.3 s" in ran.err


def test_5_until_was_not_met_in_time(wscli: Wscli, sim: Sim) -> None:
    ran = wscli(
        "bybit", "subscribe", "trade.BTCUSDT", "--for", "300ms", "--until", "price < 0", *sim.at("bybit-spot-v3")
    )

    assert ran.status == 5
    assert "--until" in ran.err


def test_6_the_exchange_closes_and_what_came_before_is_shown(wscli: Wscli) -> None:
    with websocket_server(ack_and(TRADE, TRADE, reason="restart")) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--no-reconnect", "--url", url)

    assert (ran.status, ran.lines) == (6, [TRADE, TRADE])
    assert "closed the connection (1001): restart" in ran.err


def test_later_errors_are_reported_and_the_stream_goes_on(wscli: Wscli) -> None:
    error = '{"type":"error","ret_code":"10006","ret_msg":"Too many"}'
    with websocket_server(ack_and(TRADE, error, TRADE, TRADE)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "-n", "3", "--url", url)

    assert (ran.status, len(ran.lines)) == (0, 3)
    assert "error: 10006 Too many" in ran.err


# --- signals and pipes ---------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)])
def test_a_signal_ends_the_stream_cleanly(wscli: Wscli, sim: Sim, number: int, status: int) -> None:
    with wscli.start("bybit", "subscribe", "trade.BTCUSDT", *sim.at("bybit-spot-v3")) as running:
        assert running.stdout is not None
        assert json.loads(running.stdout.readline())
        running.send_signal(number)
        out, err = running.communicate(timeout=120)

    assert running.returncode == status
    assert "Traceback" not in err
    assert all(json.loads(line) for line in out.splitlines())


def test_a_signal_ends_the_connecting_too(wscli: Wscli) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        with wscli.start("bybit", "ping", "-v", "--url", f"ws://127.0.0.1:{mute.getsockname()[1]}/") as running:
            assert running.stderr is not None
            assert "connecting" in running.stderr.readline()
            peer, _ = mute.accept()
            running.send_signal(signal.SIGINT)
            _, err = running.communicate(timeout=120)
            peer.close()

    assert (running.returncode, err) == (130, "")


def test_a_closed_pipe_ends_silently_with_141(wscli: Wscli, sim: Sim) -> None:
    with wscli.start("bybit", "subscribe", "trade.BTCUSDT", "-q", *sim.at("bybit-spot-v3")) as running:
        assert running.stdout is not None
        assert running.stdout.readline()
        running.stdout.close()
        assert running.stderr is not None
        err = running.stderr.read()

    assert (running.wait(120), err) == (141, "")


def test_help_into_a_closed_pipe_is_silent(wscli: Wscli) -> None:
    read, write = os.pipe()
    os.close(read)
    with wscli.start("--help", stdout=write) as running:
        os.close(write)
        assert running.stderr is not None
        err = running.stderr.read()

    assert (running.wait(120), err) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_1_a_full_disk_is_reported(wscli: Wscli, sim: Sim) -> None:
    words = ("bybit", "subscribe", "trade.BTCUSDT", "-q", *sim.at("bybit-spot-v3"))
    with Path("/dev/full").open("w") as full, wscli.start(*words, stdout=full) as running:
        assert running.stderr is not None
        err = running.stderr.read()

    assert running.wait(120) == 1
    assert "No space left" in err


class Raw:
    """A WebSocket server on a bare socket: reading goes on while writing is blocked, as a real exchange's does."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.payloads: list[bytes] = []

    def accept(self) -> socket.socket:
        """Shake hands with one client, and go on reading its frames into `heard`."""
        peer, _ = self.listener.accept()
        protocol = ServerProtocol()
        while protocol.handshake_exc is None:
            protocol.receive_data(peer.recv(65536))
            for event in protocol.events_received():
                assert isinstance(event, Request)
                protocol.send_response(protocol.accept(event))
                peer.sendall(b"".join(protocol.data_to_send()))
                threading.Thread(target=self._read, args=(peer, protocol), daemon=True).start()
                return peer
        raise AssertionError("no handshake")

    def _read(self, peer: socket.socket, protocol: ServerProtocol) -> None:
        try:
            while data := peer.recv(65536):
                protocol.receive_data(data)
                self.payloads += [e.data for e in protocol.events_received() if isinstance(e, Frame) and e.data]
        except OSError:
            return


def text_frame(text: str) -> bytes:
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def test_a_reader_that_naps_loses_nothing_and_the_keep_alive_goes_on() -> None:
    total, server = 60_000, Raw()  # far more than every buffer on the way holds
    pad = "x" * 400

    def flood() -> None:
        answered = 0
        with server.accept() as peer:
            peer.sendall(text_frame(ACK))
            for number in range(total):
                peer.sendall(text_frame(TRADE.replace('"v":"1"', f'"v":"{number}","pad":"{pad}"')))
                for ping in [json.loads(f) for f in server.payloads[answered:] if b'"ping"' in f]:
                    peer.sendall(text_frame(json.dumps({"op": "pong", "req_id": ping["req_id"]})))
                answered = len(server.payloads)

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    words = ["bybit", "subscribe", "trade.BTCUSDT", "--no-reconnect", "-q", "-n", str(total), "--url", server.url]
    with subprocess.Popen(
        [sys.executable, "-c", program_that_pings(20.0), *words], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        received = [json.loads(running.stdout.readline())["data"]["v"]]
        napping = len(server.payloads)
        deadline = time.monotonic() + 120
        while len(server.payloads) < napping + 4:  # the nap: the pipe is full meanwhile, and pings go out all the same
            assert time.monotonic() < deadline, "no pings while the reader naps"
            threading.Event().wait(0.02)
        received += [json.loads(line)["data"]["v"] for line in running.stdout]
    thread.join(5)
    server.listener.close()

    assert received == [str(number) for number in range(total)]
    assert running.returncode == 0


# --- the exchange's text ----------------------------------------------------------------------------

ODD = [
    '{"topic":"trade.BTCUSDT","data":{"p":36500.10,"q":1E-8,"m":true,"v":"x"}}',
    '{"topic":"trade.BTCUSDT" , "data":{"p":"\\u0041","z":0.00000010,"a":1,"b":-0,"big":123456789012345678901234567890}}',
    '{"unknown":[1.10,2.0e5]}',
]


def test_json_is_the_exchanges_text_byte_for_byte(wscli: Wscli) -> None:
    with websocket_server(ack_and(*ODD)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--no-reconnect", "--url", url, "-q")

    assert ran.lines == ODD


BAD = [
    "not json",
    "",
    '{"a":NaN}',
    "\x1b[2J\x07 bell",
    '"\\ud800"',
    "[" * 5000,
    "[" * 400 + "]" * 400,
    '{"topic":"trade.BTCUSDT","data":' + "[" * 400 + "]" * 400 + "}",
    '{"topic":5}',
    '{"topic":"trade.BTCUSDT","data":null}',
    "9" * 5000,
]


@pytest.mark.parametrize("output", ["json", "pretty", "rows", "table", "event", "csv", "raw"])
def test_bad_messages_are_shown_and_the_stream_goes_on(wscli: Wscli, output: str) -> None:
    with websocket_server(ack_and(*BAD, TRADE)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "-o", output, "--no-reconnect", "--url", url)

    assert ran.status == 6
    assert "36500.20" in ran.out
    assert "Traceback" not in ran.err
    if output != "raw":
        assert not any(ord(c) < 32 and c != "\n" for c in ran.out + ran.err)
    if output in ("json", "rows", "event"):
        assert all(json.loads(line, parse_int=str) is not None for line in ran.lines)
        assert len(ran.lines) == len(BAD) + 1


def test_a_message_of_16_mib_passes_whole_and_a_larger_one_is_refused(wscli: Wscli) -> None:
    whole = json.dumps({"topic": "trade.BTCUSDT", "data": "x" * (16 * 2**20 - 44)})
    larger = whole + " " * 100

    def handle(peer: ServerConnection) -> None:
        peer.recv()
        peer.send(ACK)
        peer.send(whole)
        peer.send(larger)
        for _ in peer:
            pass

    with websocket_server(handle) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--no-reconnect", "--url", url, "-q")

    assert ran.status == 6
    assert ran.lines == [whole]
    assert "16 MiB" in ran.err


# --- secrets -------------------------------------------------------------------------------------


def test_no_secret_is_shown_or_stored_anywhere(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    keys = sim.keys("bybit")
    record = tmp_path / "recording.jsonl"
    words = ("bybit", "subscribe", "order", "-n", "2", "-v", "--all", "-o", "event", "--record", str(record))
    ran = wscli(*words, *sim.at("bybit-spot-v3-private"), env=keys)

    assert ran.status == 0
    everything = ran.out + ran.err + record.read_text()
    assert '"op":"auth","args":["***"' in everything.replace("\\", "")
    assert keys["WSCLI_BYBIT_KEY"] not in everything
    assert keys["WSCLI_BYBIT_SECRET"] not in everything
    assert stat.S_IMODE(record.stat().st_mode) == 0o600


def test_a_recording_holds_both_directions_in_whole_lines(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    record = tmp_path / "recording.jsonl"
    ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "-n", "3", "--record", str(record), *sim.at("bybit-spot-v3"))
    entries = [json.loads(line) for line in record.read_text().splitlines()]

    assert [e["direction"] for e in entries][:3] == ["event", "sent", "received"]
    assert [e["text"] for e in entries if '"topic"' in e.get("text", "")][:3] == ran.lines


# --- configuration -------------------------------------------------------------------------------


def test_a_profile_is_used_and_a_file_that_others_can_read_is_not(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    keys = sim.credentials
    config = tmp_path / "config.toml"
    config.write_text(f'[profiles.work.bybit]\nkey = "{keys["key"]}"\nsecret = "{keys["secret"]}"\n')
    config.chmod(0o600)
    env = {"WSCLI_CONFIG": str(config)}
    words = ("bybit", "auth", "--profile", "work", *sim.at("bybit-spot-v3-private"))

    assert wscli(*words, env=env).status == 0
    config.chmod(0o644)
    refused = wscli(*words, env=env)
    assert refused.status == 2
    assert f"chmod 600 {config}" in refused.err


def test_without_credentials_the_variables_are_named(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "subscribe", "order", *sim.at("bybit-spot-v3-private"))

    assert ran.status == 2
    assert "WSCLI_BYBIT_KEY" in ran.err


def test_the_simulators_own_credentials_serve_where_none_are_configured(wscli: Wscli) -> None:
    ran = wscli("--sim", "bybit", "auth")

    assert ran.status == 0
    assert json.loads(ran.out)["success"] is True


# --- one-shots -----------------------------------------------------------------------------------


def test_ping_shows_the_answer_and_tells_the_time(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "ping", *sim.at("bybit-spot-v3"))

    assert json.loads(ran.out)["op"] == "pong"
    assert "round trip" in ran.err


def test_send_sends_the_very_text_and_shows_its_answer(wscli: Wscli) -> None:
    received: list[str | bytes] = []

    def handle(peer: ServerConnection) -> None:
        received.append(peer.recv())
        peer.send('{"op":"pong","args":[1],"req_id":7}')
        for _ in peer:
            pass

    with websocket_server(handle) as url:
        ran = wscli("bybit", "send", '{"op" : "ping",  "req_id": 7}', "--url", url)

    assert received == ['{"op" : "ping",  "req_id": 7}']
    assert (ran.status, ran.lines) == (0, ['{"op":"pong","args":[1],"req_id":7}'])


def test_send_reads_standard_input_and_refuses_what_is_not_json(wscli: Wscli, sim: Sim) -> None:
    good = wscli("bybit", "send", "-", *sim.at("bybit-spot-v3"), stdin='{"op":"ping"}\n{"op":"ping"}\n')
    bad = wscli("bybit", "send", "{op:ping}", *sim.at("bybit-spot-v3"))

    assert (good.status, len(good.lines)) == (0, 2)
    assert bad.status == 2


def test_send_streams_on_when_a_count_is_asked_for(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "send", '{"op":"subscribe","args":["trade.BTCUSDT"]}', "-n", "2", *sim.at("bybit-spot-v3"))

    assert ran.status == 0
    assert [("topic" in json.loads(line)) for line in ran.lines] == [False, True, True]


def test_a_keep_alive_is_sent_and_its_loss_is_noticed() -> None:
    pings: list[str] = []

    def handle(peer: ServerConnection) -> None:
        for message in peer:
            requested = json.loads(message)
            if requested["op"] == "subscribe":
                peer.send(ACK)
            elif len(pings) < 2:
                pings.append(requested["op"])
                peer.send(json.dumps({"op": "pong", "req_id": requested["req_id"]}))

    with websocket_server(handle) as url:
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                program_that_pings(2.0),
                "bybit",
                "subscribe",
                "trade.BTCUSDT",
                "--no-reconnect",
                "--url",
                url,
            ],
            capture_output=True,
            text=True,
            timeout=120,
        )

    assert pings == ["ping", "ping"]
    assert done.returncode == 6
    assert "did not answer a ping within 2 s" in done.stderr


# --- offline -------------------------------------------------------------------------------------


def test_explain_learns_from_the_acks_on_its_input(wscli: Wscli) -> None:
    session = (
        '{"event":"subscribed","channel":"ticker","chanId":17,"pair":"ETHUSD"}\n'
        "[17,1802.4,12.5,1802.9,3.25,-14.1,-0.0078,1802.6,20455.75,1831,1779.20]\n"
    )
    ran = wscli("bitfinex", "explain", "-", "-o", "rows", stdin=session)
    row = json.loads(ran.lines[-1])

    assert ran.status == 0
    assert (row["symbol"], row["bid"], row["low"]) == ("ETHUSD", "1802.4", "1779.20")


def test_explain_takes_words_for_frames_that_name_no_channel(wscli: Wscli) -> None:
    frame = '[33,"tu","90210-ETHUSD",55120040,1700000013,1802.70,-0.2]'
    ran = wscli("bitfinex", "explain", "-", "trades", "ETHUSD", "-o", "rows", stdin=frame + "\n")
    row = json.loads(ran.out)

    assert (row["symbol"], row["side"], row["price"], row["trade_id"]) == ("ETHUSD", "sell", "1802.70", "55120040")


def test_explain_says_what_an_error_code_means(wscli: Wscli) -> None:
    ran = wscli("bitfinex", "explain", '{"event":"error","msg":"subscribe: dup","code":10301}')

    assert json.loads(ran.out)["meaning"]


def test_every_entry_of_the_catalogue_is_shown_with_its_frame(wscli: Wscli) -> None:
    from wscli.exchanges import DIALECTS

    for dialect in DIALECTS:
        pinned = (dialect.name, "--api", dialect.api.name)
        entries = [json.loads(line) for line in wscli(*pinned, "channels", "-o", "json").lines]
        assert [e["name"] for e in entries] == [
            c.name for c in (*dialect.facts.channels, *dialect.facts.queries, *dialect.facts.send_only)
        ]
        assert {e["api"]["name"] for e in entries} == {dialect.api.name}
        assert all(e["frames"] or e["name"] == "account" for e in entries)


def test_the_exchanges_are_listed_with_where_they_are(wscli: Wscli) -> None:
    rows = [json.loads(line) for line in wscli("exchanges", "-o", "json").lines]

    assert [*dict.fromkeys(r["name"] for r in rows)] == ["bitfinex", "bitstamp", "whitebit", "bybit", "digifinex"]
    assert [(r["api"]["name"], r["api"]["status"]) for r in rows if r["name"] == "bybit"] == [
        ("v5", "live"), ("spot-v3", "retired"),
    ]  # fmt: skip
    assert all(url.startswith("wss://") for r in rows for url in r["endpoints"].values())


def test_the_simulator_tells_where_it_listens_and_ends_with_its_input(wscli: Wscli) -> None:
    ran = wscli("simulate", "bybit", "--port", "0", "-o", "json", "--until-eof", "--seed", "11")
    facts = json.loads(ran.out)

    assert ran.status == 0
    assert facts["seed"] == 11
    assert {"bybit", "bybit-private", "echo", "bybit-v5", "bybit-v5-private"} <= set(facts["urls"])
    assert all(name == "echo" or name.startswith("bybit") for name in facts["urls"])
    assert set(facts["credentials"]) == {"key", "secret", "user_id"}


def test_the_same_seed_is_the_same_market(wscli: Wscli) -> None:
    def prices(seed: str) -> list[str]:
        with wscli.start("simulate", "bybit", "--port", "0", "-o", "json", "--seed", seed) as server:
            assert server.stdout is not None
            url = json.loads(server.stdout.readline())["urls"]["bybit"]
            ran = wscli(
                "bybit", "subscribe", "tickers.BTCUSDT", "-n", "1", "--url", url, "--query", "data.highPrice24h"
            )
            server.send_signal(signal.SIGINT)
        return ran.lines

    assert prices("11") == prices("11") != prices("12")


@pytest.mark.parametrize("words", [("ping",), ("send", '{"op":"ping","req_id":"1"}'), ("send", '{"nobody":"knows"}')])
def test_an_answer_that_comes_with_the_close_is_shown(wscli: Wscli, words: tuple[str, ...]) -> None:
    pong = '{"op":"pong","args":[1],"req_id":"1","conn_id":"c"}'

    def handle(peer: ServerConnection) -> None:
        peer.recv()
        peer.send(pong)
        peer.close(1001)

    with websocket_server(handle) as url:
        ran = [wscli("bybit", *words, "--url", url) for _ in range(3)]

    assert [(r.status, r.lines) for r in ran] == [(0, [pong])] * 3


def test_a_refused_send_shows_the_refusal_and_has_its_status(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bitstamp", "send", '{"a":1}', *sim.at("bitstamp"))

    assert ran.status == 4
    assert json.loads(ran.out)["event"] == "bts:error"
    assert "Bad subscription string" in ran.err


def test_what_follows_an_answer_is_shown_after_it(wscli: Wscli) -> None:
    ack = '{"op":"subscribe","success":true,"req_id":"a","ret_msg":"subscribe"}'

    def handle(peer: ServerConnection) -> None:
        peer.recv()
        with peer.protocol_mutex:
            for text in (ack, TRADE, TRADE):
                peer.protocol.send_text(text.encode())
            peer.socket.sendall(b"".join(peer.protocol.data_to_send()))
        for _ in peer:
            pass

    frame = '{"req_id":"a","op":"subscribe","args":["trade.BTCUSDT"]}'
    with websocket_server(handle) as url:
        ran = wscli("bybit", "send", frame, "-n", "2", "--url", url)

    assert ran.lines == [ack, TRADE, TRADE]
