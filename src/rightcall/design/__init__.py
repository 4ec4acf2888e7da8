"""What pages are made of: one sheet of styles, one frame, parts, plots, tongues. It knows no room and no route.

`sheets` makes pages from templates, `answers` sends them with the headers that keep them safe, `tongues` has the words of each
language, `plots` draws. Each face brings its own templates. `docs/reference/design.md` shows the parts.
"""
