"""What can be configured: one block a file, every keyword declared once."""
