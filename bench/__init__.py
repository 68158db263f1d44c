"""Benchmarks: our hand-in and our sender beside the SDKs, each in a process of its own, all on loopback."""
