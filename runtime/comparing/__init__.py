"""Old rules and new rules over the same rows, in one pass: who moves, where to, and because of which change."""
