"""Station files and vehicle messages: bytes to records and back, pure; one module per document."""

from protocols.formats.detection import FORMATS, parse_file

__all__ = ["FORMATS", "parse_file"]
