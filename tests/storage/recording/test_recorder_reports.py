"""A recording that fails: what is reported and when, and how the run ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.received import received
from wscli.commands.options import Options
from wscli.core.errors import UsageError, WscliError
from wscli.storage.recording.lines import RecordingEntry, as_repeated, event_line, is_recording_start, sent_line
from wscli.storage.recording.recorder import BUFFER_NS, Recorder, RecordingFailed, check_required, open_recorder


def refuse(data: bytes) -> None:
    raise OSError(28, "No space left on device")


def failing(folder: Path, *, required: bool = False) -> tuple[Recorder, list[str]]:
    reports: list[str] = []
    recorder = Recorder(str(folder / "day.jsonl"), reports.append, required=required)  # type: ignore[arg-type]
    recorder._file.append = refuse  # type: ignore[method-assign]
    return recorder, reports


@pytest.mark.parametrize("how", ["flush", "close", "later"])
def test_a_failure_is_reported_at_once_and_only_once(tmp_path: Path, how: str) -> None:
    recorder, reports = failing(tmp_path)
    recorder._written_ns = BUFFER_NS
    recorder.received("bybit", received(1, ns=BUFFER_NS))
    assert reports == []
    if how == "later":
        recorder.received("bybit", received(2, ns=3 * BUFFER_NS))
    else:
        getattr(recorder, how)()
    path = tmp_path / "day.jsonl"

    assert reports == [f"wscli: --record {path}: No space left on device: nothing more is recorded"]
    assert recorder.failed == f"--record {path}: No space left on device: the recording is incomplete"
    recorder.received("bybit", received(3, ns=9 * BUFFER_NS))
    recorder.flush()
    recorder.close()
    recorder.check_failure()
    assert len(reports) == 1


def test_where_the_recording_is_required_its_failure_is_the_end_of_the_run_and_no_report(tmp_path: Path) -> None:
    recorder, reports = failing(tmp_path, required=True)
    recorder.check_failure()
    recorder.received("bybit", received(1, ns=BUFFER_NS))

    assert reports == []
    with pytest.raises(RecordingFailed, match="No space left on device: the recording is incomplete"):
        recorder.check_failure()


@pytest.mark.parametrize("cause", [None, WscliError("the stream failed")])
def test_a_run_whose_recording_failed_fails_and_another_failure_is_not_hidden(
    tmp_path: Path, cause: WscliError | None
) -> None:
    reports: list[str] = []
    path = tmp_path / "day.jsonl"
    with (
        pytest.raises(RecordingFailed if cause is None else WscliError) as ended,
        open_recorder(Options(record=str(path)), reports.append) as recorder,
    ):
        assert recorder is not None
        recorder._file.append = refuse  # type: ignore[method-assign]
        recorder.received("bybit", received(1, ns=BUFFER_NS))
        if cause is not None:
            raise cause

    failure = f"--record {path}: No space left on device: the recording is incomplete"
    assert ended.value.message == (failure if cause is None else "the stream failed")
    assert (f"wscli: {failure}" in reports) is (cause is not None)


def test_without_record_nothing_is_recorded() -> None:
    with open_recorder(Options(), lambda line: None) as recorder:
        assert recorder is None


STARTS = [
    # the first bytes of a file                                                                       a recording?
    (b"",                                                                                             True),
    (b"\xef\xbb\xbf",                                                                                 True),
    (b'{"time":1,"connection":1,"exchange":"bybit","direction":"sent","text":"ping"}\n{',             True),
    (b'{"time":1,"connection":1,"exchange":"bybit","direction":"se',                                  True),
    (b'{"time":1,"connection":1,"exchange":"bybit","direction":"sideways","text":"ping"}\n',          False),
    (b'{"time":-1,"connection":1,"exchange":"bybit","direction":"sent","text":"ping"}\n',             False),
    (b'{"time":true,"connection":1,"exchange":"bybit","direction":"sent","text":"ping"}\n',           False),
    (b'{"time":1,"connection":1,"exchange":7,"direction":"sent","text":"ping"}\n',                    False),
    (b'{"time":1,"connection":1,"exchange":"bybit","direction":"received","text":"ping"}\n',          False),
    (b'{"time":1,"connection":1,"exchange":"bybit","direction":"event"}\n',                           False),
    (b"[1]\n",                                                                                        False),
    (b'{"name": "wscli"}',                                                                            False),
]  # fmt: skip


@pytest.mark.parametrize(("data", "is_start"), STARTS)
def test_a_file_is_a_recording_by_its_first_line(data: bytes, is_start: bool) -> None:
    assert is_recording_start(data) is is_start


def test_an_entry_is_of_text_that_was_not_recorded_before_unless_it_says_so() -> None:
    entry = RecordingEntry(1, "bybit", 1, "sent")

    assert (entry.binary, entry.repeated, entry.number, entry.details) == (False, False, 0, {})
    assert as_repeated(sent_line("bybit", "a", 1, 2)) == (
        '{"time":1,"connection":2,"exchange":"bybit","direction":"sent","text":"a","repeated":true}\n'
    )
    assert event_line("bybit", "closed", 1, 2, {"code": 0, "reason": None}) == (
        '{"time":1,"connection":2,"exchange":"bybit","direction":"event","event":"closed","code":0}\n'
    )


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        (Options(), False),
        (Options(record="x"), False),
        (Options(record="x", record_required=True), False),
        (Options(record_required=True), True),
    ],
)
def test_a_recording_that_is_required_must_be_asked_for(options: Options, refused: bool) -> None:
    if not refused:
        check_required(options)
        return
    with pytest.raises(UsageError) as error:
        check_required(options)

    assert error.value.message == "--record-required needs --record"
    assert error.value.hint == "--record FILE --record-required"


def test_after_a_failure_no_line_is_held(tmp_path: Path) -> None:
    recorder, _ = failing(tmp_path)
    recorder.received("bybit", received(1, ns=BUFFER_NS))
    recorder.received("bybit", received(2, ns=9 * BUFFER_NS))

    assert recorder._buffer == []
