"""The kinds of sources that are scanned, one folder each, behind `discovery.ports.System`; `formats` is what their files are
read with."""
