"""What comes back from an LMS: its reports are read, matched with the export, and marked as every response is."""
