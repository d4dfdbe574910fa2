"""Long proofs of what the client promises; `python scripts/prove.py` runs them in full and writes docs/proof.md."""
