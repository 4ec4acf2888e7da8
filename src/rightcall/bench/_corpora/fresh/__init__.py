"""A third part of the corpora, written apart from the other two by somebody who had read neither the rules nor those parts, and
committed before anything was measured on it. It judged the rules for a while, by type and language, its texts unread. Now rules
may be made on it; the unseen part judges.
"""
