"""Tests of the reference interpreter, and how it reads raw values."""
