"""The battle table and what is fitted on it."""
