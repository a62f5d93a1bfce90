"""``knowwho setup``: what every network of this user runs on, fetched and prepared once."""
