"""A judged case made of the few things a test is about."""

from raredxr1.evaluate.judging import JudgedCase


def case(number: int, strict: int | None = None, subtype: int | None = None, **more: object) -> JudgedCase:
    fields = {"case_id": f"c{number}", "file": "f", "gold": f"disease {number % 3}", "gold_ids": [f"OMIM:{number % 3}"],
              "status": "ok", "strict": strict, "subtype": subtype, "category": None, "unparsed": False, "unlinked": 0,
              "answered": 2, "groups": ["all"], **more}  # fmt: skip
    return JudgedCase.model_validate(fields)
