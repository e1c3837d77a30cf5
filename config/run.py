"""``make run``: set up, then web, worker and beat together until Ctrl-C.

Everything an installation on embedded defaults needs, and nothing else. Production starts the
lines of the Procfile under its own supervisor; see docs/deploy.md.
"""

from __future__ import annotations

import errno
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from config.processes import ProcessGroup, Stop, read_procfile, terminal_to_ourselves

ROOT = Path(__file__).resolve().parent.parent
STARTUP_PATIENCE = 120.0
PREPARE = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("prepare", stdout=sys.stderr)
call_command("demo_data", show=True, stdout=sys.stdout)
"""
"""One process for both, because starting Django is most of the cost. Progress goes to stderr,
which is shown at once; the demo sign-ins to stdout, which is kept until the site answers."""


def main() -> int:
    """Set up and serve; return the exit status of the command."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if trouble := _trouble_with(host, port):
        print(trouble)
        return 1
    with terminal_to_ourselves():
        stop = Stop()
        stop.listen()
        environment = _environment(host, port)
        status, sign_ins = _prepare(environment, stop)
        if stop:
            print("Stopped before the site was ready. The next run goes on from here.")
            return 0
        return status or _serve(host, int(port), environment, sign_ins, stop)


def _trouble_with(host: str, port: str) -> str:
    """Return why this port cannot be served on and what to do, or an empty string."""
    if not (port.isdecimal() and 0 < int(port) < 65536):
        return f"PORT must be a number from 1 to 65535, not {port!r}."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    f"Port {port} is in use, perhaps by another `make run`. "
                    f"Stop that one, or choose another port: PORT={int(port) + 1} make run"
                )
            return f"Cannot serve on {host}, port {port}: {error.strerror}. Set HOST or PORT."
    return ""


def _environment(host: str, port: str) -> dict[str, str]:
    return os.environ | {
        "HOST": host,
        "PORT": port,
        "SITE_URL": os.environ.get("SITE_URL", f"http://{_reachable(host)}:{port}"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        # Celery warns root, which is who runs a trial in a container; production has a user.
        "PYTHONWARNINGS": "ignore:You're running the worker",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  comparing, not binding


def _prepare(environment: dict[str, str], stop: Stop) -> tuple[int, str]:
    """Return the exit status of the preparation and the demo sign-ins to show."""
    process = subprocess.Popen(  # noqa: S603  the command is our own
        [sys.executable, "-c", PREPARE],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while process.poll() is None:
        if stop:
            process.terminate()
            break
        time.sleep(0.05)
    sign_ins, _ = process.communicate()
    return process.returncode, sign_ins


def _serve(host: str, port: int, environment: dict[str, str], sign_ins: str, stop: Stop) -> int:
    print("Starting web, worker and beat", flush=True)
    group = ProcessGroup(read_procfile(ROOT / "Procfile"), environment=environment, folder=ROOT)
    words = f"{sign_ins}\nCase Coach is at http://{_reachable(host)}:{port}   (Ctrl-C stops it)"
    threading.Thread(target=_announce, args=(host, port, words, stop), daemon=True).start()
    ended = group.wait(stop)
    if ended is None:
        print("\nStopping; what runs now is finished first.", flush=True)
    else:
        status = group.status_of(ended)
        print(f"\nThe {ended} process ended by itself (status {status}); stopping the others.")
    group.stop(stop)
    if ended is None:
        print(f"Stopped. Your data is in {os.environ.get('VAR_DIR', 'var')}/.")
    return 0 if ended is None else 1


def _announce(host: str, port: int, words: str, stop: Stop) -> None:
    """Print the address and the demo sign-ins once the site answers."""
    end = time.monotonic() + STARTUP_PATIENCE
    while time.monotonic() < end and not stop:
        if _answers(_reachable(host), port):
            print(words, flush=True)
            return
        time.sleep(0.2)


def _answers(host: str, port: int) -> bool:
    """Say whether the site is healthy. Asked directly: a proxy in the environment is not used."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
