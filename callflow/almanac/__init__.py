"""Opening hours and holidays at an instant. Only here are `opening_hours`, `holidays` and `zoneinfo` imported."""
