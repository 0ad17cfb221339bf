"""A campaign at many points of chosen keys, and where its outcomes cross the record."""
