"""Nodes and weights of the integrals in this package (Gauss and Legendre), made once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NODES = 80


@lru_cache(maxsize=1)
def legendre() -> tuple[Floats, Floats]:
    """Return nodes between -1 and 1 and their weights."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return nodes, weights
