"""apply: changes to configuration files, each whole or not at all."""
