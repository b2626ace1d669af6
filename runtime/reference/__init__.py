"""The reference interpreter: what a `Program` means, slowly and obviously.

It evaluates the checked `Program` over plain Python rows and shares no lowering with any engine. Comments quote the
sentence of the language reference that a line follows.
"""
