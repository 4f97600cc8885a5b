"""Tune and check Apache httpd."""

__version__ = "0.1.0"
