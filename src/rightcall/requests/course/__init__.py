"""What changes a request once it has come."""
