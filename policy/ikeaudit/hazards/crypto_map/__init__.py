"""Hazards of Crypto maps."""
