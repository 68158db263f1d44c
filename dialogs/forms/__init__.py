"""What forms and lists are made of."""
