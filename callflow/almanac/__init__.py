"""Opening hours and public holidays at an instant. Only here are `opening_hours`, `holidays` and `zoneinfo` imported."""
