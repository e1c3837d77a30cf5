"""One question to an OpenAI-compatible endpoint, with an end to its time and to its size.

The endpoint is the operator's choice, and still nothing it sends is trusted: a redirect is not
followed, nothing is unpacked, and no proxy, cookie or password of the environment is used.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx

from coach.language_model.reply import MalformedReply, read_object

LARGEST_REPLY = 64 * 1024
"""Bytes; the longest reply that follows the schema is a tenth of it."""
MOST_TOKENS = 1500
ANSWERED, BAD_REQUEST, TOO_MANY, SERVER_FAULT = 200, 400, 429, 500
MODEL_NAME_LIMIT = 100
Message = Mapping[str, str]


class ModelFault(Exception):
    """The endpoint gave no reply that can be read.

    ``kind`` is a word for the log, never a text of anybody's; ``passing`` says whether a second
    try could end better.
    """

    def __init__(self, kind: str, *, passing: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        self.passing = passing


@dataclass(frozen=True)
class Endpoint:
    """Where the model answers: the address up to ``/v1``, the model's name, the key if it asks."""

    url: str
    name: str
    key: str = field(default="", repr=False)
    seconds: float = 20.0
    """The whole time of a question, from looking up the name to the last byte."""


@dataclass(frozen=True)
class ModelReply:
    """What the model wrote, and what it calls itself."""

    text: str
    model: str


def ask(endpoint: Endpoint, messages: Sequence[Message]) -> ModelReply:
    """Ask once and return the reply.

    An endpoint that refuses the usual options is asked a second time without them, in what is left
    of the time.

    Raises:
        ModelFault: no reply in time, or none that has the form of the protocol.
    """
    try:
        return asyncio.run(_in_time(endpoint, messages))
    except TimeoutError as error:
        raise ModelFault("timeout", passing=True) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ModelFault(type(error).__name__, passing=True) from error


async def _in_time(endpoint: Endpoint, messages: Sequence[Message]) -> ModelReply:
    async with asyncio.timeout(endpoint.seconds), _client(endpoint) as client:
        bare = {"model": endpoint.name, "messages": list(messages)}
        status, body = await _post(client, bare | {"temperature": 0, "max_tokens": MOST_TOKENS})
        if status == BAD_REQUEST:
            status, body = await _post(client, bare)
    if status != ANSWERED:
        raise ModelFault(f"status {status}", passing=status == TOO_MANY or status >= SERVER_FAULT)
    return _read(body)


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """The machine's own, so that an endpoint inside an organization can be trusted by it."""
    return ssl.create_default_context()


def _client(endpoint: Endpoint) -> httpx.AsyncClient:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    return httpx.AsyncClient(
        base_url=endpoint.url,
        headers=headers,
        verify=_certificates(),
        timeout=None,  # noqa: S113  the whole question has an end, see _in_time
        trust_env=False,
        follow_redirects=False,
    )


async def _post(client: httpx.AsyncClient, question: Mapping[str, Any]) -> tuple[int, bytes]:
    """Return status and body; the body of anything but an answer is not read."""
    async with client.stream("POST", "chat/completions", json=question) as response:
        if response.status_code != ANSWERED:
            return response.status_code, b""
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise ModelFault("encoded")
        body = bytearray()
        async for part in response.aiter_raw():
            body += part
            if len(body) > LARGEST_REPLY:
                raise ModelFault("too large")
        return response.status_code, bytes(body)


def _read(body: bytes) -> ModelReply:
    try:
        envelope = read_object(body.decode("utf-8"))
        text = envelope["choices"][0]["message"]["content"]
    except (UnicodeDecodeError, MalformedReply, LookupError, TypeError) as error:
        raise ModelFault("not the protocol") from error
    if not isinstance(text, str):
        raise ModelFault("not the protocol")
    named = envelope.get("model")
    return ModelReply(text, named[:MODEL_NAME_LIMIT] if isinstance(named, str) else "")
