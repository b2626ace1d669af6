"""Rules as git keeps them: the rules of any revision, read from its objects without a checkout."""
