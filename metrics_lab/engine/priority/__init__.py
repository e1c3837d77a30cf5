"""RICE and ICE: scores of ideas, and their ranking where figures are ranges."""
