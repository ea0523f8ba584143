"""Hazards of Protected tunnel interfaces."""
