"""A part of the corpora about telephones as Danes and speakers of English write and say them, beside orders, sums, meters and
hours. Its texts were written, and measured, before any rule was made on them."""
