"""What in a text is about a person: `rules.detect`, text in, findings out, without a disk or a database. A finding says where
something lies, what it is and why we think so; never the value."""
