"""Ready recipes: one for each reference system, and a person's own."""
