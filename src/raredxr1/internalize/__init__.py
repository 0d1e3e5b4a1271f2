"""Stage 1, knowledge internalization: what the knowledge base says becomes dialogues, and dialogues become weights."""
