"""What people say of the law's clocks: what runs, what was done, and plans that are read through."""
