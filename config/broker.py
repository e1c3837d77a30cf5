"""The embedded broker: kombu's folder of messages, with whole files only.

kombu opens a file under its final name and writes afterwards. A worker that looks in between takes
an empty message, which it cannot read, and ends. Here a file gets its name once it is written.
"""

from __future__ import annotations

import fcntl
import uuid
from json import dumps
from pathlib import Path
from time import monotonic_ns
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """kombu's channel with atomic writes."""

    # kombu itself names this argument in two ways.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, dumps(payload))

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        file: Path = self._exchange_file(exchange)  # type: ignore[no-untyped-call]
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        file.parent.mkdir(parents=True, exist_ok=True)
        with (file.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            bindings = self.get_table(exchange)  # type: ignore[no-untyped-call]
            if binding not in bindings:
                _write(file, dumps([binding, *bindings]))


class Transport(filesystem.Transport):
    """What Celery uses for ``filesystem://``; see config.celery."""

    Channel = Channel


def _write(file: Path, text: str) -> None:
    """Write a file that others see whole or not at all.

    Raises:
        ChannelError: the folder cannot be written to.
    """
    unfinished = file.with_name(f"{file.name}.{uuid.uuid4()}.part")
    try:
        unfinished.write_text(text)
        unfinished.replace(file)
    except OSError as error:
        raise ChannelError(f"Cannot write {file}: {error.strerror}") from error
