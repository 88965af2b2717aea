"""Tree to checked scheme: names, values, declarations. Paths are proven on the machine, in `prove`."""
