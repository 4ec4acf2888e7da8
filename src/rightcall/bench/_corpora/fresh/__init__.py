"""A third part of the corpora, written apart from the other two by somebody who had read neither the rules nor those parts, and
committed before anything was measured on it. Rules are not tuned on it: its figures may be read, by type and language, its texts
not.
"""
