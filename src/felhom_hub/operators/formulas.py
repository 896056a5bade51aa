"""Text for a cell of a CSV file, so that no spreadsheet takes it for a formula; pure.

What begins with = + - @, a tab or a carriage return gets an apostrophe in front, as OWASP advises; likewise the
full-width forms that some spreadsheets read the same way. Quotes and commas are the CSV writer's business (RFC 4180).
"""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """The text, with an apostrophe in front where it would start a formula."""
    return f"'{text}" if text.startswith(_STARTS) else text
