"""The commands of `mechtrail`, one module a family. Each parses, calls the library and prints."""
