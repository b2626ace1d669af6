"""Hypothesis strategies: rule texts that check clean by construction, and rows that live on their boundaries."""
