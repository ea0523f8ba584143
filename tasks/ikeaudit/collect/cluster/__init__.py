"""Many machines: a Nornir runner over dask.distributed that collects, other work spread over a cluster, and what workers do.

Secrets stay where they are: credentials and the fingerprint key on the workers, keys of routers in a worker's memory.
"""
