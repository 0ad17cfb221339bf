"""Which uncertain inputs an outcome's spread comes from."""
