"""What a page does not need is not imported for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
import django
django.setup()
import config.urls
from django.test import Client
assert Client().get("/lab/").status_code == 200, "the lab's first page"
slow = sorted(name for name in sys.modules if name.split(".")[0] in
              ("scipy", "vl_convert", "pint", "SALib", "statsmodels", "pandas", "matplotlib"))
print(",".join(slow))
"""


def test_a_plain_page_imports_no_scipy_and_no_chart_renderer(tmp_path: Path) -> None:
    from django.conf import settings

    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "PATH": "/usr/bin:/bin",
        "DJANGO_DEBUG": "1",
    }
    assert settings.configured
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == ""
