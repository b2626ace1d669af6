"""Hand-worked cases, their format and what runs them. README.md tells how one is written."""
