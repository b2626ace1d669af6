"""Arithmetic on figures that brings the gradient along, exactly: no step to be chosen, no difference to cancel.

The rules are those of differentiation, applied forwards (Wengert, "A simple automatic derivative evaluation program",
Communications of the ACM 7, 1964)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slope:
    """The value of an expression and its derivatives by each of the k means it is reckoned from."""

    value: float
    gradient: tuple[float, ...]


def mean(number: int, means: Sequence[float]) -> Slope:
    """The mean of that number (from 0) among all the means."""
    return Slope(means[number], tuple(float(other == number) for other in range(len(means))))


def constant(value: float, size: int) -> Slope:
    """What depends on none of `size` means: a literal, a parameter, the number of rows."""
    return Slope(value, (0.0,) * size)


def plus(a: Slope, b: Slope) -> Slope:
    return Slope(a.value + b.value, _combined(1.0, a, 1.0, b))


def minus(a: Slope, b: Slope) -> Slope:
    return Slope(a.value - b.value, _combined(1.0, a, -1.0, b))


def times(a: Slope, b: Slope) -> Slope:
    return Slope(a.value * b.value, _combined(b.value, a, a.value, b))


def over(a: Slope, b: Slope) -> Slope:
    """Raises `ZeroDivisionError` where b is 0."""
    value = a.value / b.value
    return Slope(value, _combined(1 / b.value, a, -value / b.value, b))


def _combined(of_a: float, a: Slope, of_b: float, b: Slope) -> tuple[float, ...]:
    return tuple(of_a * left + of_b * right for left, right in zip(a.gradient, b.gradient, strict=True))
