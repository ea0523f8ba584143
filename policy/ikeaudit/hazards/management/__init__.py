"""Hazards of Algorithms and policies."""
