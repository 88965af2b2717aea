"""Schemes in colour: the words of the language for highlighters, and the lexer for Pygments."""
