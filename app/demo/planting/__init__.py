"""Planting: puts invented people and their past into the database, as the actions would have left it.

What has an action that is quick enough goes through it: every proposal comes from a real matching run. The rest is
written in bulk, with the audit events and outgoing mails that the actions write beside such a change.
"""
