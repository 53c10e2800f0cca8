"""Ready-made weights: what is on this computer, downloads, and files of somebody's own."""
