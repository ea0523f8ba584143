"""Finds the commands that repair a fleet, and proves them before anybody sends one."""
