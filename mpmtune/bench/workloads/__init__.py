"""The workloads of a bench: one file each, with one value, ``WORKLOAD``."""
