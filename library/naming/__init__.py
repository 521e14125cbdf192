"""Rules by which people say how the names of a library's files are to be read.

What a name tells is read by a library's rules (`rules`, pure; `standing` fetches them) wherever it
is read at all. What changes with a rule is told before (`weighing`), and done (`settling`).
"""
