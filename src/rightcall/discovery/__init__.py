"""What data about people lies where: detectors that read text, and the scan of a folder or file.

`rules.detect` is the whole of it without a disk: text in, findings out. `scanning.scan` walks a source, reads each object in
windows and asks it. A finding says where something lies, what it is and why we think so; never the value. Other kinds of sources
(databases, documents, speech) are readers beside `folders` and `reading`, and yield windows of text too.
"""
