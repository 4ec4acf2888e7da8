"""What data about people lies where: detectors (`detection`), what a source gives to be looked at (`parts`), what every kind of
source can do (`ports`), and the scan of one.

A finding says where something lies, what it is and why we think so; never the value. The kinds of sources themselves (folders,
databases, buckets) are adapters and yield parts.
"""
