"""What findings are called by people who do not know the ontology: tables written for this project.

An entry is a line with an HPO id and its label, then lines of wordings, divided by ";", in the notation of
`grammar.py`:

    n, v, c       anyone's words: a noun phrase, a predicate ("tires easily"), or a clause ("the eyes wobble")
    N, V, C       words only a clinician would use
    -n, -v, -c    words that say the patient does not have it

After the label, `~HP:...` names a term: where the patient has something below it, the denial would not be true. A
wording that ends in `#word` says something that must not be said twice in a note, such as when the patient walked.
"""
