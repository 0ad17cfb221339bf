"""Which values of chosen keys the record does not rule out."""
