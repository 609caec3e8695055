"""Files by which marks are imported into an LMS's gradebook, one module for each system."""
