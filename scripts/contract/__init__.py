"""Parts of `check_contract.py` and `update_contract.py`: whether everything fits, and how a newer contract comes in."""
