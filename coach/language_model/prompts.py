"""What the model is told, as data with a version, and the messages made of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from coach.assessment.data_file import read_yaml

PROMPTS_FILE = Path(__file__).parent / "data" / "prompts.yaml"


@lru_cache(maxsize=1)
def _prompts() -> Mapping[str, str]:
    return {str(key): str(value) for key, value in read_yaml(PROMPTS_FILE.read_bytes()).items()}


@lru_cache(maxsize=1)
def prompts_version() -> str:
    """The number chosen by people, joined with a hash of the words."""
    digest = hashlib.sha256(PROMPTS_FILE.read_bytes()).hexdigest()[:8]
    return f"{_prompts()['version']}+{digest}"


def messages(prompt: str, data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the messages of one question: the instruction, then the data as JSON.

    Raises:
        KeyError: no such prompt.
    """
    return [
        {"role": "system", "content": _prompts()[prompt].strip()},
        {"role": "user", "content": json.dumps(data, ensure_ascii=False)},
    ]
