"""What is done with the answers: sheets for folders, tables, keywords and the model itself."""
