"""Steps that bring the tables up to date; each is made by `make migration` from `storage/models.py` and never edited after."""
