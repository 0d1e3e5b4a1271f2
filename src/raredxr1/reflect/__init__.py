"""Stage 2, RERS: a failed answer goes back with knowledge and opinions, is revised, checked, and becomes a lesson."""
