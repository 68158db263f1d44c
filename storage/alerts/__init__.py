"""Alerts, the notes to them and the decisions on them."""
