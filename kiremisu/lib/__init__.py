"""The floor of the house: small things everyone may use. Imports nothing of ours."""
