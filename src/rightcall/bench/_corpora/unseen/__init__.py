"""The part of the corpora that judges: written by somebody who had read neither the rules, nor their word lists, nor their tests.
Rules are never made on it: not on its texts, and not on what of them is missed, by sort or otherwise. Its figures are read, and
nothing else. Whoever has read its texts writes no rules; before a rule is made on it, another part is written to judge."""
