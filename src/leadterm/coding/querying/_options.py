"""What every query offers besides its own options."""

from __future__ import annotations

ALWAYS = ("other (please specify)", "unable to determine")
