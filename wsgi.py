"""What a web server and `flask` load: `wsgi:app`. Refuses to start in one line where a setting is missing."""

import sys

from app import create_app
from config import MissingSetting

try:
    app = create_app()
except MissingSetting as missing:
    print(missing, file=sys.stderr)
    # gunicorn starts a worker anew, again and again, unless it hears its own "the application did not load".
    raise SystemExit(4 if "gunicorn" in sys.modules else 2) from None
