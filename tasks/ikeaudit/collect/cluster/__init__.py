"""Collecting on many machines: a Nornir runner over dask.distributed, and what its workers do.

Secrets stay where they are: credentials and the fingerprint key on the workers, keys of routers in a worker's memory.
"""
