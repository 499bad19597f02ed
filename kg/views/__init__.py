"""Pictures and texts, one module a picture. Views see rows and networks, never files or the store's insides."""
