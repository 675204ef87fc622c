"""The mail room: an outbox that changes write to, messages rendered at the moment of sending, and their delivery."""
