"""What data looks like before anybody has declared it: columns, keys, and what belongs to what."""
