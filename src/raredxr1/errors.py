"""The one exception users see: something they can mend, said in one line."""


class InputError(Exception):
    """Bad input from the user: a file, a note, an option, a damaged model. The command line prints it and exits 2.

    The message names the file, the line and the value where there are such, and what would mend it. It never contains
    clinical text.
    """
