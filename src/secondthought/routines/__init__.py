"""Routines: help-centre policies that a program can check, run and audit.

    from secondthought.routines.parse import parse
    from secondthought.routines.validate.check import check

    routine = parse(text)
    for finding in check(routine):
        print(finding)

Everything but `convert` and the guided and soft modes of `run` works without a language model.
"""
