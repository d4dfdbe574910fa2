"""Parts of `scripts/generate.py`: how the published contract becomes the generated client."""
