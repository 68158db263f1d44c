"""What is written and asked: a text by its id, a form and its answers, whole percent, and what must not stand."""
