"""What the outside may ask; one verb, one function; the only writers."""
