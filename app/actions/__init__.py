"""Verbs: everything that changes data.

Each runs inside the caller's `transaction()`, checks permission, state and scope by itself, and writes the audit event
and the outgoing mails beside the change. Nothing here knows of requests, forms or terminals.
"""
