"""model: frozen values, no behaviour beyond themselves."""
