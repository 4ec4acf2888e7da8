"""What changes a concern once it is raised."""
