"""The code book in the browser, and the code sets over HTTP: `create_app` gives the application (extra `[web]`).

It reads code sets only: no patient data comes in, nothing is kept, and no page asks another machine for anything.
"""

from .app import create_app

__all__ = ["create_app"]
