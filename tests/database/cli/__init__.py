"""Commands, run as an operator runs them."""
