"""What may be seen of a thing, as a value: filtered by the access table and the rules for small units, and logged."""
