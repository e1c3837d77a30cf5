"""Typed readers of the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.env import language_model, mail_server


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import config.settings as s; print(s.SECRET_KEY)"],
        cwd=settings.BASE_DIR,
        env=kept | {"VAR_DIR": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_development_makes_a_key_and_keeps_it_for_itself(tmp_path: Path) -> None:
    first, second = start(tmp_path), start(tmp_path)
    assert first.returncode == 0, first.stderr
    assert len(first.stdout.strip()) > 50
    assert first.stdout == second.stdout
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_key_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    assert start(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key")).stdout == "from a file\n"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"CASE_COACH_ENV": "production"}, "Set SECRET_KEY or SECRET_KEY_FILE"),
        ({"CASE_COACH_ENV": "prod"}, "must be production or development"),
        ({"DEBUG": "perhaps"}, "DEBUG"),
    ],
)
def test_nonsense_is_refused_at_the_start_by_its_name(
    tmp_path: Path, variables: dict[str, str], words: str
) -> None:
    done = start(tmp_path, **variables)
    assert done.returncode != 0
    assert words in done.stderr


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", {}),
        ("smtp+tls://me%40e.org:p%3A1@mail.e.org", ("mail.e.org", 587, "me@e.org", "p:1", True)),
        ("smtp+ssl://mail.e.org", ("mail.e.org", 465, "", "", False)),
        ("smtp://mail.e.org:2525", ("mail.e.org", 2525, "", "", False)),
    ],
)
def test_the_mail_server_is_read_from_its_address(
    monkeypatch: pytest.MonkeyPatch, address: str, expected: object
) -> None:
    monkeypatch.setenv("EMAIL_URL", address)
    found = mail_server()
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS")
    assert (tuple(found[f"EMAIL_{name}"] for name in names) if found else {}) == expected


@pytest.mark.parametrize("address", ["mail.e.org", "http://mail.e.org", "smtp://"])
def test_an_address_of_no_mail_server_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("EMAIL_URL", address)
    with pytest.raises(ValueError, match="EMAIL_URL must be"):
        mail_server()


MODEL = {"LANGUAGE_MODEL_URL": "https://models.example.org/v1", "LANGUAGE_MODEL_NAME": "big-one"}


def test_without_variables_there_is_no_language_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in MODEL:
        monkeypatch.delenv(name, raising=False)
    assert (language_model().url, language_model().host) == ("", "")


def test_a_language_model_is_read_from_its_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (MODEL | {"LANGUAGE_MODEL_KEY": "secret-key"}).items():
        monkeypatch.setenv(name, value)
    found = language_model()
    assert (found.host, found.name, found.key) == ("models.example.org", "big-one", "secret-key")
    assert (found.seconds, found.without_university) == (20.0, False)
    assert "secret-key" not in repr(found)


@pytest.mark.parametrize(
    "variables",
    [
        {"LANGUAGE_MODEL_NAME": ""},
        {"LANGUAGE_MODEL_URL": ""},
        {"LANGUAGE_MODEL_URL": "models.example.org/v1"},
        {"LANGUAGE_MODEL_URL": "ftp://models.example.org/v1"},
        {"LANGUAGE_MODEL_URL": "https://me:secret@models.example.org/v1"},
        {"LANGUAGE_MODEL_SECONDS": "600"},
        {"LANGUAGE_MODEL_SECONDS": "0"},
    ],
)
def test_a_language_model_that_cannot_be_meant_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in (MODEL | variables).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match="LANGUAGE_MODEL_"):
        language_model()


@pytest.mark.parametrize(
    ("asked_for", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")]
)
def test_numpy_is_given_one_thread_unless_somebody_says_otherwise(
    asked_for: dict[str, str], threads: str
) -> None:
    script = "import sys, config, os; print('numpy' in sys.modules, os.environ[sys.argv[1]])"
    said = subprocess.run(
        [sys.executable, "-c", script, "OPENBLAS_NUM_THREADS"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **asked_for},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["False", threads]
