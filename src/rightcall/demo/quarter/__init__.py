"""A quarter of a year that is made up: whom the demo's company spoke with, what was asked, kept, used, let go, and went wrong.

Everything is done by the rooms' own deeds, or through the API by those who would do it, in the order of its days and on a clock
that is set to them: nothing is written past a rule. The people, their numbers and their words are made up by chance from a seed;
the sound is spoken by espeak-ng. What comes after it in the demo, the four calls, is no part of this and is real.
"""
