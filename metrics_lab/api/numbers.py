"""Fields of the lab's API."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

if TYPE_CHECKING:
    PlainSerializer = serializers.Serializer[Any]
else:
    PlainSerializer = serializers.Serializer


class FiniteField(serializers.FloatField):
    """A number that is neither infinite nor no number."""

    def to_internal_value(self, data: Any) -> float:
        """Return the number; a fault is named as ValidationError."""
        value = super().to_internal_value(data)
        if isinstance(data, bool) or not math.isfinite(value):
            raise serializers.ValidationError("A finite number is needed.")
        return value
