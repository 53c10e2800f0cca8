"""What can be wrong with a folder of photos, one module a kind, and how it could be read instead."""
