"""Whether a hub could start with these settings on this machine; `felhom-hub check` shows it. Nothing is changed."""
