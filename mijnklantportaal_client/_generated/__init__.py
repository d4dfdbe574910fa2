"""Generated from the contract. Do not edit: change openapi.yaml, its overlay or the templates, then `make generate`."""
