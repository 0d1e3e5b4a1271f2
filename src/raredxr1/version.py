"""The version of this program: a file of its own, so that what every output states is not asked of the package's root.

The root offers `Diagnoser`; a module that imported the root for its version would stand above and below it at once.
"""

VERSION = "0.1.0"
