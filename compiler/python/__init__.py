"""One decision at a time: a `Plan` as Python source.

`lower.py` and `lower_aggregates.py` say what each function of the language is in Python, `expressions.py` writes the
expressions of a plan with them, `module.py` a whole function, and `generated.py`, the only place that does, runs what
was written. The source calls the functions of `support.py` and `accept.py`.
"""
