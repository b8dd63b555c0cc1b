"""Notices: what befell which sources becomes one digest per recipient and cause, and digests become letters."""
