"""A recorded session is played to the real wscli, and what is lost, changed or not known is told."""

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests import replay
from wscli.core.dialect import Dialect

SENT = [
    '{"event":"subscribe","channel":"trades","pair":"ETHUSD"}',
    '{"event":"subscribe","channel":"book","pair":"ETHUSD","prec":"P0","freq":"F0","len":"25"}',
    '{"event":"subscribe","channel":"ticker","pair":"NOPUSD"}',
]
SESSION = [
    '{"event":"info","version":1.1,"platform":{"status":1}}',
    '{"event":"subscribed","channel":"trades","chanId":33,"pair":"ETHUSD"}',
    '[33,[[55120031,1700000012,1802.60,0.75],[55120027,1700000009,1802.4,-1.1]]]',
    '{"event":"error","msg":"subscribe: invalid","code":10300}',
    '{"event":"subscribed","channel":"book","chanId":4021,"pair":"ETHUSD","prec":"P0","freq":"F0","len":"25"}',
    '[4021,[[1802.4,3,12.50],[1802.1,1,7e-7],[1802.9,2,-3.25]]]',
    '[33,"te","90210-ETHUSD",1700000013,1802.7,0.2]',
    '[4021, 1802.1, 2, 1.90]',
    '[33,"tu","90210-ETHUSD",55120040,1700000013,1802.7,0.2]',
    '[4021,1802.1,0,1]',
    '[33,"hb"]',
    '[4021,"hb"]',
    '{"event":"pong"}',
    '[33,"te","90211-ETHUSD",1700000014,1802.70,-0.0400]',
    '[4021,1803.3,\n 1,\n -5]',
    '{"event":"info","code":20060,"msg":"a pause"}',
    '{"event":"unsubscribed","status":"OK","chanId":33}',
]  # fmt: skip
UNKNOWN = '{"event":"wscli","note":"nobody documents this"}'
TALK = [*(("sent", text) for text in SENT), *(("received", text) for text in SESSION)]


@pytest.fixture
def recording(tmp_path: Path) -> Callable[..., Path]:
    def write(*more: str) -> Path:
        path = tmp_path / "bitfinex-ours.jsonl"
        entries = [*TALK, *(("received", text) for text in more)]
        path.write_text("".join(json.dumps({"direction": d, "connection": 1, "text": t}) + "\n" for d, t in entries))
        return path

    return write


def test_a_session_comes_back_byte_for_byte_and_is_known(
    recording: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    status = replay.main([str(recording()), "--api", "v1"])
    report = capsys.readouterr().out

    assert (status, report.splitlines()[0]) == (0, "bitfinex-ours.jsonl: bitfinex, 17 messages, 3 sent, 11 rows")
    assert "3 update trades" in report


def test_what_is_not_known_is_reported(recording: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert replay.main([str(recording(UNKNOWN)), "--api", "v1"]) == 1
    assert f"UNKNOWN x1: {UNKNOWN}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoilt", "report"),
    [
        (lambda texts: [*texts[:-1], texts[-1].replace("33", "34")], "message 17: due"),
        (lambda texts: [*texts[:5], *texts[6:]], "message 6: due"),
        (lambda texts: texts[:-1], "printed nothing"),
        (lambda texts: [*texts, texts[-1]], "due nothing"),
        (lambda texts: [texts[1], texts[0], *texts[2:]], "message 1: due"),
    ],
    ids=["a byte", "one dropped", "the last dropped", "one twice", "two exchanged"],
)
def test_what_does_not_come_back_as_it_was_is_reported(
    recording: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    spoilt: Callable[[Sequence[str]], Sequence[str]],
    report: str,
) -> None:
    def played(dialect: Dialect, texts: Sequence[str], through: Callable[..., list[str]] = replay.played) -> list[str]:
        return through(dialect, spoilt(texts))

    monkeypatch.setattr(replay, "played", played)

    assert replay.main([str(recording()), "--api", "v1"]) == 1
    assert report in capsys.readouterr().out


def test_without_an_ack_words_say_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "frames.jsonl"
    path.write_text("[61,[[8800001,1802.4,4.5]]]\n[61,8800001,0,1]\n")
    arguments = ["--exchange", "bitfinex", "--api", "v1", "--only-decode", str(path)]

    assert replay.main(arguments) == 1
    assert replay.main([*arguments, "--subscribe", "book ETHUSD prec=R0"]) == 0


def test_what_the_exchange_compresses_goes_compressed(tmp_path: Path) -> None:
    path = tmp_path / "digifinex-ours.jsonl"
    path.write_text('{"method":"depth.update","params":[true,{"asks":[["36501", "0.75"]]},"BTC_USDT"],"id":null}\n')

    assert replay.main([str(path)]) == 0


def written(form: str) -> str:
    match form:
        case "triples":
            return "".join(json.dumps([1700000000.5, direction, text]) + "\n" for direction, text in TALK)
        case "cryptofeed 2":
            lines = [{"t": "header", "format": 2}, {"t": "connect", "conn": "B.ws.1", "addr": "wss://x/"}]
            lines += [{"t": "send" if d == "sent" else "recv", "conn": "B.ws.1", "data": t} for d, t in TALK]
            return "".join(json.dumps(line) + "\n" for line in lines)
        case "cryptofeed 1":
            entries = [f"wss://x/ <- 1700000000.5: {t}" if d == "sent" else f"1700000000.75: {t}" for d, t in TALK]
            return "\n".join(["wss://x/ <-> 1700000000.25", *entries]).replace(",\n ", ",")
        case _:
            return "\n".join(text for _, text in TALK).replace(",\n ", ",")


@pytest.mark.parametrize("form", ["triples", "cryptofeed 2", "cryptofeed 1", "plain lines"])
def test_every_form_of_recording_holds_the_same_messages(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(written(form).encode()))
    entries = [entry for entry in replay.entries(path) if not (entry.sent or entry.text in SENT)]

    assert [e.text.replace(",\n ", ",") for e in entries] == [t.replace(",\n ", ",") for t in SESSION]


def test_a_file_of_one_array_holds_its_elements_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[" + ",\n  ".join(SESSION) + "]\n")

    assert [entry.text for entry in replay.entries(path)] == SESSION
