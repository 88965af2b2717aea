"""A day, a week or a year of calls: people who call, agents who work, and what comes of it, in numbers."""
