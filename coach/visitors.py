"""Visitors are known to every room: see ``accounts.visitors``."""

from accounts.visitors import ensure_token, remember, visitor_hash

__all__ = ["ensure_token", "remember", "visitor_hash"]
