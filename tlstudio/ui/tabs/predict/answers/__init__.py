"""The answers: little memory for each, in any order, as a table, one of them large."""
