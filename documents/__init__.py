"""Files in, files out: the register's import, its templates, and what it refuses."""
