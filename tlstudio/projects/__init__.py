"""Projects: a person's work on a folder of photos, kept in one SQLite file."""
