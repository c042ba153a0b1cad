"""What the service writes to standard error: lines of text or of JSON (RFC 8259), one an event.

No input can end a line, or begin one: control characters are escaped in both forms.  A line tells the id of the
request in whose course it was written.  An id that a client or a proxy sends (`X-Request-Id`) is taken over if it is
well formed.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final, Literal

REQUEST: Final = ContextVar[str]("request", default="")
"""The id of the request in whose course the code runs; "" outside of one."""
ACCESS: Final = logging.getLogger("service.access")
"""One line a request, with its facts in the record's `facts`."""

Form = Literal["text", "json"]
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
# C0, DEL, C1, the separators of lines that some readers know, and what turns the direction of the text.
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def request_id(given: str | None) -> str:
    """The id that was given, if it is well formed, or a new one."""
    return given if given and _ID.fullmatch(given) else uuid.uuid4().hex


def escaped(text: str) -> str:
    """The text in one line: control characters as \\uXXXX."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class _Text(logging.Formatter):
    """`TIME LEVEL REQUEST message`; a stack trace follows on lines of its own, each indented."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = " ".join(f"{name}={value}" for name, value in getattr(record, "facts", {}).items())
        words = filter(None, (time, record.levelname, REQUEST.get(), record.getMessage(), facts))
        line = escaped(" ".join(words))
        if record.exc_info:
            trace = self.formatException(record.exc_info).split("\n")
            line += "".join(f"\n    {escaped(part)}" for part in trace)
        return line


class _Json(logging.Formatter):
    """An object: time, level, logger, message, and where there are any request, facts, trace."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := REQUEST.get():
            line["request"] = request
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        # ASCII only: no separator of lines stands in it as it is.
        return json.dumps(line, default=str)


def configure(form: Form, *, requests: bool) -> None:
    """Write warnings and errors to standard error, and with `requests` a line for each request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    ACCESS.setLevel(logging.INFO if requests else logging.WARNING)
    # uvicorn has handlers of its own, which would write in another form.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # Why the service did not start is raised, as an error of one line.
    logging.getLogger("uvicorn.error").addFilter(lambda record: not record.getMessage().startswith("Traceback "))
