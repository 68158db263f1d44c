"""Handing out and deleting: what is held about one child or one employee, and the two decisions behind a purge."""
