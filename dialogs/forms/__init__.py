"""What dialogs are made of: forms, lists, and what each of them offers to be typed and pressed."""
