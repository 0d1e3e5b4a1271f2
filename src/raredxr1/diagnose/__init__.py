"""One note through the product: engines, evidence, confidence.

`diagnose(note, open_model(), open_names(), Options(form="short"))` gives a Result.
"""

from raredxr1.diagnose.model import Model, open_model
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.pipeline import Options, diagnose
from raredxr1.diagnose.result import Result

__all__ = ["Model", "Names", "Options", "Result", "diagnose", "open_model", "open_names"]
