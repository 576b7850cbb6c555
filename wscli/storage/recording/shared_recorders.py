"""The recordings of one prompt or script: exchanges that record to the same file share it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from wscli.storage.recording.recorder import Recorder, RecordingFailed


class SharedRecorders:
    """What is being recorded, each file with the number of its users.

    report: is called with each line on a recording.
    """

    def __init__(self, report: Callable[[str], object], *, required: bool) -> None:
        self._report, self._required = report, required
        self._recorders: dict[str, tuple[Recorder, int]] = {}
        self._failures: list[str] = []  # of those that nobody uses any more
        self._lock = threading.Lock()

    def acquire(self, path: str) -> Recorder:
        """Return the recorder of a file, to be given back with `leave`. Raises UsageError as Recorder does."""
        with self._lock:
            place = os.path.realpath(path)
            recorder, users = self._recorders.get(place) or (Recorder(path, self._report), 0)
            self._recorders[place] = recorder, users + 1
            return recorder

    def release(self, recorder: Recorder) -> None:
        """Use a recorder no longer; the last one who does ends the recording."""
        with self._lock:
            for place, (one, users) in [*self._recorders.items()]:
                if one is recorder and users > 1:
                    self._recorders[place] = one, users - 1
                elif one is recorder:
                    del self._recorders[place]
                    self._close_recorder(one)

    def _close_recorder(self, recorder: Recorder) -> None:
        recorder.close()
        if recorder.failed is not None:
            self._failures.append(recorder.failed)

    def close(self) -> list[str]:
        """End every recording; return what is to be reported of those that ended early."""
        with self._lock:
            for recorder, _ in self._recorders.values():
                self._close_recorder(recorder)
            self._recorders.clear()
            return self._failures

    def check_failure(self) -> None:
        """Raise RecordingFailed where the run is to end with its recording."""
        if self._required:
            for recorder, _ in [*self._recorders.values()]:
                if recorder.failed is not None:
                    raise RecordingFailed(recorder.failed)
