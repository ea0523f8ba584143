"""Fleets that come with the package: a folder of configurations for each."""

from pathlib import Path

SEED = Path(__file__).parent / "seed"
"""Two routers with two keyrings each for one peer address: the tunnel comes up from R1 only."""
