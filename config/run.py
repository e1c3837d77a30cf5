"""``make run``: set up, then web, worker and beat together until Ctrl-C.

Everything an installation on embedded defaults needs, and nothing else. Production starts the
lines of the Procfile under its own supervisor; see docs/deploy.md.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager

ROOT = Path(__file__).resolve().parent.parent
STARTUP_PATIENCE = 60.0


def main() -> int:
    """Set up and serve; return the exit status of the command."""
    host = os.environ.get("HOST", "127.0.0.1")
    port = int(os.environ.get("PORT", "8000"))
    if not _is_free(host, port):
        print(
            f"Port {port} is in use, perhaps by another `make run`. "
            f"Stop that one, or choose another port: PORT={port + 1} make run"
        )
        return 1
    prepared = subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, check=False)
    if prepared.returncode:
        return prepared.returncode
    return _serve(host, port)


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _serve(host: str, port: int) -> int:
    environment = os.environ | {
        "HOST": host,
        "PORT": str(port),
        "SITE_URL": os.environ.get("SITE_URL", f"http://{host}:{port}"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    manager = Manager()
    procfile = parse_procfile((ROOT / "Procfile").read_text())
    for name, command in procfile.processes.items():
        manager.add_process(name, command, env=environment, cwd=str(ROOT), quiet=True)
    announcer = threading.Thread(target=_announce, args=(host, port), daemon=True)
    announcer.start()
    manager.loop()
    stopped_by_hand = manager.returncode in (0, 130, 143, -2, -15)
    print("Stopped. Your data is in var/." if stopped_by_hand else "A process ended by itself.")
    return 0 if stopped_by_hand else 1


def _announce(host: str, port: int) -> None:
    """Print the address and the demo sign-ins once the site answers."""
    address = f"http://{host}:{port}"
    end = time.monotonic() + STARTUP_PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    subprocess.run([sys.executable, "manage.py", "demo_data", "--show"], cwd=ROOT, check=False)
    print(f"\nCase Coach is at {address}   (Ctrl-C stops it)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
