"""A small part of the corpora in the kinds of `asides`, in English, Danish and Swedish, written once rules had been made on that
one, and measured before any was made on this: it says how far they carry."""
