"""Text from prepared values: Jinja2 templates behind one strict environment."""

from ikeaudit.rendering.environment import Templates, packaged, render

__all__ = ["Templates", "packaged", "render"]
