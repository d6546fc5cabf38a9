"""The use cases: plain functions of a Context and ids that return frozen results. No Prefect, no screen."""
