"""The tenant's directory: agents, groups, prompts, numbers and lists from a YAML file."""
