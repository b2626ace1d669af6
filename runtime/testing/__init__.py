"""The rule files' tests: made-up rows on every engine and on the reference interpreter.

`program.py` makes of a program one in which whatever is not given is missing; `dataset.py` makes rows of cases;
`engines.py` lists the engines; `run.py` puts it together and compares.
"""
