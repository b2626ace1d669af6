"""`segwright ci`: everything that a change of rules must pass, in one go."""
