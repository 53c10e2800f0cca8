"""Acting on answers: photos into class folders, keywords beside them; journalled before it happens, and undone whole.

``planning.plan_filing`` looks and touches nothing; ``execute.execute`` does what a plan says, with a line in a journal
on disk before each action; ``execute.continue_filing`` goes on after a crash; ``undo.undo`` brings the exact tree back;
``journals.journals`` lists what was filed.
"""
