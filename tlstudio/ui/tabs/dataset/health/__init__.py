"""What is good and what is wrong with a folder."""
