"""Lines of the answer: families fold, and lines stand in the order of what their members have together."""

from raredxr1.diagnose.lines import Named, lines_of, shared_name
from raredxr1.knowledge import load

WORDS = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa")


def test_numbered_subtypes_fold_into_one_line_that_keeps_its_place() -> None:
    lines = lines_of(
        [
            Named("Fabry disease", "OMIM:301500", 0.3),
            Named("Bardet-Biedl syndrome 4", "OMIM:615982", 0.2),
            Named("Alstrom syndrome", "OMIM:203800", 0.15),
            Named("Bardet-Biedl syndrome 10", "OMIM:615987", 0.1),
        ]
    )
    assert [line.name for line in lines] == ["Fabry disease", "Bardet-Biedl syndrome", "Alstrom syndrome"]
    assert [(m.rank, m.id) for m in lines[1].members] == [(2, "OMIM:615982"), (4, "OMIM:615987")]
    assert lines[1].confidence == 0.3


def test_a_family_that_is_likelier_than_any_single_disease_stands_first() -> None:
    ranking = [("Fabry disease", 0.3), ("Joubert syndrome 2", 0.2), ("Joubert syndrome 7", 0.15), ("Cystinuria", 0.05)]
    lines = lines_of([*(Named(name, None, sure) for name, sure in ranking), Named("Gastroschisis", None)])
    assert [line.name for line in lines] == ["Joubert syndrome", "Fabry disease", "Cystinuria", "Gastroschisis"]
    assert [member.rank for member in lines[0].members] == [2, 3]


def test_diseases_beyond_the_tenth_fill_the_lines_that_folding_frees() -> None:
    ranking = [Named(f"Joubert syndrome {number}", None) for number in range(1, 11)]
    ranking += [Named(f"{word} disease", None) for word in WORDS]
    lines = lines_of(ranking)
    assert len(lines) == 10
    assert lines[0].name == "Joubert syndrome"
    assert len(lines[0].members) == 10
    assert [line.members[0].rank for line in lines[1:]] == list(range(11, 20))
    assert lines[0].confidence is None


def test_a_number_that_names_the_disease_folds_nothing() -> None:
    lines = lines_of([Named("Trisomy 13", None), Named("Trisomy 18", None), Named("Factor V deficiency", None)])
    assert [line.name for line in lines] == ["Trisomy 13", "Trisomy 18", "Factor V deficiency"]


def test_a_family_of_one_word_is_called_by_it_and_not_by_its_first_member() -> None:
    numbers = ("type 7", "type 2", "type 6")
    (line,) = lines_of([Named(f"Mucopolysaccharidosis {number}", None, 0.2) for number in numbers])
    assert line.name == "Mucopolysaccharidosis"
    numbered = [Named(f"Congenital disorder of glycosylation type {number}", None) for number in (1, 2)]
    assert [line.name for line in lines_of(numbered)] == ["Congenital disorder of glycosylation"]


def test_forms_of_a_disease_fold_into_it() -> None:
    names = ["Krabbe disease", "Krabbe disease, late-infantile/juvenile form", "Renal agenesis, unilateral"]
    names += ["Renal agenesis, bilateral", "Krabbe disease, adult form"]
    lines = lines_of([Named(name, None) for name in names])
    assert [line.name for line in lines] == ["Krabbe disease", "Renal agenesis"]
    assert [member.rank for member in lines[0].members] == [1, 2, 5]


def test_subtypes_by_the_hierarchy_fold_into_their_disease_and_add_up() -> None:
    kb = load()
    ids = {"Wolman disease": "ORPHA:75233", "Fabry disease": "OMIM:301500"}
    ids |= {"Lysosomal acid lipase deficiency": "ORPHA:275761", "Cholesteryl ester storage disease": "ORPHA:75234"}
    lines = lines_of([Named(name, i, 0.2) for name, i in ids.items()], kb)
    assert [line.name for line in lines] == ["Lysosomal acid lipase deficiency", "Fabry disease"]
    assert ([member.rank for member in lines[0].members], lines[0].confidence) == ([1, 3, 4], 0.6)


def test_a_subtype_alone_keeps_its_name_and_one_within_a_series_stands_on_the_line_of_the_series() -> None:
    kb = load()
    names = [("Wolman disease", "ORPHA:75233"), ("Hurler syndrome", "ORPHA:93473")]
    names += [("Mucopolysaccharidosis type 2", "ORPHA:580")]
    lines = lines_of([Named(name, i) for name, i in names], kb)
    assert [line.name for line in lines] == ["Wolman disease", "Mucopolysaccharidosis"]


def test_forms_of_a_disease_by_their_cause_fold_into_it() -> None:
    kb = load()
    ids = ("ORPHA:739", "ORPHA:177901", "ORPHA:98793", "ORPHA:72")
    named = [Named(kb.disease_names[disease], i) for i in ids if (disease := kb.disease(i)) is not None]
    lines = lines_of(named, kb)
    assert [line.name for line in lines] == ["Prader-Willi syndrome", "Angelman syndrome"]
    assert [member.id for member in lines[0].members] == list(ids[:3])


def test_names_that_share_no_more_than_a_type_keep_the_first() -> None:
    assert shared_name(["Type 2 diabetes mellitus", "Type 1 diabetes mellitus"]) == "Type 2 diabetes mellitus"
    assert shared_name(["Diabetes mellitus", "Type 1 diabetes mellitus"]) == "Diabetes mellitus"


def test_families_that_would_be_shown_under_one_name_are_one_line_and_others_fill_up() -> None:
    kb, marie = load(), ("OMIM:118220", "OMIM:601098", "OMIM:613287", "OMIM:614436", "OMIM:606483")
    ranking = [Named(kb.disease_names[kb.disease(one) or 0], one, 0.1) for one in marie]
    ranking += [Named(f"{word} disease", None, 0.01) for word in WORDS]
    lines = lines_of(ranking, kb)
    assert [line.name for line in lines].count("Charcot-Marie-Tooth disease") == 1
    assert len(lines[0].members) == len(marie) and lines[0].confidence == 0.5
    assert len(lines) == 10
