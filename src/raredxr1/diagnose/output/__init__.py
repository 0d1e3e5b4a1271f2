"""A Result on a terminal, as a page, as a table. Nothing here computes; nothing in training imports it."""
