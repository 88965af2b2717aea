"""A call that was kept, made again."""
