"""Domo's surface, in Domo's words: apps that were written for Domo Workflows run on it unchanged."""

from penstock.api.domo.routes import routes

__all__ = ["routes"]
