"""The code book and the coding desk in the browser, and the code sets over HTTP: `create_app` (extra `[web]`).

Charts are below `/desk` alone: every request passes the `door`, which lets in what `access` lets in. Elsewhere no
patient data comes in and nothing is kept. No page asks another machine for anything.
"""

from .app import create_app

__all__ = ["create_app"]
