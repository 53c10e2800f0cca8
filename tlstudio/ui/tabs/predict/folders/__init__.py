"""Folders that are classified one after the other, go on after a restart, and are watched."""
