"""Text to tree and tree to text. The only part that imports `lark`."""
