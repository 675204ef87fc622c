"""The rules of the house, read from the syntax tree. Each rule is also shown an offender, and must name it."""
