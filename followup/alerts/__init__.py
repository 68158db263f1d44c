"""How an alert is ended."""
