"""Lists on their way into the records."""
