"""How a folder is read: where labels come from, and which part a photo belongs to."""
