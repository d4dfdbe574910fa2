"""Benchmarks: ratios between this client and its peers, measured side by side in one run."""
