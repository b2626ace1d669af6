"""Engines against the reference interpreter, on generated rules and rows."""
