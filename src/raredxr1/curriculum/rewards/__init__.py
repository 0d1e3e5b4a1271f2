"""The rewards of stage 3: pure functions of one completion, one file each; `scoring.py` names and sums them."""
