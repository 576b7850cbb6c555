"""The kinds of feeds that both versions of the Bitfinex API have."""

import pytest

from wscli.exchanges.bitfinex.simulated.feeds import Elements, TwiceSentFeed, WholeMessageFeed


class Clock(WholeMessageFeed):
    """A feed of the second of the time."""

    def message(self, now_ms: int) -> Elements:
        return [now_ms // 1000]


class Letters(TwiceSentFeed):
    """A feed of letters that are put into it."""

    def __init__(self) -> None:
        super().__init__()
        self.letters = ""

    def snapshot(self, now_ms: int) -> Elements:
        return []

    def updates(self, now_ms: int) -> list[Elements]:
        return self._send_twice([["te", one] for one in self.letters], [["tu", one] for one in self.letters])


@pytest.mark.parametrize(
    ("always", "sent"), [(False, [[], [], [[1]], [], [[2]]]), (True, [[], [[0]], [[1]], [[1]], [[2]]])]
)
def test_a_whole_message_is_sent_when_it_is_due_and_changed_or_always(always: bool, sent: list[list[Elements]]) -> None:
    feed = Clock(300, always=always)
    first = feed.snapshot(500)

    assert first == [0]
    assert [feed.updates(now_ms) for now_ms in (700, 800, 1_100, 1_400, 2_000)] == sent


def test_everything_is_sent_at_once_and_again_with_the_next_updates() -> None:
    feed = Letters()
    sent = []
    for feed.letters in ("ab", "", "c", ""):
        sent.append(feed.updates(0))

    assert sent == [[["te", "a"], ["te", "b"]], [["tu", "a"], ["tu", "b"]], [["te", "c"]], [["tu", "c"]]]
