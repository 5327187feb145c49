"""Sphinx: MyST pages, the furo theme, nothing loaded from elsewhere."""

from __future__ import annotations

project = "Leadterm"
author = "The Leadterm developers"
copyright = "The Leadterm developers, Apache-2.0"
version = release = "0.1.0"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
# Commands and rules are named in full; hyphenated "smart" quotes would break them.
smartquotes = False
html_theme = "furo"
html_title = "Leadterm"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
