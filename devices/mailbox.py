"""devices: the inbox between many producers and the one thread that handles messages."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

Message = TypeVar("Message")


class Mailbox(Generic[Message]):
    """A thread-safe queue that keeps up with a fast device and loses nothing that matters.

    Messages come out in the order in which they went in. Of the droppable ones (gaze samples: a newer
    one makes an older one worthless) at most `capacity` wait; one more pushes out the oldest. All the
    others wait for as long as it takes: they come at the pace of people, not of devices.

    Parameters
    ----------
    capacity : int
        How many droppable messages may wait, at least 1.
    droppable : tuple of type
        The classes whose messages may be dropped.
    """

    def __init__(self, capacity: int, droppable: tuple[type, ...] = ()) -> None:
        if capacity < 1:
            raise ValueError(f"a mailbox holds at least one message, not {capacity}")
        self._capacity = capacity
        self._classes = droppable
        self._arrived = threading.Condition(threading.Lock())
        # Two queues, merged by arrival number: the oldest droppable message is then dropped in constant time.
        self._droppable: deque[tuple[int, Message]] = deque()
        self._kept: deque[tuple[int, Message]] = deque()
        self._number = 0
        self._dropped = 0

    def put(self, message: Message) -> None:
        """Add `message`; never blocks. Any thread may call this."""
        with self._arrived:
            self._number += 1
            if isinstance(message, self._classes):
                if len(self._droppable) == self._capacity:
                    self._droppable.popleft()
                    self._dropped += 1
                self._droppable.append((self._number, message))
            else:
                self._kept.append((self._number, message))
            self._arrived.notify()

    def get(self, timeout: float | None = None) -> Message | None:
        """Take the oldest message, waiting for one if there is none.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait at most (0: do not wait); None waits for ever.

        Returns
        -------
        Message or None
            None: nothing came in time.
        """
        with self._arrived:
            if not self._droppable and not self._kept:
                if timeout is not None and timeout <= 0:
                    return None
                if not self._arrived.wait_for(self._waiting, timeout):
                    return None
            if not self._kept or (self._droppable and self._droppable[0][0] < self._kept[0][0]):
                return self._droppable.popleft()[1]
            return self._kept.popleft()[1]

    def _waiting(self) -> bool:
        return bool(self._droppable or self._kept)

    @property
    def dropped(self) -> int:
        """How many messages have been dropped so far."""
        return self._dropped

    def __len__(self) -> int:
        with self._arrived:
            return len(self._droppable) + len(self._kept)
