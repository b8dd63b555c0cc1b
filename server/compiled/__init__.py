"""The modules that judge each waypoint, as machine code: which, made how, found where (decision 0022)."""
