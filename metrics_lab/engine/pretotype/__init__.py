"""Pretotypes: a hypothesis with a number, and the rule that decides it."""
