"""The output formats, one module each, or a folder where a format is large."""
