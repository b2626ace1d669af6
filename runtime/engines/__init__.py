"""What executes rules: one protocol, one module for each engine. An engine is imported when it is asked for."""
