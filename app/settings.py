"""The settings of the running application, for the rooms that may not see Flask's request."""

from flask import current_app

from config import Settings


def current_settings() -> Settings:
    """The settings that `create_app` was given."""
    settings: Settings = current_app.config["VESTKA"]
    return settings
