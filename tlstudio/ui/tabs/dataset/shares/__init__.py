"""How the photos are shared out."""
