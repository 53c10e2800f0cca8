"""How a folder is read, and how far its reading is."""
