"""What the parts of the corpora share that are made of whole texts: values, how they are said, and the writing of a text. Each
part brings texts, names, ways of talking and kinds of values of its own."""
