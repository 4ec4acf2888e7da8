"""What is known of what is gone, and for how long."""
