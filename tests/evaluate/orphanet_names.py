"""Other names of some diseases, as an Orphanet file would bring them; written by hand from general knowledge."""

import json
from pathlib import Path

SYNONYMS: dict[tuple[str, str], list[str]] = {
    ("ORPHA:273", "Steinert myotonic dystrophy"): ["Myotonic dystrophy type 1", "Steinert disease", "DM1"],
    ("ORPHA:774", "Hereditary hemorrhagic telangiectasia"): ["Rendu-Osler-Weber disease", "Osler-Weber-Rendu disease"],
    ("ORPHA:365", "Glycogen storage disease due to acid maltase deficiency"): [
        "Pompe disease", "Glycogen storage disease type 2", "Acid alpha-glucosidase deficiency",
    ],
    ("ORPHA:586", "Cystic fibrosis"): ["Mucoviscidosis"],
    ("ORPHA:870", "Down syndrome"): ["Trisomy 21"],
    ("ORPHA:3380", "Trisomy 18"): ["Edwards syndrome"],
    ("ORPHA:3378", "Trisomy 13"): ["Patau syndrome"],
    ("ORPHA:567", "22q11.2 deletion syndrome"): [
        "DiGeorge syndrome", "Velocardiofacial syndrome", "Shprintzen syndrome",
    ],
    ("ORPHA:803", "Amyotrophic lateral sclerosis"): ["Lou Gehrig disease", "Charcot disease"],
    ("ORPHA:481", "Kennedy disease"): ["Spinal and bulbar muscular atrophy"],
    ("ORPHA:83330", "Proximal spinal muscular atrophy type 1"): ["Werdnig-Hoffmann disease"],
    ("ORPHA:83419", "Proximal spinal muscular atrophy type 3"): ["Kugelberg-Welander disease"],
    ("ORPHA:47", "X-linked agammaglobulinemia"): ["Bruton agammaglobulinemia"],
    ("ORPHA:580", "Mucopolysaccharidosis type 2"): ["Hunter syndrome", "Iduronate 2-sulfatase deficiency"],
    ("ORPHA:93473", "Hurler syndrome"): ["Mucopolysaccharidosis type 1H"],
    ("ORPHA:79269", "Sanfilippo syndrome type A"): ["Mucopolysaccharidosis type 3A"],
    ("ORPHA:583", "Mucopolysaccharidosis type 6"): ["Maroteaux-Lamy syndrome"],
    ("ORPHA:368", "Glycogen storage disease due to muscle glycogen phosphorylase deficiency"): [
        "McArdle disease", "Glycogen storage disease type 5",
    ],
    ("ORPHA:905", "Wilson disease"): ["Hepatolenticular degeneration"],
    ("ORPHA:355", "Gaucher disease"): ["Acid beta-glucosidase deficiency", "Glucocerebrosidase deficiency"],
    ("ORPHA:324", "Fabry disease"): ["Alpha-galactosidase A deficiency", "Anderson-Fabry disease"],
    ("ORPHA:487", "Krabbe disease"): ["Globoid cell leukodystrophy"],
    ("ORPHA:716", "Phenylketonuria"): ["PKU"],
    ("ORPHA:511", "Maple syrup urine disease"): ["Branched-chain ketoaciduria"],
    ("ORPHA:740", "Hutchinson-Gilford progeria syndrome"): ["Progeria"],
    ("ORPHA:117", "Behçet disease"): ["Adamantiades-Behçet disease"],
    ("ORPHA:96253", "Cushing disease"): ["Pituitary-dependent Cushing syndrome"],
    ("ORPHA:550", "MELAS"): ["Mitochondrial myopathy, encephalopathy, lactic acidosis and stroke-like episodes"],
    ("ORPHA:524", "Li-Fraumeni syndrome"): ["SBLA syndrome"],
    ("ORPHA:773", "Refsum disease"): ["Heredopathia atactica polyneuritiformis"],
    ("ORPHA:892", "Von Hippel-Lindau disease"): [
        "Von Hippel-Lindau syndrome", "Familial cerebelloretinal angiomatosis",
    ],
    ("ORPHA:805", "Tuberous sclerosis complex"): ["Bourneville syndrome"],
    ("ORPHA:636", "Neurofibromatosis type 1"): ["Von Recklinghausen disease"],
    ("ORPHA:558", "Marfan syndrome"): ["MFS"],
    ("ORPHA:506", "Leigh syndrome"): ["Subacute necrotizing encephalomyelopathy"],
}  # fmt: skip
OMIM = {
    "ORPHA:273": [["OMIM:160900", "E"]],
    "ORPHA:365": [["OMIM:232300", "E"]],
    "ORPHA:368": [["OMIM:232600", "E"]],
    "ORPHA:550": [["OMIM:540000", "E"]],
    "ORPHA:567": [["OMIM:188400", "BTNT"], ["OMIM:192430", "BTNT"]],
}
GROUPS = {
    "ORPHA:900001": "Test group of storage diseases",
    "ORPHA:900002": "Test group of everything",
}
IN_SMALL_GROUP = ["ORPHA:355", "ORPHA:324", "ORPHA:487"]


def write_orphapacket(path: Path) -> Path:
    """Write the names, and two groups above three and above all of the diseases."""
    entries = [
        {
            "id": i,
            "label": label,
            "type": "Disease",
            "synonyms": synonyms,
            "omim": OMIM.get(i, []),
            "parents": [*(["ORPHA:900001"] if i in IN_SMALL_GROUP else []), "ORPHA:900002"],
        }
        for (i, label), synonyms in SYNONYMS.items()
    ]
    entries += [{"id": i, "label": label, "type": "Category"} for i, label in GROUPS.items()]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    return path
