"""What differs between two versions of the rules, for terminals, for programs, and for a comment on a pull request."""
