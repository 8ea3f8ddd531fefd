"""The playground's house model, a cook who specialises in Neapolitan pizza: its voice, and what it learns it from."""
