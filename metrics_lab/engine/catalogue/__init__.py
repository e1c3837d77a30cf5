"""The catalogue of metrics: definitions, how they hang together, and how they are found."""
