"""A part of the corpora about the ways in which telephone numbers and accounts are told, written and mended in calls, chats,
notes and forms of five languages, and about illness, unions, children and origin in the words of everyday, many of them
compounds. Its texts were written, and measured, before any rule was made on them."""
