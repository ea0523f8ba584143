"""Finds the commands that repair a fleet, and proves them before anybody sends one (DESIGN 3.5 to 3.7)."""
