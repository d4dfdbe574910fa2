"""The portal behind the API: what it holds and how it behaves. It knows no HTTP."""
