"""A bucket of an S3-compatible service as a system: `Bucket`."""
