"""Figures over units, months and people."""
