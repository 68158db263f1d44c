"""The migrations, in order, and the environment that runs them."""
