"""What was made lately, as far as there is room: the data of a snapshot never change, so what is kept stays right."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")

# Of a place in the table beside key and value: its links, its pair, and what tables have free.
_PLACE = 320


def footprint(value: object) -> int:
    """Bytes that a value takes with all that it holds: text, numbers, containers, dataclasses with slots of such.

    What it holds twice counts once.
    """
    size, seen, left = 0, set[int](), [value]
    while left:
        item = left.pop()
        if id(item) in seen or item is None:
            continue
        seen.add(id(item))
        size += sys.getsizeof(item)
        if isinstance(item, str | bytes):
            continue
        if isinstance(item, tuple | list | set | frozenset):
            left.extend(item)
        elif isinstance(item, dict):
            left.extend(item)
            left.extend(item.values())
        elif is_dataclass(item) and not isinstance(item, type):
            left.extend(getattr(item, field.name) for field in fields(item))
    return size


class Kept(Generic[Value]):
    """Values by key, those asked for last; `room` is in bytes of memory, as the sizes are that come with the values."""

    def __init__(self, room: int) -> None:
        self._room, self._size = room, 0
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    @property
    def size(self) -> int:
        """Bytes that are taken."""
        return self._size

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
        """What is larger than `most` with its key is not kept, nor a second value of a key.

        `size` is that of the value: clients think up keys, so these are measured here.
        """
        size += footprint(key) + _PLACE
        if size > self.most or key in self._values:
            return
        self._values[key] = value, size
        self._size += size
        while self._size > self._room:
            _, (_, freed) = self._values.popitem(last=False)
            self._size -= freed
