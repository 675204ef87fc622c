"""Nouns: everything a screen, a mail or a command reads. Nothing here changes data."""
