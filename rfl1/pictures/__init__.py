"""A call on the real app without a terminal: keys go in, and a picture of every step comes out."""
