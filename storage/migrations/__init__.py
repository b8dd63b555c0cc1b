"""Steps that bring the tables up to date; `make migration` makes each from `storage/models`; none is edited after."""
