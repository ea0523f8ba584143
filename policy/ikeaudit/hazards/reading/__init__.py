"""Hazards of what could not be read."""
