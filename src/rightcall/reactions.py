"""What happens when: one table from statement to procedure."""
