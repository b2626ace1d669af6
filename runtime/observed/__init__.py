"""A run observed again: where its rows fall out, who nearly got in, where segments overlap, how values are spread."""
