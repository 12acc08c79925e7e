"""The HTTP surfaces, and the framework that they share: tables of routes, served and documented alike."""
