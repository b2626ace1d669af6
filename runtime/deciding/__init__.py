"""One decision at a time, from a compiled rule set alone: neither parser nor engine is imported.

`decision.py` is what comes out, `problems.py` what is said about input that does not fit, `deciders.py` makes the
functions that decide and keeps them.
"""
