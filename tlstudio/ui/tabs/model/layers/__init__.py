"""The editor of layers: for networks from scratch, and for the last layers of any network."""
