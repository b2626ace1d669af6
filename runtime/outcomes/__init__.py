"""What segments are worth: measures with their intervals, targets, guards, fairness, contact pressure."""
