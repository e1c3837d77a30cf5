"""A sheet: inputs with their origin, what is computed of them, and what is not known."""
