"""What the coach's tests share is used here too."""

from tests.coach.conftest import woken

__all__ = ["woken"]
