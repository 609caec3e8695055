"""Pages served on this machine alone, to the one who started the server."""
