"""Where photos come from: folders, archives, sets of arrays, samples, downloads."""
