"""The selection's protocol and data as files."""
