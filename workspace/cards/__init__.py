"""What the chat has as cards and no page of its own here yet: the same cards as pages, and every button as a form."""
