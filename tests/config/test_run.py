"""One command serves the site: its processes start together and stop together."""

import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from config import run
from config.processes import ProcessGroup, Stop, read_procfile

WAITS = [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(60)"]
FINISHES = [
    sys.executable,
    "-c",
    "import signal, sys, time\n"
    "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), print('finished'), sys.exit(0)))\n"
    "print('ready', flush=True)\n"
    "time.sleep(60)",
]
ENDS = [sys.executable, "-c", "raise SystemExit(3)"]


def group(**commands: list[str]) -> ProcessGroup:
    return ProcessGroup(commands, environment=os.environ, folder=Path.cwd())


def wait_for(capsys: pytest.CaptureFixture[str], words: str) -> str:
    shown, end = "", time.monotonic() + 20
    while words not in shown and time.monotonic() < end:
        shown += capsys.readouterr().out
        time.sleep(0.02)
    assert words in shown
    return shown


def test_the_procfile_names_web_worker_and_beat() -> None:
    commands = read_procfile(run.ROOT / "Procfile")

    assert list(commands) == ["web", "worker", "beat"]
    assert [words[0] for words in commands.values()] == ["gunicorn", "celery", "celery"]


def test_a_stop_ends_every_process(capsys: pytest.CaptureFixture[str]) -> None:
    stop = Stop()
    processes = group(one=WAITS, two=WAITS)
    wait_for(capsys, "one | ready")
    threading.Timer(0.2, lambda: stop._heard(signal.SIGINT, None)).start()

    assert processes.wait(stop) is None
    processes.stop(stop)

    assert [processes.status_of(name) for name in ("one", "two")] == [-signal.SIGTERM] * 2


def test_what_runs_is_finished_before_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    processes = group(worker=FINISHES)
    wait_for(capsys, "worker | ready")

    processes.stop(Stop())

    assert processes.status_of("worker") == 0
    wait_for(capsys, "worker | finished")


def test_a_process_that_ends_by_itself_is_named() -> None:
    stop = Stop()
    processes = group(worker=ENDS, web=WAITS)

    assert processes.wait(stop) == "worker"
    assert processes.status_of("worker") == 3
    processes.stop(stop)
    assert processes.status_of("web") == -signal.SIGTERM


def test_the_command_fails_and_says_which_process_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Procfile").write_text("worker: false\nweb: sleep 60\n")
    monkeypatch.setattr(run, "ROOT", tmp_path)

    assert run._serve("127.0.0.1", 1, dict(os.environ), "", Stop()) == 1
    assert "The worker process ended by itself (status 1)" in capsys.readouterr().out


def test_a_busy_port_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        monkeypatch.delenv("HOST", raising=False)

        assert run.main() == 1
    assert f"Port {port} is in use" in capsys.readouterr().out


@pytest.mark.parametrize("port", ["abc", "0", "70000", ""])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    assert run.main() == 1
