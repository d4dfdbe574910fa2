"""The page for people: what is in the sandbox and what happens to it, for a browser."""
