"""What is handed to others: a report, a model card, a table of the answers."""
