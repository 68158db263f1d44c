"""Reviewing and verifying the access log."""
