"""What is written and asked: a text by its id, a form, whole percent, paragraphs of law, and what must not stand."""
