"""Cells of a CSV file that a spreadsheet will open."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: str) -> str:
    """Return the value with a leading apostrophe where a spreadsheet would read a formula.

    The rule and its list of characters follow OWASP's page on CSV injection.
    """
    return f"'{value}" if value.startswith(DANGEROUS) else value
