"""Text from prepared values: Jinja2 templates behind one strict environment."""

from ikeaudit.rendering.environment import Templates, render

__all__ = ["Templates", "render"]
