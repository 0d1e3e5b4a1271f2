"""Registers: the ways in which people write about a patient, each in a module of its own."""
