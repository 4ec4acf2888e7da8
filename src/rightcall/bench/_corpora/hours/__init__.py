"""A part of the corpora about numbers told and written at all hours: telephones, IBANs, accounts and bank codes beside customer
numbers, dates, ids, names and addresses, each text whole, with its values in it, as one person would say or type it, and
many numbers that belong to nobody. Its texts were written, and measured, before any rule was made on them."""
