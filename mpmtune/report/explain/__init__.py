"""explain: what mpmtune can tell of an MPM, a directive, a message, a module; plain ASCII."""
