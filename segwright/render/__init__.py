"""What people and machines see: diagnostics, runs and explanations as text and JSON."""
