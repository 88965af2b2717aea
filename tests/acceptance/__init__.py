"""Published call flows of other systems, written in the language, with calls that must go as published."""
