"""Signals and their versions."""
