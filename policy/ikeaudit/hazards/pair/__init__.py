"""Hazards of Two routers and both directions between them."""
