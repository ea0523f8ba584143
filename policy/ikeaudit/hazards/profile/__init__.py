"""Hazards of ISAKMP profiles and what they are bound to."""
