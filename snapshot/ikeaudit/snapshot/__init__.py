"""What lies on disk: snapshots, the workspace and its key, and the one way in which files are read and written."""
