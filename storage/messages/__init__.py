"""What is to be said and what has been answered: the outbox, conversations, links."""
