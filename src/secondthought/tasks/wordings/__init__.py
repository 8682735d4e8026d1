"""How people ask: the words around a question (`frames`), and one file of wordings a task.

In each file the OWN_ templates are for training and practice. The HELD_OUT_ templates are for
evaluation alone: no own template may make one of them.
"""
