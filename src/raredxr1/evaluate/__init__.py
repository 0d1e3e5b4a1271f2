"""How well it does: one matcher, metrics with intervals, peers in the same harness, paired comparison, reports.

`matcher` leans on nothing below `knowledge`, because training rewards and accepts by it; `systems` looks down to
`diagnose`, so that what is measured is what is served. Nothing in training imports the rest.
"""
