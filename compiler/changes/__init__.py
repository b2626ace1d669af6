"""What changed between two programs: renames and rearrangements told apart from changes of meaning."""
