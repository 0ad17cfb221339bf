"""Studies of a campaign: many points, sources of spread, keys brought to the record."""
