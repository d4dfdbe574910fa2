"""What goes wrong before the portal opens."""


class StateFileError(Exception):
    """A state file can't be used; nothing was changed in it."""
