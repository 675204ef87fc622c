"""The demo's invented world. Only the command line comes here, and only where `VESTKA_DEMO=1` says that it is a demo.

Nobody in it exists. Everything but `planting` and `seeding` is pure: the same seed on the same day invents the same
people. `docs/commands.md` says what `flask demo seed` promises.
"""
