"""What may be said about the figures of a group of customers: intervals, marks and tests, from counts and sums alone.

The rows of a run are counted in full, so how many there are and what they add up to is exact (`figures.counted`).
A rate or a mean is stated for what brought these rows about: the customers who might as well have been in the group,
and those who will be in the next one (Deming, "On the distinction between enumerative and analytic studies", Journal
of the American Statistical Association 48, 1953). Its interval treats the rows as independent draws from there; rows
that go together (one household, one employer) make the true interval wider than the one that is stated.

Engines count and add; every figure here is reckoned from exact sums, so that all engines give the same."""
