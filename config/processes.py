"""Several processes as one command: they start together and stop together."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

PATIENCE = 20.0
"""Seconds a process has to finish what it is doing before it is killed."""
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Remembers that somebody asked for the end; asking twice means at once."""

    def __init__(self) -> None:
        self.times = 0

    def listen(self) -> None:
        """Take the stop signals over from Python, which would print a stack trace."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.times += 1

    def __bool__(self) -> bool:
        return self.times > 0

    @property
    def at_once(self) -> bool:
        """Whether it was asked for a second time."""
        return self.times > 1


def read_procfile(path: Path) -> dict[str, list[str]]:
    """Return the commands of a Procfile by name, each as its words."""
    lines = (line.partition(":") for line in path.read_text().splitlines() if line.strip())
    return {name.strip(): shlex.split(command) for name, _, command in lines}


class ProcessGroup:
    """Named processes whose lines are shown with their name in front."""

    def __init__(
        self, commands: Mapping[str, list[str]], *, environment: Mapping[str, str], folder: Path
    ) -> None:
        self._width = max(map(len, commands))
        self._running = {
            # A session of its own: Ctrl-C reaches this command alone, which stops them in order.
            name: subprocess.Popen(  # noqa: S603  the commands are the Procfile's
                command,
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
                errors="replace",
            )
            for name, command in commands.items()
        }
        for name, process in self._running.items():
            if process.stdout:
                threading.Thread(
                    target=self._show, args=(name, process.stdout), daemon=True
                ).start()

    def wait(self, stop: Stop) -> str | None:
        """Return None when a stop is asked for, else the name of the process that ended."""
        while not stop:
            for name, process in self._running.items():
                if process.poll() is not None:
                    return name
            time.sleep(0.1)
        return None

    def stop(self, stop: Stop) -> None:
        """Let each process finish what it is doing, then end it; kill what does not end."""
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + PATIENCE
        while self._alive() and time.monotonic() < end and not stop.at_once:
            time.sleep(0.05)
        for process in self._running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def status_of(self, name: str) -> int:
        """Return the exit status of a process that has ended."""
        return self._running[name].wait()

    def _alive(self) -> bool:
        return any(process.poll() is None for process in self._running.values())

    def _show(self, name: str, lines: IO[str]) -> None:
        for line in lines:
            sys.stdout.write(f"{name:<{self._width}} | {line}")
            sys.stdout.flush()


@contextmanager
def terminal_to_ourselves() -> Iterator[None]:
    """Be the terminal's foreground job, so that Ctrl-C reaches this process and not its caller.

    ``make`` would otherwise receive it too, and report a failure whatever we answer. Where there
    is no terminal nothing is done.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        yield
        return
    caller = os.getpgrp()
    in_front = os.tcgetpgrp(terminal) == caller
    ours = in_front and caller != os.getpid()
    if ours:
        # Our own group may not be stopped by Ctrl-Z: nobody would be there to continue it.
        for number in (signal.SIGTTOU, signal.SIGTTIN, signal.SIGTSTP):
            signal.signal(number, signal.SIG_IGN)
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        if ours:
            os.tcsetpgrp(terminal, caller)
        os.close(terminal)
