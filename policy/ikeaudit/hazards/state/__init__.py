"""Hazards that the routers' state tells of."""
