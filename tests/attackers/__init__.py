"""The eight attackers of docs/threat-model.md: each with what they have, and what they must not come to know by it."""
