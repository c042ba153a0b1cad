"""What was made lately, as far as there is room: the data of a snapshot never change, so what is kept stays right."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by key, those asked for last; `room` is in bytes, as the sizes are that come with the values."""

    def __init__(self, room: int) -> None:
        self._room, self._size = room, 0
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    def get(self, key: Hashable) -> Value | None:
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    @property
    def most(self) -> int:
        """Bytes of the largest value that is worth keeping: one alone must not drive out all others."""
        return self._room // 2

    def keep(self, key: Hashable, value: Value, size: int) -> None:
        """What is larger than `most` is not kept, nor a second value of a key."""
        if size > self.most or key in self._values:
            return
        self._values[key] = value, size
        self._size += size
        while self._size > self._room:
            _, (_, freed) = self._values.popitem(last=False)
            self._size -= freed
