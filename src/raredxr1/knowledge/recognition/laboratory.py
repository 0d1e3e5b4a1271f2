"""Findings from values: "Ceruloplasmin 0.06 g/L (0.20-0.60)", "AST/ALT 210/180", "lactate ↑".

A value is judged by the range that stands behind it, else by a flag (H, L, an arrow, "5 x ULN"), else by the usual
range in its unit (`analytes`). A value inside its range says that the finding is absent. What stands without
unit, range and flag is left alone, except where every unit that the value may be in says the same. Rows of tables:
`result_rows`.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.analytes import (
    HIGH,
    LOW,
    NORMAL,
    NUMBER,
    TIMES,
    UNIT,
    UNIT_BEFORE,
    WORD,
    Analyte,
    analyte_at,
    analyte_named,
    may_name_analytes,
    number,
)
from raredxr1.knowledge.recognition.fluids import owning_fluid
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.knowledge.recognition.result_rows import judged_row
from raredxr1.knowledge.recognition.vital_signs import grown_up
from raredxr1.rare_re import rare

_FILLER = (
    r"(?:0?\d|1[0-2])(?:[:.]\d\d)?\s?[ap]m|of|was|were|is|at|level|levels|concentration|count|value|values|persistently|markedly|mildly|elevated|"
    r"raised|high|low|"
    r"reduced|decreased|increased|to|up|only|measured|result|serum|plasma|about|around|approximately|maximum|"
    r"max|peak|peaked|"
    r"fell|fallen|rose|risen|dropped|went|sat|down|nadir|trough|has|have|had|been|now|currently|again|repeat|latest|"
    r"recent|initial|"
    r"initially|just|still|then|as|on|air|room|in|her|his|came|back|found|very|slightly|with|a|an|total|fasting|"
    r"random|"
    r"sitting|seated|upright|erect|standing|supine|lying|"
    r"antigen|function|functional|level by \w+|"
    r"being|on lumbar puncture|activity|enzyme|leu[kc]ocytes?|fibroblasts|lymphocytes|white cells|DBS|"
    r"dried blood spots?|x\s?\d(?=\s*[:=])|twice(?=\s*[:=])"
)
_VALUE = re.compile(
    rf"(?:,(?!\s*\d)[^,.;:\d\n]{{3,70}},(?=\s*(?:was|were|is|came back|measured)\b))?"
    rf"(?:\s*(?:,|:|=|-|–|(?:{_FILLER})\b)|\s*[:=,~]|\s*\((?!\s*[\d<>])[^()\n]{{1,25}}\)){{0,7}}"
    r"(?:\s*\((?=\s*[\d<>]))?"
    r"\s*(?P<mark>[↑↓<>≤≥~]*)\s*(?P<value>" + NUMBER + r")"
    r"(?!\d|/\d|\.\d|\s?[-–]\s?\d|-(?:year|month|week|day)|\s?(?:years?|months?|weeks?|days?|yrs?|y|th|st|nd|rd)\b)"
    + TIMES + r"[ \t]*(?P<unit>" + UNIT + r")?(?![\w])"
    r"(?P<flag>[ \t]*(?:\(\s*(?:H|L|high|low|elevated|raised|normal)"
    r"(?:\s+for (?:his |her )?age)?\s*[);,]|\b(?:HH|LL|H|L|high|low)\b(?!-)|"
    r"[↑↓]+|\*))?"
)  # fmt: skip
_UNITLESS_END = re.compile(
    r"[ \t]*(?:$|[,.;)(\]\n|→]|->|[x×]\s?10|[ \t]{2}|(?:and|fasting|resting|venous|"
    r"on|at|with|today|now|but|which|from|then|after|before|the|"
    r"in (?:the|\d{4}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*|"
    r"A&E|ED|ER|casualty|resus|clinic|hospital|theatre|ICU|PICU|NICU|ITU)|"
    r"per|reg|regular|sinus)\b|[ \t](?!(?:in|of|on|at|for|to|by|x|times|days?|weeks?|months?|"
    r"years?|ml|mg|out|age|aged)\b)[A-Za-z][A-Za-z0-9+-]{0,9}(?: [a-z]{3,11})?[ :]{1,2}(?:[<>↑↓+-]?\d|"
    r"undetect\w+|absent|nil\b|"
    r"low\b|high\b))"
)
"""What may follow a value that has no unit, another value among it ("Na 127 K 2.5").

Otherwise the number counts something else: "calcium 12 in all".
"""
_RANGE = re.compile(
    r"[ \t]*[,;]?(?:[ \t]*|\s+(?=[(\[]))[(\[]?[ \t]*(?:(?:reference|ref|nor(?:-\n[ \t]*)?mal|norm|normals|range|"
    r"interval|"
    r"values?|limits?|nl|NR|RR|N|n\.?v\.?|laboratory|lab|for|age|is|are|being|of|upper|"
    r"limit|ULN)\b\.?[ \t]*[:=,]?[ \t]*){0,5}"
    r"(?:(?P<low>" + NUMBER + r")[ \t]*(?:" + UNIT + r")?[ \t]*(?:-|–|—|to)[ \t]*(?P<high>" + NUMBER + r")"
    r"|(?P<bound>[<>≤≥]|(?:below|under|up to|less than|above|over|at least|more than)\b)[ \t]*"
    r"(?P<limit>" + NUMBER + r"))"
)  # fmt: skip
_BELOW = frozenset(("<", "≤", "below", "under", "up to", "less than"))
_UPPER = re.compile(
    r"[ \t]*[,;]?[ \t]*[(\[]?[ \t]*(?:upper (?:normal limit|limit(?: of normal)?)|normal upper limit|ULN|UNL)"
    r"[ \t]*(?:[(\[]\w+[)\]])?[ \t]*[:=,]?[ \t]*(?P<limit>" + NUMBER + r")"
)  # fmt: skip
_NORMALLY_NONE = re.compile(
    r"[ \t]*[(\[][ \t]*(?:normally|normal|ref|reference|range)?[ :.,=]*"
    r"(?:undetectable|not detect(?:ed|able)|nil|none|absent)\b",
    re.I,
)
"""A range that is nothing at all: "succinylacetone 12 mmol/mol (undetectable)"."""
_TIMES_NORMAL = re.compile(
    r"(?:\s?\([^()\n]{1,25}\))?"
    rf"(?:{_FILLER}|[:=,~> \t]){{0,8}}(?:(?P<times>{NUMBER})[ \t]?(?:[x×*]|times|-?fold)|twice|double|"
    r"three times|several times)[ \t]*(?:the |above )?(?:upper (?:limit|end)"
    r"(?: of (?:the )?(?:normal|reference)(?: range)?)?|ULN|uln|normal|elevated|raised|increase)\b"
)
_ARROW_BEFORE = re.compile(r"(?:^|(?<=[\s,;:(/]))[↑↓]+[ \t]*(?:serum |plasma )?$")
_ARROW_BEHIND = re.compile(r"[ \t]*:?[ \t]*([↑↓])")
_SIDES = {
    **dict.fromkeys(("raised", "elevated", "high", "increased"), 1),
    **dict.fromkeys(("low", "reduced", "decreased", "undetectable"), -1),
}
_SAID_BETWEEN = re.compile(
    r"(?<!not )\b(?P<word>raised|elevated|high|increased|low|reduced|decreased)\b(?!\s+(?:to|from|by)\b|[- ]normal)",
    re.IGNORECASE,
)
"""What a note says of a value between its name and itself: "ferritin was elevated at 250"."""
_SAID_ONCE = re.compile(
    r"\b(?:now|today|current\w*|again|back|latest|fell|fallen|down|previous\w*|once|formerly|initially|earlier)\b",
    re.IGNORECASE,
)
"""What was raised once and is as it should be now: "previously raised CK, now 120"."""
_SAID_BEFORE = re.compile(
    r"(?<!not )(?<!no )\b(?P<word>raised|elevated|increased|high|low|reduced|decreased)\s+"
    r"(?:(?:serum|plasma|fasting|total|levels? of|concentrations? of)\s+){0,2}$",
    re.IGNORECASE,
)
_SAID_BEHIND = re.compile(
    r"[ \t]*(?:level|levels|concentration|count)?[ \t]*(?::|=|-|–|was|were|is|are|(?:has|have) been|remains?|"
    r"remained|"
    r"came back|returned)?[ \t]*(?:also|both|all|slightly|mildly|markedly|grossly|very|persistently|significantly|"
    r"moderately)?[ \t]*"
    r"(?P<word>raised|elevated|high|increased|low|reduced|decreased|undetectable)\b(?!\s*(?:-|risk|dose|normal|"
    r"output))",
    re.IGNORECASE,
)
_SLASHED = re.compile(
    rf"[ \t|]*[:=]?[ \t]*(?P<values>(?:{NUMBER})(?:[ \t]?/[ \t]?(?:{NUMBER}))+)(?![\w/])[ \t]*(?P<unit>{UNIT})?"
    r"(?:[ \t]*\(?(?P<flag>H|L|high|low|raised|elevated|↑+|↓+)\)?(?![\w]))?"
)
_SECOND = re.compile(
    r"(?:[^\W\d_]/|\b(?:calcium|Ca|oxalate|citrate|phosphate|magnesium|Mg|urate|protein|albumin|GAGs?|copper|"
    r"acids?):)$"
)
"""Before the second half of a ratio: "urine oxalate:creatinine"."""
_JOIN = re.compile(r"[ \t]*(?:,|/|&|\band\b)[ \t]*(?:and[ \t]+)?(?:serum |plasma )?")
_PREDICTED = re.compile(rf"[ \t]*(?:litres?|liters?|L|l)?[ \t]*[,(][ \t]*(?P<percent>{NUMBER})[ \t]?%")
_OF_PREDICTED = re.compile(
    rf"\s*(?:litres?|liters?|L|l)?\s*[,(]?\s*(?:pred(?:icted)?|expected|normal for (?:her|him|"
    rf"age))\b\.?\s*[:=]?\s*(?P<of>{NUMBER})"
)
"""Behind litres, those that are predicted: "VC 1.4 L (pred 3.6)"."""
_IN_A_LIST = 5
"""Names that may share a word behind the last."""
_SLASHES = 5
_OTHER_FLUID = re.compile(
    r"(?:(?P<fluid>urine|urinary|CSF|cerebrospinal|stool|fecal|faecal|pleural|ascitic|cord|glycated|fetal|sweat|"
    r"synovial|joint)[ \t](?:\w+[ \t])?|"
    r"\b(?P<sample>MSU|CSU|BAL|(?:knee|joint|hip|ankle|elbow|pleural|ascitic)\s(?:asp\w*|tap|fluid))"
    r"[ :]{1,3})$",
    re.I,
)
_EXCRETED = re.compile(
    r"\b(?:(?:fractional )?(?:excretion|reabsorption)|clearance)(?: of)?(?: urinary)?\s+$|\bFE[- ]$", re.IGNORECASE
)
"""Before what is excreted, of which the figure is no level: "fractional excretion of urate 3.1%"."""
_FLUID_LINE = re.compile(
    r"(?:(?P<fluid>CSF|LP|urine|sweat|cerebrospinal fluid|stool|MSU|BAL|joint fluid|synovial fluid|pleural fluid|"
    r"ascites)\s*(?:(?:organic|amino) acids?|metabolic screen|metabolites|screen|biochemistry)?"
    r"\s*(?:\([^()\n]*\))?\s*[:–-](?:[^.;\n]|\.(?=\d))*|"
    r"\b(?P<listed>CSF|LP|MSU|stool|urine)\s(?:[^\W\d][\w ]{0,15}[ "
    r"<>]+\d[\d.]*(?:\s?[\w/]+)?(?:\s?\([^()\n]{1,25}\))?,\s)+)$",
    re.I,
)
"""What is headed by another fluid: "CSF: glucose 1.9, protein 0.3", "CSF protein 0.98, WCC 1"."""
_FLUID_PARTS = (
    *("csf", "csu", "msu", "bal", "lp", "urin", "sweat", "cerebro", "stool", "fluid", "ascit", "fecal", "faecal"),
    *("pleur", "cord", "glycated", "fetal", "synov", "joint", " asp", " tap"),
)
"""One of these is before a value of another fluid."""
_FLUIDS = {"urinary": "urine", "lp": "CSF", "csf": "CSF", "cerebrospinal fluid": "CSF", "cerebrospinal": "CSF"}
"""Fluids by other names than those of the table."""
_FLUID_HEADING = re.compile(
    r"[#*\s]*(?:table\s*\d{0,2}[.:)]?\s*)?(?:24[- ]?h(?:our|r)?s?\s*)?"
    r"(?P<fluid>urine|urinary|CSF|cerebrospinal|sweat|stool|faecal|fecal|pleural|ascitic)\b",
    re.I,
)
_FLUID_BEHIND = re.compile(
    r",? in(?: the| his| her)? (?:urine|CSF|cerebrospinal fluid|spinal fluid)\b| ?\((?:urine|CSF)\)|, urine\b",
    re.I,
)
_OF_BLOOD = re.compile(r"(?:blood|serum|plasma)\b", re.I)
"""A name that tells that it is of blood, whatever stands before it."""
_PER_CREATININE = re.compile(
    rf"[^\n;,.\d]{{0,30}}(?:{NUMBER})(?:[ \t|]*\(?[HL↑↓]\)?)?[ \t|]*"
    r"(?:[mµμunp]?(?:mol|g)\s?/\s?(?:m?mol|24 ?h(?:rs?)?|day|d)\b|[mµμunp]?(?:mol|g)\s?/\s?m?g\s(?:creat|Cr))"
)
"""A value in mg/mmol, umol/mmol, per gram of creatinine or a day: nothing else than urine is given so."""
_AMERICAN = rare(r"\bmg/dL\b|\bg/dL\b|\bBUN\b|\bHgb\b|\bH/H\b|\bK/uL\b")
_INTERNATIONAL = re.compile(r"\b[mµμu]mol/L\b|\bg/L\b", re.IGNORECASE)
"""Words of notes whose values are in the units of the US, and units that are not theirs."""
_COLUMNS = re.compile(r"\S(?:[ ]{2,}|[ ]?\t|[ ]*\|[ ]*)\S")
_ROW_OF = re.compile(r"[^\n\t|]{1,40}?(?:[ ]{2,}|\t|\|)")
_ROWS = 30
"""Rows above in which the heading of a table is looked for."""


def values(text: str) -> Iterator[Hit]:
    """Findings that values speak for or against."""
    done = 0
    adult, american = grown_up(text), bool(_AMERICAN.search(text) and not _INTERNATIONAL.search(text))
    for word in may_name_analytes(text):
        named = analyte_at(text, word) if word.start() >= done else None
        if named is None:
            continue
        analyte, start, end = named
        if _EXCRETED.search(text, max(0, start - 30), start):
            done = end
            continue
        if adult:
            analyte = analyte.of_grown_ups()
        if american:
            analyte = analyte.in_conventional_units()
        behind = _FLUID_BEHIND.match(text, end)
        fluid = _of_table(text, start) or other_fluid(text, start) or _fluid_of_unit(text, start, end, behind)
        if fluid and not _OF_BLOOD.match(text, start):
            of_fluid = analyte_named(f"{fluid} {text[start:end]}") or (analyte if analyte.fluid else None)
            if of_fluid is None:
                done = end
                continue
            analyte, end = of_fluid, behind.end() if behind else end
        row = judged_row(text, start, end, analyte)
        if row is not None:
            hits, end = row
            yield from hits
        elif slashed := _slash_list(text, start, end, analyte):
            hits, end = slashed
            yield from hits
        elif _SECOND.search(text, max(0, start - 20), start):
            # the second half of a ratio that is in no table, or one of a list: "LH/FSH low"
            judged = _worded(text, end)
            if judged and (term := analyte.term(judged[0])):
                yield Hit(term, start, judged[1], "value", measured=True)
        else:
            judged = _judged(text, start, end, analyte) or _arrowed(text, start, end, done) or _worded(text, end)
            if judged:
                side, end = judged
                if term := analyte.term(side):
                    yield Hit(term, start, end, "value", side == 0, measured=True)
        done = end


def other_fluid(text: str, start: int) -> str:
    """The fluid that stands before a name or heads its line: "urine calcium", "24 h urine: oxalate"; empty: none."""
    near = text[max(0, start - 80) : start].lower()
    if not any(part in near for part in _FLUID_PARTS):
        return owning_fluid(text, start)
    match = _OTHER_FLUID.search(text, max(0, start - 25), start) or _FLUID_LINE.search(text, max(0, start - 80), start)
    fluid = next((said.lower() for said in match.groups() if said), "") if match else ""
    return _FLUIDS.get(fluid, fluid) or owning_fluid(text, start)


def _fluid_of_unit(text: str, start: int, end: int, behind: re.Match[str] | None) -> str:
    """Urine, where that stands behind a name ("methylmalonate (urine)") or the value is per creatinine; or empty."""
    if behind:
        return "urine" if "urine" in behind[0].lower() else "CSF"
    return "urine" if _PER_CREATININE.match(text, end) and analyte_named(f"urine {text[start:end]}") else ""


def _of_table(text: str, start: int) -> str:
    """The fluid of a table that a row stands in, by the heading above: "Urine amino acids"; empty: blood."""
    begin = text.rfind("\n", 0, start) + 1
    if text[begin:start].strip(" \t|*•-") or not _ROW_OF.match(text, start):
        return ""
    for _ in range(_ROWS):
        if not begin:
            return ""
        end = begin - 1
        begin = text.rfind("\n", 0, end) + 1
        line = text[begin:end].strip()
        if not line:
            return ""
        if not _COLUMNS.search(line):
            heading = _FLUID_HEADING.match(line)
            return heading["fluid"].lower().replace("urinary", "urine") if heading else ""
    return ""


def _judged(text: str, start: int, at: int, analyte: Analyte) -> tuple[int, int] | None:
    """Below (-1), in (0) or above (1) the range, and where what says so ends."""
    if times := _TIMES_NORMAL.match(text, at):
        return 1, times.end()
    match = _VALUE.match(text, at)
    if match is None:
        return None
    percent = (
        _PREDICTED.match(text, match.end()) if "%" in analyte.units and match["unit"] in (None, "L", "l") else None
    )
    if percent:  # "FEV1 1.02 L (44%)"
        side = analyte.by_unit(number(percent["percent"]), "%")
        return None if side is None else (side, percent.end())
    value = number(match["value"])
    whole = (
        _OF_PREDICTED.match(text, match.end()) if "%" in analyte.units and match["unit"] in (None, "L", "l") else None
    )
    if whole and number(whole["of"]) > 0:
        side = analyte.by_unit(100 * value / number(whole["of"]), "%")
        return None if side is None else (side, whole.end())
    unit = match["unit"] or _unit_before(text, at, match.start("value"))
    behind = _RANGE.match(text, match.end())
    if behind and (behind["bound"] or number(behind["low"]) < number(behind["high"])):
        return _against(value, behind), behind.end()
    if analyte.knows(match["unit"]) and (upper := _UPPER.match(text, match.end())):
        return int(value > number(upper["limit"])), upper.end()
    if _NORMALLY_NONE.match(text, match.end()):
        return int(value > 0), match.end()
    flag = (match["flag"] or "").strip(" \t();,").upper().partition(" FOR ")[0]
    if "↑" in match["mark"] or flag in HIGH:
        return 1, match.end()
    if "↓" in match["mark"] or flag in LOW:
        return -1, match.end()
    if flag in NORMAL:
        return 0, match.end()
    if unit is None and not match["power"] and not (analyte.bare or _UNITLESS_END.match(text, match.end())):
        return None
    side = analyte.by_unit(value, unit, match["power"])
    if side == 0:
        side = _said_side(text, start, at, match.start("value"))
    return None if side is None else (side, match.end("unit") if match["unit"] else match.end("value"))


def _unit_before(text: str, at: int, value: int) -> str | None:
    """The unit in brackets between a name and its value: "Ferritin (ng/ml) 14,300"."""
    match = UNIT_BEFORE.match(text, at, value) if "(" in text[at:value] else None
    return match["unit"] if match else None


def _said_side(text: str, start: int, at: int, value: int) -> int:
    """What the note itself calls a value that the usual range has for normal: its laboratory's range may be another."""
    said = _SAID_BETWEEN.search(text, at, value) or _SAID_BEFORE.search(text, max(0, start - 40), start)
    if said and (
        _SAID_ONCE.search(text, at, value) or _SAID_ONCE.search(text, max(0, said.start() - 20), said.start())
    ):
        return 0
    return _SIDES[said["word"].lower()] if said else 0


def _against(value: float, behind: re.Match[str]) -> int:
    if behind["bound"]:
        limit = number(behind["limit"])
        if behind["bound"] in _BELOW:
            return int(value > limit)
        return -int(value < limit)
    low, high = number(behind["low"]), number(behind["high"])
    return -1 if value < low else int(value > high)


def _arrowed(text: str, start: int, end: int, done: int) -> tuple[int, int] | None:
    before = _ARROW_BEFORE.search(text, max(0, start - 12, done), start)
    if before:
        return (1 if "↑" in before[0] else -1), end
    behind = _ARROW_BEHIND.match(text, end)
    return ((1 if behind[1] == "↑" else -1), behind.end()) if behind else None


def _worded(text: str, end: int) -> tuple[int, int] | None:
    """A name with a word behind it: "urinary copper raised"; "LH" of "LH and FSH were raised"."""
    at, said = end, ""
    for _ in range(_IN_A_LIST):
        join = _JOIN.match(text, at)
        word = WORD.match(text, join.end()) if join else None
        named = analyte_at(text, word) if word else None
        if named is None:
            break
        at, said = named[2], join[0] if join else ""
    match = _SAID_BEHIND.match(text, at)
    if match is None or (at > end and said.strip() == ","):
        return None
    return _SIDES[match["word"].lower()], end if at > end else match.end()


def _slash_list(text: str, start: int, end: int, first: Analyte) -> tuple[list[Hit], int] | None:
    """Names and values in the same order between slashes: "Na/K 128/3.1", "ALT/AST 312/408 U/L"."""
    names = [(first, start, end)]
    at = end
    while len(names) <= _SLASHES and (text[at : at + 1] == "/" or text[at : at + 3] == " / "):
        at += 1 if text[at] == "/" else 3
        word = WORD.match(text, at)
        named = analyte_at(text, word) if word else None
        if named is None:
            return None
        names.append(named)
        at = named[2]
    match = _SLASHED.match(text, at) if len(names) > 1 else None
    if match is None:
        return None
    said = [number(value) for value in re.split(r"[ \t]?/[ \t]?", match["values"])]
    if len(said) != len(names):
        return None
    flag = (match["flag"] or "").upper()
    hits = []
    for (analyte, begin, stop), value in zip(names, said, strict=True):
        side = 1 if flag in HIGH else -1 if flag in LOW else analyte.by_unit(value, match["unit"])
        if side is not None and (term := analyte.term(side)):
            hits.append(Hit(term, begin, stop, "value", side == 0, measured=True))
    return hits, match.end()
