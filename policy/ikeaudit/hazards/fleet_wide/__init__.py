"""Hazards of Facts of the whole fleet."""
