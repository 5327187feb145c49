"""Finds official files on their owners' pages, fetches them and hands them to the installer."""

from __future__ import annotations

from .fetch import OFFICIAL, Policy
from .pages import Page, load_pages
from .updating import Wanted, update, wanted

__all__ = ["OFFICIAL", "Page", "Policy", "Wanted", "load_pages", "update", "wanted"]
