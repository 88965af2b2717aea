"""Many calls at once in a world that fails by chance, and what has to hold whatever happens."""
