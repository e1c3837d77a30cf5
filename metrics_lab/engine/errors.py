"""What can be wrong with a model: each error names the symbol and says the remedy."""


class ModelError(ValueError):
    """A model that cannot be; `symbol` is where it goes wrong."""

    def __init__(self, symbol: str, message: str) -> None:
        super().__init__(message)
        self.symbol = symbol


class CycleError(ModelError):
    """Symbols that are defined by one another, so that none can come first."""


class MissingInputError(ModelError):
    """A symbol that a formula needs and nobody gives."""


class ContradictionError(ModelError):
    """Two sources of one number that do not agree."""


class ImpossibleError(ModelError):
    """A value that cannot be: a division by zero, a share over 1."""


class UnknownSymbolError(ModelError):
    """A symbol the model does not hold."""


class LeverError(ModelError):
    """A lever that cannot be pulled as asked."""
