"""The blueprint that every module of this package adds its pages to."""

from flask import Blueprint

blueprint = Blueprint("account", __name__, url_prefix="/account")
