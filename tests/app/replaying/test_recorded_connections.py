"""Which connection an entry of a recording is of: opened anew, cut off between two files, gone on with in the next file of a run."""

from __future__ import annotations

from typing import Any

from wscli.app.replaying.recorded_connections import RecordedConnection, RecordedConnections
from wscli.storage.recording.lines import RecordingEntry

TRADE = '{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[]}'


def opened(*, repeated: bool = False, **details: Any) -> RecordingEntry:
    about = {"event": "opened", "api": "v5", **details}
    return RecordingEntry(1, "bybit", 1, "event", event="opened", details=about, repeated=repeated)


def received(number: int, text: str = TRADE) -> RecordingEntry:
    return RecordingEntry(1, "bybit", 1, "received", text, number)


def followed(connections: RecordedConnections, file: int, *entries: RecordingEntry) -> list[RecordedConnection]:
    """Return the connection of each entry, once its messages have been received."""
    found = []
    for entry in entries:
        found.append(connections.of(file, entry))
        if entry.direction == "received":
            found[-1].receive(entry)
            found[-1].number = entry.number
    return found


def test_a_run_goes_on_in_its_next_file() -> None:
    connections = RecordedConnections(None)
    first = followed(connections, 1, opened(run="a"), received(1), received(2))
    second = followed(connections, 2, opened(run="a", number=2, repeated=True), received(3))

    assert len({*first, *second}) == 1
    assert first[0].followed == {2}


def test_an_opening_of_the_same_run_is_another_connection() -> None:
    connections = RecordedConnections(None)
    first = followed(connections, 1, opened(run="a"), received(1), received(2))
    again = followed(connections, 2, opened(run="a", number=2))

    assert first[0] is not again[0]


def test_where_messages_are_missing_between_two_files_or_the_run_is_another_it_begins_anew() -> None:
    for run, number in (("a", 3), ("a", 1), ("b", 2), (None, 2), (7, 2)):
        connections = RecordedConnections(None)
        first = followed(connections, 1, opened(run="a"), received(1), received(2))
        second = followed(connections, 2, opened(run=run, number=number, repeated=True))

        assert first[0] is not second[0], (run, number)
        assert first[0].followed == set()


def test_a_recording_that_was_cut_goes_on_with_the_message_that_comes_next() -> None:
    connections = RecordedConnections(None)
    first = followed(connections, 1, opened(), received(1), received(2))
    (next_one,) = followed(connections, 2, received(3))
    (later_one,) = followed(connections, 3, received(5))

    assert next_one is first[0]
    assert later_one is not first[0]


def test_the_first_message_goes_on_with_an_opening_only() -> None:
    connections = RecordedConnections(None)
    first = followed(connections, 1, opened())
    (message,) = followed(connections, 2, received(1))
    other = RecordedConnections(None)
    unopened = followed(other, 1, received(1))
    (again,) = followed(other, 2, received(1))

    assert message is first[0]
    assert again is not unopened[0]


def test_files_are_apart_and_so_are_exchanges_and_numbers() -> None:
    connections = RecordedConnections(None)
    one = connections.of(1, opened())
    entries = [
        (2, RecordingEntry(1, "bybit", 1, "sent", "{}")),
        (1, RecordingEntry(1, "bybit", 2, "sent", "{}")),
        (1, RecordingEntry(1, "whitebit", 1, "sent", "{}")),
    ]

    assert connections.of(1, RecordingEntry(1, "bybit", 1, "sent", "{}")) is one
    assert all(connections.of(file, entry) is not one for file, entry in entries)


def test_messages_between_that_were_not_recorded_are_counted_too() -> None:
    connections = RecordedConnections(None)
    connection = connections.of(1, opened())

    assert [connection.receive(received(number)).number for number in (4, 5, 9)] == [4, 5, 9]


def test_each_api_of_a_connection_has_its_verifier() -> None:
    connections = RecordedConnections(None)
    connection = connections.of(1, opened())
    verifier = connection.verifier(connection.reader.dialect)

    assert connection.verifier(connection.reader.dialect) is verifier
    assert [*connections.verifiers] == [verifier]
